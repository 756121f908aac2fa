/** Choices from one seeded source. */
import { createRandom } from "../../testing/random.js";

export class Dice {
  /** From 0 (inclusive) to 1. */
  readonly random: () => number;

  constructor(seed: number) {
    this.random = createRandom(seed);
  }

  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  /** True in this part of the cases. */
  chance(part: number): boolean {
    return this.random() < part;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.whole(0, choices.length - 1)] as T;
  }

  /** A seed for other dice. */
  seed(): number {
    return this.whole(0, 0x7fff_ffff);
  }
}
