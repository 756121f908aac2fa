import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { decodeBase64, encodeBase64, isBase64 } from "./base64.js";

test("what is encoded has no padding, and Buffer agrees about it", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = encodeBase64(bytes);
      assert.equal(text, Buffer.from(bytes).toString("base64").replaceAll("=", ""));
    }),
  );
});

test("both the padded and the unpadded form are accepted and give the bytes back", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      for (const text of [encodeBase64(bytes), Buffer.from(bytes).toString("base64")]) {
        assert.ok(isBase64(text), text);
        assert.deepEqual(decodeBase64(text), bytes);
      }
    }),
  );
});

test("nothing that is accepted makes the decoder throw", () => {
  const texts = fc.string({ unit: fc.constantFrom("A", "b", "9", "+", "/", "=", "-", "_", " ", "\n", "é") });
  fc.assert(
    fc.property(texts, (text) => {
      if (isBase64(text))
        assert.equal(decodeBase64(text).length, Math.floor((text.replaceAll("=", "").length * 3) / 4));
    }),
    { numRuns: 2000 },
  );
});

test("other alphabets, white space, misplaced padding and impossible lengths are refused", () => {
  for (const text of [
    "AA-_",
    "AA AA",
    "AAAA\n",
    "A",
    "AAAAA",
    "A=AA",
    "AAA==",
    "AA=",
    "=",
    "==",
    "A===",
    "AAAA====",
    "ÄAAA",
  ]) {
    assert.equal(isBase64(text), false, JSON.stringify(text));
  }
});
