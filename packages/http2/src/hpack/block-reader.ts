/**
 * Reads the two primitive types of a header block: integers and string literals. RFC 7541 section 5.
 *
 * It remembers why it failed, with the place in the block, and knows nothing of fields and tables.
 */
import { decodeHuffman, type HUFFMAN_BAD_PADDING, HUFFMAN_EOS, maxDecodedBytes } from "./huffman.js";
import { type BlockCursor, INTEGER_TRUNCATED, MAX_INTEGER, readInteger } from "./integer.js";
import { readLatin1 } from "./latin1.js";

const EMPTY = Buffer.alloc(0);

/** Where Huffman-coded strings are decoded to. All readers share it, as none keeps anything in it. */
let scratch = Buffer.allocUnsafeSlow(4096);

/** A scratch buffer that is larger than this is used once and not kept. */
const MAX_KEPT_SCRATCH_BYTES = 65_536;

export class BlockReader implements BlockCursor {
  block: Buffer = EMPTY;
  position = 0;
  end = 0;
  /** Why the last read failed; `undefined` as long as none did. */
  failure: string | undefined = undefined;
  /** The length of the string that was read last, in octets, whether it was given as a string or not. */
  stringBytes = 0;
  #start = 0;

  /** Begins to read `block[start…end)`. */
  open(block: Buffer, start: number, end: number): void {
    this.block = block;
    this.position = start;
    this.end = end;
    this.failure = undefined;
    this.stringBytes = 0;
    this.#start = start;
  }

  /** Lets go of the block. */
  close(): void {
    this.block = EMPTY;
  }

  /** How many octets of the block were read. */
  get offset(): number {
    return this.position - this.#start;
  }

  /** Reads an integer; gives a negative number, and sets `failure`, when there is none. */
  integer(prefixMask: number): number {
    const at = this.offset;
    const value = readInteger(this, prefixMask);
    if (value < 0) {
      this.failure =
        value === INTEGER_TRUNCATED
          ? `the header block ends within the integer at octet ${at}`
          : `the integer at octet ${at} of the header block is over ${MAX_INTEGER} or has too many octets`;
    }
    return value;
  }

  /**
   * Reads a string literal. Gives `undefined` when it is longer than `capacity` octets (it is checked, and counted in
   * `stringBytes`, but no string is made), and when there is none, with `failure` set.
   */
  string(capacity: number): string | undefined {
    const at = this.offset;
    const huffman = this.position < this.end && (this.block[this.position] as number) >= 0x80;
    const bytes = this.integer(0x7f);
    if (bytes < 0) return undefined;
    const start = this.position;
    if (bytes > this.end - start) {
      this.failure =
        `the string of ${bytes} octets at octet ${at} of the header block goes past the block's end, ` +
        `before which there are ${this.end - start} octets`;
      return undefined;
    }
    this.position = start + bytes;
    if (huffman) return this.#huffmanString(start, capacity);
    this.stringBytes = bytes;
    return bytes <= capacity ? readLatin1(this.block, start, this.position) : undefined;
  }

  #huffmanString(start: number, capacity: number): string | undefined {
    const out = scratchOf(Math.min(capacity, maxDecodedBytes(this.position - start)));
    const bytes = decodeHuffman(this.block, start, this.position, out, capacity);
    if (bytes < 0) {
      this.failure = huffmanFailure(bytes, start - this.#start);
      return undefined;
    }
    this.stringBytes = bytes;
    return bytes <= capacity ? readLatin1(out, 0, bytes) : undefined;
  }
}

function scratchOf(bytes: number): Buffer {
  if (bytes <= scratch.length) return scratch;
  const larger = Buffer.allocUnsafeSlow(bytes);
  if (bytes <= MAX_KEPT_SCRATCH_BYTES) scratch = larger;
  return larger;
}

function huffmanFailure(result: typeof HUFFMAN_EOS | typeof HUFFMAN_BAD_PADDING | number, at: number): string {
  const what =
    result === HUFFMAN_EOS
      ? "contains the end-of-string symbol"
      : "ends in padding that is longer than seven bits or not all ones";
  return `the Huffman-coded string at octet ${at} of the header block ${what}`;
}
