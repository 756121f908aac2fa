/** Latencies, and what is said about them. */

export interface LatencySummary {
  readonly calls: number;
  readonly errors: number;
  /** The first thing that went wrong. */
  readonly firstError: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export class Latencies {
  readonly #values: number[] = [];
  #errors = 0;
  #firstError = "";

  /** A failed call has taken its time too. */
  add(ms: number, error?: unknown): void {
    this.#values.push(ms);
    if (error === undefined) return;
    if (this.#errors === 0) this.#firstError = String(error);
    this.#errors += 1;
  }

  summary(): LatencySummary {
    const sorted = Float64Array.from(this.#values).sort();
    return {
      calls: sorted.length,
      errors: this.#errors,
      firstError: this.#firstError,
      p50Ms: percentile(sorted, 50),
      p99Ms: percentile(sorted, 99),
      maxMs: percentile(sorted, 100),
    };
  }
}

/** The smallest of the values that `percent` of them do not exceed (nearest rank); 0 when there are none. */
export function percentile(sorted: Float64Array, percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}
