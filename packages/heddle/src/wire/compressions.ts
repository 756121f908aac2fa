/** The algorithms that a server or a channel knows, by their names on the wire. */
import { type CompressionAlgorithm, type CompressionOptions, IDENTITY } from "../core/compression.js";

const DEFAULT_MIN_BYTES = 1024;
/** What may stand in `grpc-encoding`: a token, and lists of them are separated by commas. */
const NAME = /^[a-z0-9_.-]+$/;

export class Compressions {
  readonly #algorithms = new Map<string, CompressionAlgorithm>();
  /** The value of `grpc-accept-encoding`. */
  readonly accepted: string;
  /** The algorithm for messages that are sent, unless a call says otherwise; `undefined` for none. */
  readonly standard: CompressionAlgorithm | undefined;
  readonly minBytes: number;

  /** Throws a `TypeError` or a `RangeError` that says what is wrong with the options. */
  constructor(builtIn: readonly CompressionAlgorithm[], options: CompressionOptions = {}) {
    for (const algorithm of [...builtIn, ...(options.algorithms ?? [])]) {
      if (!NAME.test(algorithm.name) || algorithm.name === IDENTITY) {
        throw new TypeError(`${JSON.stringify(algorithm.name)} cannot be the name of a compression algorithm`);
      }
      this.#algorithms.set(algorithm.name, algorithm);
    }
    this.accepted = [IDENTITY, ...this.#algorithms.keys()].join(",");
    this.standard = this.select(options.send ?? IDENTITY);
    this.minBytes = options.minBytes ?? DEFAULT_MIN_BYTES;
    if (!(this.minBytes >= 0)) {
      throw new RangeError(`compression.minBytes is ${this.minBytes}; it must be a number of octets, 0 or more`);
    }
  }

  /** The algorithm of a name that came over the wire; `undefined` when there is none of it. */
  find(name: string): CompressionAlgorithm | undefined {
    return this.#algorithms.get(name);
  }

  /** The algorithm that a user wants; `undefined` for `identity`. Throws a `TypeError` for a name that is not known. */
  select(name: string): CompressionAlgorithm | undefined {
    if (name === IDENTITY) return undefined;
    const algorithm = this.#algorithms.get(name);
    if (algorithm !== undefined) return algorithm;
    throw new TypeError(`the compression ${JSON.stringify(name)} is not known; there are ${this.accepted}`);
  }
}

/** Whether a peer that sent this `grpc-accept-encoding` understands an algorithm. */
export function isAccepted(name: string, acceptEncoding: string | undefined): boolean {
  if (acceptEncoding === undefined) return false;
  return acceptEncoding.split(",").some((token) => token.trim() === name);
}
