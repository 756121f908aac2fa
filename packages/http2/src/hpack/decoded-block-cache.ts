/**
 * What blocks decoded to, by their octets. Peers send the same few blocks again and again, and a block that leaves the
 * dynamic table as it is decodes to the same list for as long as the table does not change.
 *
 * Its memory is bounded: one list per slot, from blocks of bounded length. A slot is simply taken over by the next block
 * that falls into it, so a peer that looks for collisions slows down nobody's decoding but its own.
 */
import type { HeaderList } from "./header-list.js";

/** Longer blocks are not looked up: comparing them costs as much as decoding them saves. In octets. */
export const MAX_CACHED_BLOCK_BYTES = 128;

const SLOT_BITS = 6;
const SLOTS = 1 << SLOT_BITS;

class CachedBlock {
  readonly octets: Uint8Array;
  readonly list: HeaderList;

  constructor(octets: Uint8Array, list: HeaderList) {
    this.octets = octets;
    this.list = list;
  }
}

/** A hash of `block[start…end)`. */
export function hashBlock(block: Buffer, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (block[i] as number)) | 0;
  return hash;
}

export class DecodedBlockCache {
  readonly #slots: (CachedBlock | undefined)[] = new Array<undefined>(SLOTS).fill(undefined);
  /** By slot, the hash of the last block with literals that fell into it. */
  readonly #seen = new Int32Array(SLOTS);
  /** The table's generation that all stored blocks belong to. */
  #generation = -1;

  /** The list that these octets decoded to, if the table is still of the generation that it was then. */
  find(hash: number, block: Buffer, start: number, end: number, generation: number): HeaderList | undefined {
    if (generation !== this.#generation) return undefined;
    const cached = this.#slots[slotOf(hash)];
    if (cached === undefined) return undefined;
    const octets = cached.octets;
    const length = octets.length;
    if (length !== end - start) return undefined;
    for (let i = 0; i < length; i++) if (octets[i] !== block[start + i]) return undefined;
    return cached.list;
  }

  /**
   * Keeps what a block decoded to; its octets are copied. A block with literals is likely to be one of a kind, and is kept
   * only when it comes a second time.
   */
  store(
    hash: number,
    block: Buffer,
    start: number,
    end: number,
    generation: number,
    list: HeaderList,
    literals: boolean,
  ): void {
    if (generation !== this.#generation) {
      this.clear();
      this.#generation = generation;
    }
    const slot = slotOf(hash);
    if (literals && this.#seen[slot] !== hash) {
      this.#seen[slot] = hash;
      return;
    }
    this.#slots[slot] = new CachedBlock(copyOf(block, start, end), list);
  }

  /** Forgets all lists. */
  clear(): void {
    this.#generation = -1;
    this.#slots.fill(undefined);
  }
}

/** Faster than the methods of typed arrays, which make a `Buffer` here. */
function copyOf(block: Buffer, start: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - start);
  for (let i = 0; i < copy.length; i++) copy[i] = block[start + i] as number;
  return copy;
}

/** The hash's best mixed bits. */
function slotOf(hash: number): number {
  return Math.imul(hash, 0x9e37_79b1) >>> (32 - SLOT_BITS);
}
