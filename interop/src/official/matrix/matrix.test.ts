import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "./matrix.js";

test("the table has an outcome, a note or nothing in each cell, and the notes below it", () => {
  const matrix = new Matrix(["a → b\nplaintext", "a → b\nTLS"]);
  matrix.record("first", "a → b\nplaintext", "ok");
  matrix.record("second", "a → b\nTLS", "FAILED");
  matrix.note("first", "a → b\nTLS", "no such thing");
  matrix.note("third", "a → b\nTLS", "no such thing");
  assert.equal(
    matrix.print(["first", "second", "third"]),
    [
      "        a → b      a → b",
      "        plaintext  TLS",
      "first   ok         - [1]",
      "second             FAILED",
      "third              - [1]",
      "[1] no such thing",
    ].join("\n"),
  );
});
