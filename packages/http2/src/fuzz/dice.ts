/** Random choices from one seeded source, so that a seed says everything. */

export class Dice {
  readonly #random: () => number;

  /** `random` gives numbers from 0 (inclusive) to 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** A whole number from 0 to `limit - 1`; 0 when the limit is 0. */
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  octets(count: number): Buffer {
    const octets = Buffer.alloc(count);
    for (let i = 0; i < count; i++) octets[i] = this.below(256);
    return octets;
  }

  /** Mostly small, now and then up to `limit - 1`. */
  small(limit: number): number {
    return this.below(this.below(limit) + 1);
  }
}
