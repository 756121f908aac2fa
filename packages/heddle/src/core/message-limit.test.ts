import assert from "node:assert/strict";
import test from "node:test";
import { messageLimit } from "./message-limit.js";

test("an option has its value, or its default", () => {
  assert.equal(messageLimit("maxBytes", undefined, 5), 5);
  for (const bytes of [0, 1, Number.POSITIVE_INFINITY]) assert.equal(messageLimit("maxBytes", bytes, 5), bytes);
});

test("what is no size is refused by the option's name", () => {
  for (const bytes of [-1, Number.NaN, "4 MiB" as unknown as number]) {
    assert.throws(() => messageLimit("maxBytes", bytes, 5), {
      name: "RangeError",
      message: new RegExp(`^maxBytes is ${bytes};`),
    });
  }
});
