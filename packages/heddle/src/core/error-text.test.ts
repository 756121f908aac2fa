import assert from "node:assert/strict";
import test from "node:test";
import { textOf } from "./error-text.js";

test("an error's text is its message", () => {
  assert.equal(textOf(new RangeError("too far")), "too far");
});

test("anything that can be thrown has a text, and none makes it throw", () => {
  assert.deepEqual(["no", 7, undefined, null, Symbol("s")].map(textOf), ["no", "7", "undefined", "null", "Symbol(s)"]);
  assert.match(textOf(Object.create(null)), /no Error/);
});
