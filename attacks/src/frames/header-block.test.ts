import assert from "node:assert/strict";
import { test } from "node:test";
import { integer, literal } from "./header-block.js";
import { filled, request } from "./message.js";

test("integers are as in the examples of RFC 7541 appendix C.1", () => {
  assert.deepEqual([...integer(10, 5)], [10]);
  assert.deepEqual([...integer(1337, 5)], [31, 154, 10]);
  assert.deepEqual([...integer(42, 8)], [42]);
  assert.deepEqual([...integer(127, 7)], [127, 0]);
});

test("a literal has its name and its value, of any length", () => {
  assert.deepEqual([...literal("a", "bc")], [0, 1, 97, 2, 98, 99]);
  assert.equal(literal("x", "y".repeat(1000)).length, 1 + 2 + 3 + 1000);
});

test("messages are protobuf with the prefix of gRPC", () => {
  assert.deepEqual([...request(300, 5)], [0, 0, 0, 0, 5, 0x08, 0xac, 0x02, 0x10, 5]);
  assert.deepEqual([...filled(2, 3)], [0, 0, 0, 0, 4, 0x1a, 2, 0, 0]);
});
