/**
 * The target "integers-and-huffman": integers and strings of HPACK, both ways. Any octets are read as an integer with each prefix, as a
 * Huffman-coded string and as a string literal, and the plain decoder must agree; they are also taken as values that are written
 * and read back. RFC 7541 section 5.
 */
import assert from "node:assert/strict";
import { BlockReader } from "../../hpack/block-reader.js";
import { decodeHuffman, huffmanBytes, maxDecodedBytes, writeHuffman } from "../../hpack/huffman.js";
import { type BlockCursor, MAX_INTEGER, readInteger, writeInteger } from "../../hpack/integer.js";
import { writeString } from "../../hpack/string-literal.js";
import { type Observe, observeNothing, withoutDetails } from "../features.js";
import { OctetReader } from "../octet-reader.js";
import { SimpleCursor, SimpleHpackError, simpleHuffmanDecode, simpleHuffmanEncode } from "../testing/simple-hpack.js";

const PREFIXES = [4, 5, 6, 7, 8];
/** What the engine's functions must leave alone around their room. */
const GUARD = 0xa5;
const GUARD_BYTES = 4;

export function integersAndHuffman(input: Uint8Array, observe: Observe = observeNothing): void {
  for (const prefixBits of PREFIXES) compareIntegers(Buffer.from(input), prefixBits, observe);
  compareHuffman(Buffer.from(input), observe);
  compareStrings(Buffer.from(input), observe);
  const reader = new OctetReader(input);
  const value = reader.uint32() % (MAX_INTEGER + 1);
  for (const prefixBits of PREFIXES) writeAndReadInteger(value, prefixBits);
  writeAndReadText(Buffer.from(input).toString("latin1"));
}

/** What a plain reading gives; `undefined` when it must be refused. */
function simply<T>(read: () => T, observe: Observe): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SimpleHpackError)) throw error;
    observe(`simply refused: ${withoutDetails(error.message)}`);
    return undefined;
  }
}

function compareIntegers(octets: Buffer, prefixBits: number, observe: Observe): void {
  const cursor: BlockCursor = { block: octets, position: 0, end: octets.length };
  const value = readInteger(cursor, 2 ** prefixBits - 1);
  const simple = new SimpleCursor(octets);
  const expected = simply(() => simple.integer(prefixBits), observe);
  assert.equal(value < 0 ? undefined : value, expected, `an integer with a prefix of ${prefixBits}`);
  assert.ok(cursor.position <= octets.length, "an integer is read past the end");
  if (value < 0) return;
  assert.equal(cursor.position, simple.position, "where an integer ends");
  observe(`integer of ${cursor.position} octets, prefix ${prefixBits}`);
}

function compareHuffman(octets: Buffer, observe: Observe): void {
  const expected = simply(() => simpleHuffmanDecode(octets), observe);
  const capacity = (octets[0] ?? 0) % (maxDecodedBytes(octets.length) + 1);
  const out = Buffer.alloc(maxDecodedBytes(octets.length) + GUARD_BYTES, GUARD);
  const length = decodeHuffman(octets, 0, octets.length, out, capacity);
  assert.equal(length < 0 ? undefined : length, expected?.length, "the length of a Huffman-coded string");
  assert.ok(
    out.subarray(capacity).every((octet) => octet === GUARD),
    "more was written than there is room for",
  );
  if (expected === undefined) return;
  assert.equal(
    out.toString("latin1", 0, Math.min(capacity, length)),
    expected.slice(0, capacity),
    "the decoded string",
  );
  observe(`huffman of ${octets.length & 7} to ${length & 7}`);
}

function compareStrings(octets: Buffer, observe: Observe): void {
  const capacity = (octets.at(-1) ?? 0) - 1;
  const reader = new BlockReader();
  reader.open(octets, 0, octets.length);
  const text = reader.string(capacity);
  const cursor = new SimpleCursor(octets);
  const expected = simply(() => cursor.string(), observe);
  assert.equal(reader.failure === undefined, expected !== undefined, `a string literal: ${reader.failure}`);
  if (expected === undefined) return;
  assert.equal(reader.position, cursor.position, "where a string literal ends");
  assert.equal(reader.stringBytes, expected.length, "the length of a string literal");
  assert.equal(text, expected.length <= capacity ? expected : undefined, "a string literal");
  observe(`string literal ${text === undefined ? "over" : "within"} its capacity`);
}

function writeAndReadInteger(value: number, prefixBits: number): void {
  const mask = 2 ** prefixBits - 1;
  const pattern = 0xff & ~mask;
  const octets = Buffer.alloc(6 + GUARD_BYTES, GUARD);
  const end = writeInteger(octets, 0, pattern, mask, value);
  assert.ok(
    octets.subarray(end).every((octet) => octet === GUARD),
    "an integer is written past its end",
  );
  const cursor = new SimpleCursor(octets.subarray(0, end));
  assert.equal(cursor.integer(prefixBits), value, `an integer that was written with a prefix of ${prefixBits}`);
  assert.ok(cursor.isAtEnd, "an integer that was written has octets too many");
  assert.equal((octets[0] as number) & pattern, pattern, "the bits in front of an integer");
}

function writeAndReadText(text: string): void {
  const coded = Buffer.alloc(huffmanBytes(text) + GUARD_BYTES, GUARD);
  const end = writeHuffman(coded, 0, text);
  assert.ok(coded.subarray(0, end).equals(simpleHuffmanEncode(text)), "the Huffman code of a text");
  assert.equal(end, huffmanBytes(text), "the announced length of the Huffman code");
  const literal = Buffer.alloc(text.length + 6 + GUARD_BYTES, GUARD);
  const literalEnd = writeString(literal, 0, text);
  assert.equal(new SimpleCursor(literal.subarray(0, literalEnd)).string(), text, "a string literal that was written");
  assert.ok(literalEnd <= text.length + 6, "a string literal longer than the text and its length");
}
