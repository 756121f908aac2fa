/**
 * The search: makes inputs, new ones or changed ones, and runs a target with them. It keeps those that make something happen for the
 * first time, since what comes after that is most likely to be new as well.
 */
import { createRandom } from "../testing/random.js";
import { Dice } from "./dice.js";
import { withoutDetails } from "./features.js";
import { minimise } from "./minimise.js";
import { mutate } from "./mutate.js";
import type { Target } from "./targets.js";

/** One in so many inputs is made from nothing. */
const NEW_ONE_IN = 5;

/** At most so many inputs are kept; then a new one takes the place of any. */
const MAX_KEPT = 3000;

export interface Failure {
  readonly input: Buffer;
  readonly error: Error;
}

export class Fuzzer {
  readonly #target: Target;
  readonly #dice: Dice;
  readonly #kept: Uint8Array[];
  readonly #features = new Set<string>();

  /** `corpus` is what the first inputs are made of. */
  constructor(target: Target, seed: number, corpus: readonly Uint8Array[]) {
    this.#target = target;
    this.#dice = new Dice(createRandom(seed));
    this.#kept = [...corpus];
  }

  /** How many different things have happened so far. */
  get features(): number {
    return this.#features.size;
  }

  /** An input that was not tried before. */
  next(): Buffer {
    const dice = this.#dice;
    if (this.#kept.length === 0 || dice.oneIn(NEW_ONE_IN)) return this.#target.generate(dice);
    return mutate(dice.pick(this.#kept), dice.pick(this.#kept), this.#target.split, dice);
  }

  /** Runs an input. Gives what went wrong. */
  run(input: Buffer): Failure | undefined {
    const before = this.#features.size;
    const error = errorOf(this.#target, input, (feature) => this.#features.add(feature));
    if (error !== undefined) return { input, error };
    if (this.#features.size > before) this.#keep(input);
    return undefined;
  }

  #keep(input: Buffer): void {
    if (this.#kept.length < MAX_KEPT) this.#kept.push(input);
    else this.#kept[this.#dice.below(MAX_KEPT)] = input;
  }
}

/** The smallest input found that fails like this one; the same if it does not fail again. */
export function minimiseFailure(target: Target, failure: Failure): Failure {
  const { input, error } = failure;
  const kind = kindOf(error);
  if (errorOf(target, input) === undefined) return failure;
  const smaller = minimise(input, target, (candidate) => {
    const found = errorOf(target, candidate);
    return found !== undefined && kindOf(found) === kind;
  });
  return { input: smaller, error: errorOf(target, smaller) ?? error };
}

/** What makes two failures the same: the first line of their messages without the numbers. */
export function kindOf(error: Error): string {
  return withoutDetails(error.message.split("\n")[0] as string);
}

function errorOf(target: Target, input: Uint8Array, observe?: (feature: string) => void): Error | undefined {
  try {
    target.run(input, observe);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
