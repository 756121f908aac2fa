/**
 * Decodes header blocks. RFC 7541 sections 3 and 6.
 *
 * It takes whole blocks: putting a block together from HEADERS and CONTINUATION, and limiting its length, is the connection's
 * work; so are the rules of HTTP for names and values.
 */
import { BlockReader } from "./block-reader.js";
import { DecodedBlockCache, hashBlock, MAX_CACHED_BLOCK_BYTES } from "./decoded-block-cache.js";
import { DEFAULT_TABLE_BYTES, DynamicTable } from "./dynamic-table.js";
import { FIELD_OVERHEAD_BYTES, HeaderList, type OversizedHeaderList } from "./header-list.js";
import { HeaderListBuilder } from "./header-list-builder.js";
import {
  INDEXED,
  INDEXED_MASK,
  LITERAL_MASK,
  LITERAL_NEVER_INDEXED,
  LITERAL_WITH_INDEXING,
  LITERAL_WITH_INDEXING_MASK,
  SIZE_UPDATE,
  SIZE_UPDATE_MASK,
} from "./representation.js";
import { STATIC_NAMES, STATIC_TABLE_LENGTH, STATIC_VALUES } from "./static-table.js";

/** Largest header list that is accepted by default, in octets as counted by {@link HeaderList.size}. */
export const DEFAULT_MAX_HEADER_LIST_BYTES = 8192;

/** The smallest size since the last block, and the final one. RFC 7541 section 4.2. */
const MAX_SIZE_UPDATES = 2;

/** Stands for "no size update is due". */
const NONE_DUE = -1;

/** Why a block could not be decoded. A value: nothing throws it. It is a connection error of type COMPRESSION_ERROR. */
export class HpackError {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

export interface HpackDecoderOptions {
  /** The SETTINGS_HEADER_TABLE_SIZE that was announced, in octets. Default 4096. See {@link HpackDecoder.setMaxTableSize}. */
  readonly maxTableSizeBytes?: number;
  /** The largest header list, as counted by {@link HeaderList.size}. Default 8192. */
  readonly maxHeaderListBytes?: number;
  /** The most fields in a list. By default only `maxHeaderListBytes` limits them, to one per 32 octets. */
  readonly maxHeaderCount?: number;
}

export class HpackDecoder {
  readonly #table = new DynamicTable();
  readonly #cache = new DecodedBlockCache();
  readonly #reader = new BlockReader();
  readonly #list: HeaderListBuilder;
  /** The largest size update that the peer may send. */
  #maxTableSizeBytes: number;
  /** What the next block's size update may not exceed, or NONE_DUE. */
  #dueSizeBytes = NONE_DUE;
  /** Whether the block that is being decoded has literals. */
  #literals = false;
  #error: HpackError | undefined = undefined;

  constructor(options?: HpackDecoderOptions) {
    // Until it has acknowledged the announcement, the peer may use the protocol's initial size.
    this.#maxTableSizeBytes = Math.max(DEFAULT_TABLE_BYTES, options?.maxTableSizeBytes ?? DEFAULT_TABLE_BYTES);
    const maxBytes = options?.maxHeaderListBytes ?? DEFAULT_MAX_HEADER_LIST_BYTES;
    this.#list = new HeaderListBuilder(maxBytes, options?.maxHeaderCount ?? maxBytes);
  }

  /**
   * The peer has acknowledged a SETTINGS_HEADER_TABLE_SIZE of `bytes`. The table itself follows when the peer's encoder says
   * so; if it is larger than `bytes` now, the next block must begin with a size update. RFC 7541 section 4.2.
   */
  setMaxTableSize(bytes: number): void {
    this.#maxTableSizeBytes = bytes;
    if (bytes >= this.#table.maxSizeBytes) return;
    this.#dueSizeBytes = this.#dueSizeBytes === NONE_DUE ? bytes : Math.min(this.#dueSizeBytes, bytes);
    // A block that lacks the update must be found out, and so may not be answered from the cache.
    this.#cache.clear();
  }

  /**
   * Decodes the block `block[start…end)`, of which nothing is kept. Blocks must come in the order in which they were sent.
   *
   * Gives the same `HeaderList` again for the same octets when it can. A list over the limits is decoded to its end, so that
   * later blocks can be decoded, but not kept: the stream cannot go on, the connection can. After an `HpackError` nothing can
   * be decoded any more, and every call gives that same error.
   */
  decode(block: Buffer, start: number, end: number): HeaderList | OversizedHeaderList | HpackError {
    if (this.#error !== undefined) return this.#error;
    if (end - start > MAX_CACHED_BLOCK_BYTES) return this.#decodeBlock(block, start, end);
    const generation = this.#table.generation;
    const hash = hashBlock(block, start, end);
    const cached = this.#cache.find(hash, block, start, end, generation);
    if (cached !== undefined) return cached;
    const result = this.#decodeBlock(block, start, end);
    // What the sender marks as sensitive is kept nowhere. RFC 7541 section 7.1.3.
    if (this.#table.generation === generation && result instanceof HeaderList && result.sensitive === undefined) {
      this.#cache.store(hash, block, start, end, generation, result, this.#literals);
    }
    return result;
  }

  #decodeBlock(block: Buffer, start: number, end: number): HeaderList | OversizedHeaderList | HpackError {
    this.#reader.open(block, start, end);
    this.#list.begin();
    this.#literals = false;
    const failure = this.#readSizeUpdates() ?? this.#readFields();
    this.#reader.close();
    const result = this.#list.finish();
    if (failure === undefined) return result;
    this.#error = new HpackError(failure);
    return this.#error;
  }

  /** Reads the size updates at the block's beginning. RFC 7541 sections 4.2 and 6.3. Gives what is wrong. */
  #readSizeUpdates(): string | undefined {
    const reader = this.#reader;
    const { block, end } = reader;
    let updates = 0;
    while (reader.position < end && isSizeUpdate(block[reader.position] as number)) {
      updates += 1;
      if (updates > MAX_SIZE_UPDATES) return `the header block begins with more than ${MAX_SIZE_UPDATES} size updates`;
      const bytes = reader.integer(SIZE_UPDATE_MASK);
      if (bytes < 0) return reader.failure;
      if (bytes > this.#maxTableSizeBytes) {
        return `the header block sets the dynamic table to ${bytes} octets; the limit is ${this.#maxTableSizeBytes}`;
      }
      if (bytes <= this.#dueSizeBytes) this.#dueSizeBytes = NONE_DUE;
      this.#table.resize(bytes);
    }
    if (this.#dueSizeBytes === NONE_DUE) return undefined;
    return (
      `the header block does not begin with a size update of the dynamic table to ${this.#dueSizeBytes} octets or less, ` +
      `although that limit was acknowledged and the table is larger`
    );
  }

  /** Reads the rest of the block. Gives what is wrong. */
  #readFields(): string | undefined {
    const reader = this.#reader;
    const { block, end } = reader;
    while (reader.position < end) {
      const octet = block[reader.position] as number;
      let failure: string | undefined;
      if (octet >= INDEXED) failure = this.#readIndexed();
      else if (octet >= LITERAL_WITH_INDEXING) failure = this.#readLiteral(LITERAL_WITH_INDEXING_MASK, true, false);
      else if (octet >= SIZE_UPDATE)
        failure = `a size update of the dynamic table follows a field, at octet ${reader.offset}`;
      else failure = this.#readLiteral(LITERAL_MASK, false, octet >= LITERAL_NEVER_INDEXED);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** RFC 7541 section 6.1. */
  #readIndexed(): string | undefined {
    const reader = this.#reader;
    const at = reader.offset;
    const index = reader.integer(INDEXED_MASK);
    if (index > STATIC_TABLE_LENGTH) {
      const position = index - STATIC_TABLE_LENGTH - 1;
      if (position >= this.#table.count) return this.#noSuchIndex(index, at);
      this.#list.add(this.#table.name(position), this.#table.value(position), false);
      return undefined;
    }
    if (index < 0) return reader.failure;
    if (index === 0) return `index 0 at octet ${at} of the header block stands for no field`;
    this.#list.add(STATIC_NAMES[index] as string, STATIC_VALUES[index] as string, false);
    return undefined;
  }

  /** RFC 7541 section 6.2. */
  #readLiteral(prefixMask: number, indexing: boolean, sensitive: boolean): string | undefined {
    const reader = this.#reader;
    this.#literals = true;
    // Strings are made if the list or the table can take them. What is too large for the table only empties it.
    const tableRoom = indexing ? this.#table.maxSizeBytes - FIELD_OVERHEAD_BYTES : -1;
    const room = Math.max(this.#list.roomBytes, tableRoom);
    const name = this.#readName(prefixMask, room);
    if (reader.failure !== undefined) return reader.failure;
    const nameBytes = reader.stringBytes;
    const value = reader.string(name === undefined ? -1 : room - nameBytes);
    if (reader.failure !== undefined) return reader.failure;
    if (name === undefined || value === undefined) {
      const bytes = nameBytes + reader.stringBytes;
      this.#list.count(bytes);
      if (indexing) this.#table.makeRoom(bytes + FIELD_OVERHEAD_BYTES);
    } else {
      this.#list.add(name, value, sensitive);
      if (indexing) this.#table.insert(name, value);
    }
    return undefined;
  }

  /** Reads a literal's name, which is an index or a string. Its length is in the reader's `stringBytes`. */
  #readName(mask: number, room: number): string | undefined {
    const reader = this.#reader;
    const at = reader.offset;
    const index = reader.integer(mask);
    if (index < 0) return undefined;
    if (index === 0) return reader.string(room);
    const position = index - STATIC_TABLE_LENGTH - 1;
    if (position >= this.#table.count) {
      reader.failure = this.#noSuchIndex(index, at);
      return undefined;
    }
    const name = position < 0 ? (STATIC_NAMES[index] as string) : this.#table.name(position);
    reader.stringBytes = name.length;
    return name;
  }

  #noSuchIndex(index: number, at: number): string {
    return (
      `index ${index} at octet ${at} of the header block is past the tables' end: ` +
      `the last one is ${STATIC_TABLE_LENGTH + this.#table.count}`
    );
  }
}

function isSizeUpdate(octet: number): boolean {
  return octet >= SIZE_UPDATE && octet < LITERAL_WITH_INDEXING;
}
