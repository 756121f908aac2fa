/**
 * Encodes header lists into header blocks. RFC 7541 sections 2, 4.2 and 6.
 *
 * It chooses what goes into the dynamic table, and it chooses to change it rarely: as long as the table stays as it is, lists
 * that are sent again cost a copy here and a look-up at the peer. It does not check names and values.
 */
import type { ByteSink } from "../byte-sink.js";
import { DEFAULT_TABLE_BYTES, entryBytes } from "./dynamic-table.js";
import { EncodedListCache } from "./encoded-list-cache.js";
import { FieldIndex } from "./field-index.js";
import type { HeaderList } from "./header-list.js";
import { writeInteger } from "./integer.js";
import {
  INDEXED,
  INDEXED_MASK,
  LITERAL_MASK,
  LITERAL_NEVER_INDEXED,
  LITERAL_WITH_INDEXING,
  LITERAL_WITH_INDEXING_MASK,
  LITERAL_WITHOUT_INDEXING,
  SIZE_UPDATE,
  SIZE_UPDATE_MASK,
} from "./representation.js";
import { SeenFields } from "./seen-fields.js";
import { writeString } from "./string-literal.js";

export type { ByteSink } from "../byte-sink.js";

/** A field that would fill more than this part of the dynamic table is not worth what it would evict. */
const LARGEST_SHARE_OF_TABLE = 1 / 4;

/**
 * Once the table is full, one field per so many blocks may evict others. Without this, a little more traffic than the table
 * can hold would change it with each block, and every cache of blocks, here and at the peer, would be of no use.
 */
export const BLOCKS_PER_EVICTION = 512;

/** Room for one or two size updates, each an octet and five more. */
const SIZE_UPDATES_BYTES = 12;

/** Copying this many octets one by one is faster than a call of `set`. */
const SHORT_COPY_BYTES = 10;

export class HpackEncoder {
  readonly #index = new FieldIndex();
  readonly #seen = new SeenFields();
  readonly #encoded = new EncodedListCache();
  /** The table size that the next block shall announce. */
  #targetBytes = DEFAULT_TABLE_BYTES;
  /** The smallest size that was due since the last block. */
  #smallestBytes = DEFAULT_TABLE_BYTES;
  /** How many blocks were begun. */
  #blocks = 0;
  /** The block from which on a field may evict others. */
  #nextEviction = 0;
  /** Whether what is being encoded would be encoded to the same octets again, if the table stays as it is. */
  #repeatable = true;

  /**
   * Follows the peer's SETTINGS_HEADER_TABLE_SIZE: the dynamic table will have that size, but 4096 octets at most. The next
   * block tells the peer. RFC 7541 section 4.2.
   */
  setPeerTableSize(bytes: number): void {
    this.#targetBytes = Math.min(bytes, DEFAULT_TABLE_BYTES);
    this.#smallestBytes = Math.min(this.#smallestBytes, this.#targetBytes);
  }

  /**
   * Begins a block, which is the concatenation of what is added until the next one. Must be called for each block, in the
   * order in which blocks are sent, and each block must be sent.
   */
  beginBlock(out: ByteSink): void {
    this.#blocks++;
    const current = this.#index.maxSizeBytes;
    if (this.#smallestBytes < current || this.#targetBytes !== current) this.#writeSizeUpdates(out);
  }

  /** Adds the fields of a list to the block. A list made by `HeaderList.template` is remembered with its octets. */
  addList(list: HeaderList, out: ByteSink): void {
    // A representation takes no more than the field's size: what it has beyond name and value fits in the 32 octets.
    if (!list.reusable) {
      out.reserve(list.size);
      this.#writeList(list, out);
      return;
    }
    const octets = this.#encoded.find(list, this.#index.generation);
    if (octets !== undefined) copyOctets(octets, out);
    else this.#writeTemplate(list, out);
  }

  /** Adds one field to the block. A sensitive one is kept out of the tables, also by intermediaries. RFC 7541 section 7.1.3. */
  addField(name: string, value: string, sensitive: boolean, out: ByteSink): void {
    out.reserve(entryBytes(name, value));
    out.position = this.#writeField(out.buffer, out.position, name, value, sensitive);
  }

  #writeSizeUpdates(out: ByteSink): void {
    out.reserve(SIZE_UPDATES_BYTES);
    // A dip must be told, as the peer has evicted what did not fit in it; a table that only grows has none.
    const dips = this.#smallestBytes < this.#index.maxSizeBytes && this.#smallestBytes < this.#targetBytes;
    if (dips) this.#writeSizeUpdate(this.#smallestBytes, out);
    this.#writeSizeUpdate(this.#targetBytes, out);
    this.#smallestBytes = this.#targetBytes;
  }

  #writeSizeUpdate(bytes: number, out: ByteSink): void {
    out.position = writeInteger(out.buffer, out.position, SIZE_UPDATE, SIZE_UPDATE_MASK, bytes);
    this.#index.resize(bytes);
  }

  #writeTemplate(list: HeaderList, out: ByteSink): void {
    out.reserve(list.size);
    const start = out.position;
    this.#repeatable = true;
    this.#writeList(list, out);
    if (!this.#repeatable) return;
    const octets = new Uint8Array(out.buffer.subarray(start, out.position));
    this.#encoded.store(list, this.#index.generation, octets);
  }

  /** There must be room for the list. */
  #writeList(list: HeaderList, out: ByteSink): void {
    const { fields, sensitive } = list;
    const buffer = out.buffer;
    let position = out.position;
    for (let i = 0; i < fields.length; i += 2) {
      const isSensitive = sensitive?.includes(i) ?? false;
      position = this.#writeField(buffer, position, fields[i] as string, fields[i + 1] as string, isSensitive);
    }
    out.position = position;
  }

  /** There must be room for the field. Gives the position after it. */
  #writeField(buffer: Buffer, position: number, name: string, value: string, sensitive: boolean): number {
    const index = this.#index.find(name, value);
    if (sensitive) {
      return writeLiteral(buffer, position, LITERAL_NEVER_INDEXED, LITERAL_MASK, Math.abs(index), name, value);
    }
    if (index > 0) return writeInteger(buffer, position, INDEXED, INDEXED_MASK, index);
    if (!this.#shallIndex(name, value)) {
      return writeLiteral(buffer, position, LITERAL_WITHOUT_INDEXING, LITERAL_MASK, -index, name, value);
    }
    this.#index.insert(name, value);
    return writeLiteral(buffer, position, LITERAL_WITH_INDEXING, LITERAL_WITH_INDEXING_MASK, -index, name, value);
  }

  /**
   * Whether a field that is in no table goes into the dynamic one: when it is sent a second time. So values that are one of a
   * kind (identifiers, timeouts) never get there.
   */
  #shallIndex(name: string, value: string): boolean {
    if (entryBytes(name, value) > this.#index.maxSizeBytes * LARGEST_SHARE_OF_TABLE) return false;
    const evicts = this.#index.wouldEvict(name, value);
    if (evicts && this.#blocks < this.#nextEviction) return false;
    this.#repeatable = false;
    if (!this.#seen.remember(name, value)) return false;
    if (evicts) this.#nextEviction = this.#blocks + BLOCKS_PER_EVICTION;
    return true;
  }
}

function writeLiteral(
  buffer: Buffer,
  position: number,
  pattern: number,
  prefixMask: number,
  nameIndex: number,
  name: string,
  value: string,
): number {
  let at = writeInteger(buffer, position, pattern, prefixMask, nameIndex);
  if (nameIndex === 0) at = writeString(buffer, at, name);
  return writeString(buffer, at, value);
}

function copyOctets(octets: Uint8Array, out: ByteSink): void {
  const length = octets.length;
  out.reserve(length);
  const { buffer, position } = out;
  if (length > SHORT_COPY_BYTES) buffer.set(octets, position);
  else for (let i = 0; i < length; i++) buffer[position + i] = octets[i] as number;
  out.position = position + length;
}
