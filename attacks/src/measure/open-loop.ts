/**
 * Makes calls at a steady rate, whether or not those before have ended, and measures each from the moment at which it was meant to
 * begin. So a pause of the victim, or of this process, is in the figures of every call that it delays ("coordinated omission").
 */
import { Latencies, type LatencySummary } from "./latencies.js";

export class OpenLoop {
  readonly #call: () => Promise<unknown>;
  readonly #periodMs: number;
  #latencies = new Latencies();
  #nextMs = 0;
  #timer: NodeJS.Timeout | undefined = undefined;
  readonly #open = new Set<Promise<void>>();

  constructor(ratePerSecond: number, call: () => Promise<unknown>) {
    this.#call = call;
    this.#periodMs = 1000 / ratePerSecond;
  }

  /** The first call is due one period from now. */
  begin(): void {
    this.#latencies = new Latencies();
    this.#nextMs = performance.now() + this.#periodMs;
    this.#wait();
  }

  /** Begins no more calls; gives the summary when all have ended. */
  async end(): Promise<LatencySummary> {
    clearTimeout(this.#timer);
    await Promise.all(this.#open);
    return this.#latencies.summary();
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#tick(), this.#nextMs - performance.now());
  }

  #tick(): void {
    for (const now = performance.now(); this.#nextMs <= now; this.#nextMs += this.#periodMs) {
      const done = this.#measure(this.#nextMs);
      this.#open.add(done);
      void done.then(() => this.#open.delete(done));
    }
    this.#wait();
  }

  async #measure(intendedMs: number): Promise<void> {
    let error: unknown;
    try {
      await this.#call();
    } catch (thrown) {
      error = thrown;
    }
    this.#latencies.add(performance.now() - intendedMs, error);
  }
}
