/**
 * A clock for tests that stands still until it is told to advance.
 *
 * Timers fire within `advance`, in the order of their times, and see the time for which they were set. It does not wait for
 * promises between two timers; a test that needs it advances in steps and awaits in between.
 */
import type { Clock, TimerHandle } from "./clock.js";

interface FakeTimer {
  readonly dueMs: number;
  readonly fn: () => void;
}

/** A {@link Clock} that is advanced by hand. */
export class FakeClock implements Clock {
  #nowMs: number;
  /** By time; among those of one time, by the order in which they were set. */
  readonly #timers: FakeTimer[] = [];

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  setTimer(fn: () => void, delayMs: number): TimerHandle {
    const timer = { dueMs: this.#nowMs + Math.max(delayMs, 0), fn };
    const later = this.#timers.findIndex((other) => other.dueMs > timer.dueMs);
    this.#timers.splice(later < 0 ? this.#timers.length : later, 0, timer);
    return timer;
  }

  clearTimer(handle: TimerHandle): void {
    const index = this.#timers.indexOf(handle as FakeTimer);
    if (index >= 0) this.#timers.splice(index, 1);
  }

  /** The number of timers that have not fired. A test that ends with any has left something behind. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** When the next timer fires, in milliseconds from now; `undefined` when there is none. */
  get nextTimerMs(): number | undefined {
    const next = this.#timers[0];
    return next === undefined ? undefined : next.dueMs - this.#nowMs;
  }

  /**
   * Lets time pass. Each timer that becomes due fires, also such as are set meanwhile. An error that a timer throws is passed on;
   * the time then stands where that timer fired, and the later ones are still set.
   */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`A clock advances by zero or more milliseconds, not by ${ms}.`);
    const endMs = this.#nowMs + ms;
    for (let timer = this.#timers[0]; timer !== undefined && timer.dueMs <= endMs; timer = this.#timers[0]) {
      this.#timers.shift();
      this.#nowMs = timer.dueMs;
      timer.fn();
    }
    this.#nowMs = endMs;
  }
}
