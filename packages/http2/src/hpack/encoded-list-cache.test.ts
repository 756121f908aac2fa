import assert from "node:assert/strict";
import { test } from "node:test";
import { EncodedListCache } from "./encoded-list-cache.js";
import { HeaderList } from "./header-list.js";

const OCTETS = Uint8Array.of(0x82);

test("octets are found by the very list and the table's generation", () => {
  const cache = new EncodedListCache();
  const list = HeaderList.template([":method", "GET"]);
  cache.store(list, 5, OCTETS);
  assert.equal(cache.find(list, 5), OCTETS);
  assert.equal(cache.find(list, 6), undefined);
  assert.equal(cache.find(HeaderList.template([":method", "GET"]), 5), undefined);
});

test("what belongs to an older generation is let go with the next list", () => {
  const cache = new EncodedListCache();
  for (let i = 0; i < 10; i++) cache.store(HeaderList.of(), 1, OCTETS);
  cache.store(HeaderList.of(), 2, OCTETS);
  assert.equal(cache.size, 1);
});

test("memory is bounded: there are never more than 256 lists", () => {
  const cache = new EncodedListCache();
  for (let i = 0; i < 10_000; i++) {
    cache.store(HeaderList.of(), 1, OCTETS);
    assert.ok(cache.size <= 256);
  }
});
