import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockReader } from "./block-reader.js";
import { writeHuffman } from "./huffman.js";
import { hex } from "./testing/codec.js";

function readerOf(block: Buffer): BlockReader {
  const reader = new BlockReader();
  reader.open(block, 0, block.length);
  return reader;
}

test("a string within the capacity is given, a longer one is passed over with its length noted", () => {
  for (const octets of ["08 6e6f2d6361636865", "86 a8eb10649cbf"]) {
    const reader = readerOf(hex(`${octets} 0178`));
    assert.equal(reader.string(7), undefined);
    assert.equal(reader.failure, undefined);
    assert.equal(reader.stringBytes, 8);
    assert.equal(reader.string(1), "x");
    assert.equal(readerOf(hex(octets)).string(8), "no-cache");
  }
});

test("strings are read whole, whatever their length", () => {
  for (const length of [0, 1, 7, 8, 9, 126, 127, 128, 5000, 70_000]) {
    const text = Array.from({ length }, (_, i) => String.fromCharCode(0x61 + (i % 26))).join("");
    const coded = Buffer.alloc(length + 1);
    const bytes = writeHuffman(coded, 0, text);
    const prefix = (first: number, value: number) =>
      value < 127
        ? [first | value]
        : [first | 127, ((value - 127) & 0x7f) | 0x80, (((value - 127) >> 7) & 0x7f) | 0x80, (value - 127) >> 14];
    const block = Buffer.concat([
      Buffer.from(prefix(0, length)),
      Buffer.from(text),
      Buffer.from(prefix(0x80, bytes)),
      coded.subarray(0, bytes),
    ]);
    const reader = readerOf(block);
    assert.equal(reader.string(length), text);
    assert.equal(reader.string(length), text);
    assert.equal(reader.offset, block.length);
  }
});

test("places are told from the block's beginning, wherever it lies in the buffer", () => {
  const reader = new BlockReader();
  reader.open(hex("000000 8203"), 3, 5);
  reader.position++;
  assert.equal(reader.string(10), undefined);
  assert.match(
    reader.failure ?? "",
    /^the string of 3 octets at octet 1 of the header block .*before which there are 0 octets$/,
  );
});

test("a new block begins without the last one's failure", () => {
  const reader = readerOf(hex("7f"));
  assert.ok(reader.integer(0x7f) < 0);
  assert.ok(reader.failure !== undefined);
  reader.open(hex("0161"), 0, 2);
  assert.equal(reader.failure, undefined);
  assert.equal(reader.string(1), "a");
});
