/**
 * Keeps the process alive on behalf of sockets that the operating system knows nothing of, by a timer that has nothing to do.
 *
 * A call in flight has to be waited for, though it may be nothing but a promise: a program that ends at the end of its event loop
 * would end before the answer.
 */

/** The longest period that a timer can have: 24 days. */
const PERIOD_MS = 2 ** 31 - 1;

export class KeepAlive {
  #holders = 0;
  #timer: ReturnType<typeof setInterval> | undefined = undefined;

  /** The process stays alive until each `hold` had its `release`. */
  hold(): void {
    this.#holders += 1;
    if (this.#holders > 1) return;
    // Switching a timer on and off costs less than making one, and a client with one call at a time does it for each call.
    if (this.#timer === undefined) this.#timer = setInterval(() => {}, PERIOD_MS);
    else this.#timer.ref();
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) this.#timer?.unref();
  }
}
