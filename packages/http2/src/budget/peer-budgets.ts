/**
 * The budgets for what a peer may do although it is of no use: one for each kind, made when it is first charged, so that an
 * honest connection has none. What each attack has cost others: CVE-2023-44487 (resets), CVE-2025-8671 (resets that the peer
 * provokes), CVE-2019-9512 (PING), 9515 (SETTINGS), 9518 (empty DATA), 9511 (WINDOW_UPDATE) and 9513 (PRIORITY).
 */
import { RateBudget, type RateBudgetSize } from "./rate-budget.js";

/** What is charged. Small integers, in the order of {@link KINDS}. */
export const Charge = { RESET: 0, PING: 1, SETTINGS: 2, EMPTY_DATA: 3, WINDOW_UPDATE: 4, IGNORED: 5 } as const;
export type Charge = (typeof Charge)[keyof typeof Charge];

/** The sizes, by the names of their options. */
export interface PeerBudgetSizes {
  readonly resetBudget: RateBudgetSize;
  readonly pingBudget: RateBudgetSize;
  readonly settingsBudget: RateBudgetSize;
  readonly emptyDataBudget: RateBudgetSize;
  readonly windowUpdateBudget: RateBudgetSize;
  readonly ignoredFrameBudget: RateBudgetSize;
}

interface Kind {
  readonly option: keyof PeerBudgetSizes;
  /** What there was too much of, for the reason that the peer and the log are given. */
  readonly what: string;
  /** Whether useful traffic makes the budget full again: then what was charged went along with some work. */
  readonly refilledByUse: boolean;
}

const KINDS: readonly Kind[] = [
  { option: "resetBudget", what: "streams that were reset before they were answered", refilledByUse: false },
  { option: "pingBudget", what: "PING frames with no call in between", refilledByUse: true },
  { option: "settingsBudget", what: "SETTINGS frames", refilledByUse: false },
  { option: "emptyDataBudget", what: "DATA frames that carry nothing", refilledByUse: true },
  { option: "windowUpdateBudget", what: "WINDOW_UPDATE frames with no DATA in between", refilledByUse: true },
  { option: "ignoredFrameBudget", what: "frames that have no meaning here", refilledByUse: true },
];

export class PeerBudgets {
  readonly #sizes: PeerBudgetSizes;
  readonly #budgets: (RateBudget | undefined)[] = [];
  /** The count of useful frames when a budget was last charged. */
  readonly #usesSeen: number[] = [];

  constructor(sizes: PeerBudgetSizes) {
    this.#sizes = sizes;
  }

  /** Charges one. Gives the reason to end the connection, or `undefined`. `uses` is the running count of useful frames. */
  charge(charge: Charge, nowMs: number, uses: number): string | undefined {
    const kind = KINDS[charge] as Kind;
    const size = this.#sizes[kind.option];
    let budget = this.#budgets[charge];
    if (budget === undefined) {
      budget = new RateBudget(size, nowMs);
      this.#budgets[charge] = budget;
    } else if (kind.refilledByUse && this.#usesSeen[charge] !== uses) {
      budget.refill();
    }
    this.#usesSeen[charge] = uses;
    if (budget.spend(nowMs)) return undefined;
    return `too many ${kind.what}: ${size.burst} at once and ${size.perSecond} per second are allowed (${kind.option})`;
  }

  /** Gives one back that was charged before. */
  refund(charge: Charge): void {
    this.#budgets[charge]?.refund();
  }
}
