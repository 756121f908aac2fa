/**
 * How many handlers run for one connection. A caller that gives a call up frees its place among the open calls at once, but the
 * handler goes on until it looks at its signal. Were only open calls counted, a peer that opens and resets them could have any
 * number of handlers running (CVE-2023-44487); so those beyond the limit wait for their turn.
 */

/** Something that waits for its turn. */
export interface InTurn {
  /** It may start. False when it is not wanted any more. */
  onTurn(): boolean;
}

export class HandlerTurns {
  readonly #most: number;
  #running = 0;
  /** In the order in which they came. Made on first need: hardly any connection has one. */
  #waiting: Set<InTurn> | undefined = undefined;
  #isHandingOut = false;
  #onAbandonedEnd: (() => void) | undefined = undefined;

  /** @param most handlers that may run at a time */
  constructor(most: number) {
    this.#most = most;
  }

  /** Takes a turn, or has `onTurn` called when there is one. */
  take(call: InTurn): boolean {
    if (this.#running < this.#most) {
      this.#running += 1;
      return true;
    }
    this.#waiting ??= new Set();
    this.#waiting.add(call);
    return false;
  }

  /** The connection is gone. Gives how many handlers still run; `onEnd` is called as each of them ends. */
  abandon(onEnd: () => void): number {
    this.#onAbandonedEnd = onEnd;
    return this.#running;
  }

  /** One that had its turn has ended. */
  end(): void {
    this.#running -= 1;
    this.#onAbandonedEnd?.();
    if (this.#waiting !== undefined && this.#waiting.size > 0) this.#handOut(this.#waiting);
  }

  /** Forgets one that waits. */
  forget(call: InTurn): void {
    this.#waiting?.delete(call);
  }

  /** A handler may end as soon as it has started, so this is a loop and not a chain of calls. */
  #handOut(waiting: Set<InTurn>): void {
    if (this.#isHandingOut) return;
    this.#isHandingOut = true;
    for (const call of waiting) {
      if (this.#running >= this.#most) break;
      waiting.delete(call);
      this.#running += 1;
      if (!call.onTurn()) this.#running -= 1;
    }
    this.#isHandingOut = false;
  }
}
