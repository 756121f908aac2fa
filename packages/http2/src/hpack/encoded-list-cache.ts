/** The octets that reusable lists were encoded to, valid as long as the dynamic table does not change. */
import type { HeaderList } from "./header-list.js";

/** When there are more lists than this, all are forgotten: more of them are a sign that lists are made per call. */
const MAX_LISTS = 256;

export class EncodedListCache {
  readonly #octets = new Map<HeaderList, Uint8Array>();
  /** The table's generation that all kept octets belong to. */
  #generation = -1;

  /** The number of lists that are kept. */
  get size(): number {
    return this.#octets.size;
  }

  /** What this very list was encoded to, if the table is still of the generation that it was then. */
  find(list: HeaderList, generation: number): Uint8Array | undefined {
    return generation === this.#generation ? this.#octets.get(list) : undefined;
  }

  /** Keeps what a list was encoded to; `octets` belongs to the cache from now on. */
  store(list: HeaderList, generation: number, octets: Uint8Array): void {
    if (generation !== this.#generation || this.#octets.size === MAX_LISTS) {
      this.#octets.clear();
      this.#generation = generation;
    }
    this.#octets.set(list, octets);
  }
}
