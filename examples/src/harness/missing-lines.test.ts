import assert from "node:assert/strict";
import { test } from "node:test";
import { missingLines } from "./missing-lines.js";

test("nothing is missing when every line was printed, in whatever order and among others", () => {
  assert.deepEqual(missingLines(["one", "two"], ["two", "other", "one"]), []);
});

test("a line that was not printed is named", () => {
  assert.deepEqual(missingLines(["one", "two", "three"], ["one"]), ["two", "three"]);
});

test("a line counts only when it is exactly the same", () => {
  const required = ["Received: ‘hello’"];
  for (const almost of ["Received: 'hello'", "Received: ‘hello’ ", "received: ‘hello’", "x Received: ‘hello’"]) {
    assert.deepEqual(missingLines(required, [almost]), required);
  }
});

test("a line that is required twice must be printed twice", () => {
  assert.deepEqual(missingLines(["same", "same"], ["same"]), ["same"]);
  assert.deepEqual(missingLines(["same", "same"], ["same", "same"]), []);
});
