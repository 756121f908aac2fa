import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { INTEGER_TOO_LARGE, INTEGER_TRUNCATED, MAX_INTEGER, readInteger, writeInteger } from "./integer.js";
import { hex } from "./testing/codec.js";

function read(octets: Buffer, prefixMask: number) {
  const cursor = { block: octets, position: 0, end: octets.length };
  return { value: readInteger(cursor, prefixMask), octets: cursor.position };
}

function write(value: number, prefixMask: number, pattern = 0): string {
  const buffer = Buffer.alloc(8);
  return buffer.subarray(0, writeInteger(buffer, 0, pattern, prefixMask, value)).toString("hex");
}

test("the examples of RFC 7541 C.1 hold both ways", () => {
  for (const [value, mask, octets] of [
    [10, 0x1f, "0a"],
    [1337, 0x1f, "1f9a0a"],
    [42, 0xff, "2a"],
  ] as const) {
    assert.equal(write(value, mask), octets);
    assert.deepEqual(read(hex(octets), mask), { value, octets: octets.length / 2 });
  }
});

test("the bits before the prefix are written as given and ignored when read", () => {
  assert.equal(write(1337, 0x1f, 0x20), "3f9a0a");
  assert.equal(read(hex("ff9a0a"), 0x1f).value, 1337);
});

test("what is written is read back, for each prefix and over the whole range", () => {
  const masks = [0x0f, 0x1f, 0x3f, 0x7f];
  const values = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: MAX_INTEGER }));
  fc.assert(
    fc.property(values, fc.constantFrom(...masks), (value, mask) => {
      const octets = hex(write(value, mask));
      assert.deepEqual(read(octets, mask), { value, octets: octets.length });
    }),
  );
});

test("an integer that the block cuts off is truncated, wherever it is cut", () => {
  const octets = hex(write(MAX_INTEGER, 0x7f));
  assert.equal(octets.length, 6);
  for (let end = 0; end < octets.length; end++) {
    assert.equal(read(octets.subarray(0, end), 0x7f).value, INTEGER_TRUNCATED);
  }
});

test("the largest integer is 2^31 - 1", () => {
  assert.equal(read(hex("7f 80ffffff07"), 0x7f).value, MAX_INTEGER);
  assert.equal(read(hex("7f 81ffffff07"), 0x7f).value, INTEGER_TOO_LARGE);
  assert.equal(read(hex("7f ffffffff7f"), 0x7f).value, INTEGER_TOO_LARGE);
});

test("an integer of more than five further octets is refused, even if they are zeros", () => {
  assert.equal(read(hex("7f 8080808000"), 0x7f).value, 0x7f);
  assert.equal(read(hex("7f 808080808000"), 0x7f).value, INTEGER_TOO_LARGE);
});
