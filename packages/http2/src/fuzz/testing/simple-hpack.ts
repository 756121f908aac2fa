/**
 * HPACK once more, straight from the text of RFC 7541: plain, slow and obvious, to compare the engine with. It shares no code with it.
 *
 * Two limits are the engine's own, since the RFC leaves them open (section 5.1): integers up to 2^31-1, in at most five octets
 * after the prefix. There is no limit of the list here: the caller compares sizes.
 */
import { HUFFMAN_BITS, STATIC_ENTRIES } from "./rfc7541-tables.js";

const MAX_INTEGER = 2 ** 31 - 1;
const MAX_CONTINUATION_OCTETS = 5;
/** The smallest size since the last block, and the final one. Section 4.2. */
const MAX_SIZE_UPDATES = 2;
const EOS = 256;
const ENTRY_OVERHEAD_BYTES = 32;

/** What a decoder must refuse. */
export class SimpleHpackError extends Error {}

export interface SimpleField {
  readonly name: string;
  readonly value: string;
  /** Of the representation that no one may index. Section 6.2.3. */
  readonly sensitive: boolean;
}

const SYMBOL_OF_BITS = new Map(HUFFMAN_BITS.map((bits, symbol) => [bits, symbol]));

/** The name and the value in octets, and 32. Section 4.1. */
export function fieldBytes({ name, value }: SimpleField): number {
  return name.length + value.length + ENTRY_OVERHEAD_BYTES;
}

/** Section 5.2 and appendix B. */
export function simpleHuffmanDecode(octets: Uint8Array): string {
  let text = "";
  let pending = "";
  for (const octet of octets) {
    for (const bit of octet.toString(2).padStart(8, "0")) {
      pending += bit;
      const symbol = SYMBOL_OF_BITS.get(pending);
      if (symbol === undefined) continue;
      if (symbol === EOS) throw new SimpleHpackError("EOS within a string");
      text += String.fromCharCode(symbol);
      pending = "";
    }
  }
  if (pending.length > 7) throw new SimpleHpackError("padding of more than seven bits");
  if (pending.includes("0")) throw new SimpleHpackError("padding that is not all ones");
  return text;
}

/** Section 5.2. Octets in, as latin1. */
export function simpleHuffmanEncode(text: string): Buffer {
  let bits = "";
  for (const octet of Buffer.from(text, "latin1")) bits += HUFFMAN_BITS[octet];
  while (bits.length % 8 !== 0) bits += "1";
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)));
}

/** A place in octets. */
export class SimpleCursor {
  readonly octets: Uint8Array;
  position = 0;

  constructor(octets: Uint8Array) {
    this.octets = octets;
  }

  get isAtEnd(): boolean {
    return this.position === this.octets.length;
  }

  next(): number {
    if (this.isAtEnd) throw new SimpleHpackError("the block ends too early");
    const octet = this.octets[this.position] as number;
    this.position += 1;
    return octet;
  }

  /** Section 5.1, with a prefix of so many bits. */
  integer(prefixBits: number): number {
    const max = 2 ** prefixBits - 1;
    let value = this.next() % 2 ** prefixBits;
    if (value < max) return value;
    for (let i = 0; i < MAX_CONTINUATION_OCTETS; i++) {
      const octet = this.next();
      value += (octet % 128) * 128 ** i;
      if (value > MAX_INTEGER) throw new SimpleHpackError("an integer that is too large");
      if (octet < 128) return value;
    }
    throw new SimpleHpackError("an integer of too many octets");
  }

  /** Section 5.2. */
  string(): string {
    const isHuffman = (this.octets[this.position] ?? 0) >= 128;
    const length = this.integer(7);
    if (length > this.octets.length - this.position) throw new SimpleHpackError("a string goes past the block's end");
    const octets = this.octets.subarray(this.position, this.position + length);
    this.position += length;
    return isHuffman ? simpleHuffmanDecode(octets) : Buffer.from(octets).toString("latin1");
  }
}

export class SimpleHpackDecoder {
  /** The newest entry is the first. Section 2.3.2. */
  readonly #dynamic: SimpleField[] = [];
  #tableBytes: number;
  #maxTableBytes: number;
  /** The smallest limit since the last block, if the table must be made smaller because of it. Section 4.2. */
  #due = Number.POSITIVE_INFINITY;

  /** The table begins with the protocol's 4096 octets, and may be set to `maxTableBytes`. */
  constructor(maxTableBytes = 4096) {
    this.#tableBytes = 4096;
    this.#maxTableBytes = maxTableBytes;
  }

  /** A SETTINGS_HEADER_TABLE_SIZE has been acknowledged. Section 4.2. */
  setMaxTableSize(bytes: number): void {
    this.#maxTableBytes = bytes;
    if (bytes < this.#tableBytes) this.#due = Math.min(this.#due, bytes);
  }

  /** Sections 3.1 and 6. Throws a {@link SimpleHpackError} for what must be refused. */
  decode(block: Uint8Array): SimpleField[] {
    const cursor = new SimpleCursor(block);
    const fields: SimpleField[] = [];
    for (let updates = 1; !cursor.isAtEnd && (block[cursor.position] as number) >>> 5 === 0b001; updates++) {
      if (updates > MAX_SIZE_UPDATES) throw new SimpleHpackError("more size updates than can be needed");
      this.#readSizeUpdate(cursor);
    }
    if (this.#due !== Number.POSITIVE_INFINITY) throw new SimpleHpackError("a size update is missing");
    while (!cursor.isAtEnd) fields.push(this.#readField(cursor));
    return fields;
  }

  /** Section 6.3. */
  #readSizeUpdate(cursor: SimpleCursor): void {
    const bytes = cursor.integer(5);
    if (bytes > this.#maxTableBytes) throw new SimpleHpackError("a size update over the limit");
    if (bytes <= this.#due) this.#due = Number.POSITIVE_INFINITY;
    this.#tableBytes = bytes;
    this.#evict(0);
  }

  /** Sections 6.1 and 6.2. */
  #readField(cursor: SimpleCursor): SimpleField {
    const first = cursor.octets[cursor.position] as number;
    if (first >>> 7 === 0b1) return { ...this.#entry(cursor.integer(7)), sensitive: false };
    if (first >>> 6 === 0b01) {
      const field = this.#readLiteral(cursor, 6, false);
      this.#insert(field);
      return field;
    }
    if (first >>> 5 === 0b001) throw new SimpleHpackError("a size update behind a field");
    return this.#readLiteral(cursor, 4, first >>> 4 === 0b0001);
  }

  #readLiteral(cursor: SimpleCursor, prefixBits: number, sensitive: boolean): SimpleField {
    const index = cursor.integer(prefixBits);
    const name = index === 0 ? cursor.string() : this.#entry(index).name;
    return { name, value: cursor.string(), sensitive };
  }

  /** Section 2.3.3. */
  #entry(index: number): SimpleField {
    const entry = STATIC_ENTRIES[index - 1];
    if (entry !== undefined) return { name: entry[0], value: entry[1], sensitive: false };
    const field = this.#dynamic[index - STATIC_ENTRIES.length - 1];
    if (field === undefined) throw new SimpleHpackError(`no entry ${index}`);
    return field;
  }

  /** Section 4.4: first make room, then insert if it fits at all. */
  #insert(field: SimpleField): void {
    this.#evict(fieldBytes(field));
    if (fieldBytes(field) <= this.#tableBytes) this.#dynamic.unshift(field);
  }

  #evict(comingBytes: number): void {
    let bytes = comingBytes;
    for (const field of this.#dynamic) bytes += fieldBytes(field);
    while (this.#dynamic.length > 0 && bytes > this.#tableBytes)
      bytes -= fieldBytes(this.#dynamic.pop() as SimpleField);
  }
}
