/**
 * Time, as heddle reads it: a monotonic clock and one-shot timers, in one small interface that tests replace by `FakeClock`.
 *
 * It knows nothing of the time of day; a deadline given as a `Date` is turned into a distance from now where the call starts.
 */

/** What `setTimer` gives and `clearTimer` takes. It has no other use. */
export type TimerHandle = object;

/** A source of time. Implementations never call a timer's function from within `setTimer` or `clearTimer`. */
export interface Clock {
  /** Milliseconds since a fixed moment, with fractions. Never goes backwards, and does not follow changes of the wall clock. */
  now(): number;
  /**
   * Calls `fn` once, `delayMs` milliseconds from now or a little later; as soon as possible when the delay is zero or negative.
   * Any length is allowed. The timer does not keep the process alive.
   */
  setTimer(fn: () => void, delayMs: number): TimerHandle;
  /** Stops a timer. Does nothing when it has fired or was stopped before. */
  clearTimer(handle: TimerHandle): void;
}

/** The longest delay that `setTimeout` takes; it fires at once when given more. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** One timer; waits in several stretches when its delay is longer than the platform's timers can be. */
class SystemTimer {
  readonly #fn: () => void;
  #remainingMs: number;
  #timeout: ReturnType<typeof setTimeout>;

  constructor(fn: () => void, delayMs: number) {
    this.#fn = fn;
    this.#remainingMs = delayMs;
    this.#timeout = this.#arm();
  }

  #arm(): ReturnType<typeof setTimeout> {
    const stretchMs = Math.min(this.#remainingMs, MAX_TIMEOUT_MS);
    this.#remainingMs -= stretchMs;
    const timeout = setTimeout(() => this.#expire(), stretchMs);
    timeout.unref?.(); // absent outside of Node, where timers are numbers
    return timeout;
  }

  #expire(): void {
    if (this.#remainingMs > 0) this.#timeout = this.#arm();
    else this.#fn();
  }

  clear(): void {
    clearTimeout(this.#timeout);
  }
}

/** The clock of this process: `performance.now` and `setTimeout`. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer: (fn, delayMs) => new SystemTimer(fn, delayMs),
  clearTimer: (handle) => {
    if (handle instanceof SystemTimer) handle.clear();
  },
};
