import assert from "node:assert/strict";
import { test } from "node:test";
import { SeenFields } from "./seen-fields.js";

test("a field is remembered by name and value", () => {
  const seen = new SeenFields();
  assert.equal(seen.remember("ab", "c"), false);
  assert.equal(seen.remember("a", "bc"), false);
  assert.equal(seen.remember("ab", "d"), false);
  assert.equal(seen.remember("ab", "c"), true);
  assert.equal(seen.remember("ab", "c"), true);
});

test("fields that differ are not taken for each other", () => {
  const seen = new SeenFields();
  let mistaken = 0;
  for (let i = 0; i < 20_000; i++) {
    if (seen.remember("grpc-timeout", `${i}u`)) mistaken++;
    if (seen.remember("x-request-id", (i * 7919).toString(36))) mistaken++;
  }
  assert.equal(mistaken, 0);
});

test("a field that comes again soon is remembered, and one from long ago is not", () => {
  const seen = new SeenFields();
  seen.remember("x", "old");
  for (let i = 0; i < 30; i++) seen.remember("x-request-id", String(i));
  assert.equal(seen.remember("x", "old"), true);
  for (let i = 0; i < 3000; i++) seen.remember("x-request-id", `later-${i}`);
  assert.equal(seen.remember("x", "old"), false);
});
