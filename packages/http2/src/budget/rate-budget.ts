/**
 * How often a peer may do something: so many times at once, and so many times more with each second that passes (a token
 * bucket). It reads no clock: the time is given to it.
 */

/** The size of a {@link RateBudget}. `{ burst: Infinity, perSecond: 0 }` sets no limit. */
export interface RateBudgetSize {
  /** How often in a row. */
  readonly burst: number;
  /** How much of the burst comes back each second. */
  readonly perSecond: number;
}

export class RateBudget {
  readonly #size: RateBudgetSize;
  #left: number;
  #countedMs: number;

  /** A full budget, at the time `nowMs`. */
  constructor(size: RateBudgetSize, nowMs: number) {
    this.#size = size;
    this.#left = size.burst;
    this.#countedMs = nowMs;
  }

  /** Takes one. False when there is none left. Time that seems to run backwards counts as none. */
  spend(nowMs: number): boolean {
    if (nowMs > this.#countedMs) {
      const earned = ((nowMs - this.#countedMs) / 1000) * this.#size.perSecond;
      this.#left = Math.min(this.#size.burst, this.#left + earned);
      this.#countedMs = nowMs;
    }
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  /** Gives one back. */
  refund(): void {
    if (this.#left < this.#size.burst) this.#left = Math.min(this.#size.burst, this.#left + 1);
  }

  /** Makes it full again. */
  refill(): void {
    this.#left = this.#size.burst;
  }
}
