import assert from "node:assert/strict";
import { test } from "node:test";
import { DecodedBlockCache, hashBlock, MAX_CACHED_BLOCK_BYTES } from "./decoded-block-cache.js";
import { HpackDecoder } from "./decoder.js";
import { HeaderList } from "./header-list.js";
import { decodeList, hex } from "./testing/codec.js";

const INSERT_A = "40 03782d61 0131";
const PATH = "04 042f612f62";

test("a block of indexed fields decodes to the same object, with what was noted on it", () => {
  const decoder = new HpackDecoder();
  decodeList(decoder, hex(INSERT_A));
  const list = decodeList(decoder, hex("8286be"));
  list.memo = "noted";
  const again = decodeList(decoder, hex("8286be"));
  assert.equal(again, list);
  assert.equal(again.memo, "noted");
  assert.deepEqual(again.fields, [":method", "GET", ":scheme", "http", "x-a", "1"]);
});

test("another block is another object, be it only longer or shorter", () => {
  const decoder = new HpackDecoder();
  const list = decodeList(decoder, hex("8286"));
  assert.notEqual(decodeList(decoder, hex("82")), list);
  assert.notEqual(decodeList(decoder, hex("828684")), list);
  assert.notEqual(decodeList(decoder, hex("8287")), list);
  assert.equal(decodeList(decoder, hex("8286")), list);
});

test("a change of the table makes the same block decode to what it means then", () => {
  const decoder = new HpackDecoder();
  decodeList(decoder, hex(INSERT_A));
  const before = decodeList(decoder, hex("82be"));
  decodeList(decoder, hex("40 03782d62 0132"));
  const after = decodeList(decoder, hex("82be"));
  assert.equal(before.get("x-a"), "1");
  assert.equal(after.get("x-b"), "2");
  assert.equal(after.has("x-a"), false);
  assert.equal(decodeList(decoder, hex("82be")), after);
});

test("an eviction and a size update make the cache forget, too", () => {
  const decoder = new HpackDecoder();
  const list = decodeList(decoder, hex("8286"));
  decodeList(decoder, hex("3f45 82"));
  assert.notEqual(decodeList(decoder, hex("8286")), list);
  decodeList(decoder, hex(INSERT_A));
  const withA = decodeList(decoder, hex("82"));
  decodeList(decoder, Buffer.concat([hex("40 7f00"), Buffer.alloc(127, 0x62), hex("00")])); // too large: empties the table
  assert.notEqual(decodeList(decoder, hex("82")), withA);
});

test("a block that changes the table is decoded each time", () => {
  const decoder = new HpackDecoder();
  for (let i = 0; i < 4; i++) decodeList(decoder, hex(INSERT_A));
  assert.deepEqual(decodeList(decoder, hex("bebfc0c1")).count, 4);
});

test("a block that begins with a size update is decoded each time", () => {
  const decoder = new HpackDecoder();
  const update = hex("3fe11f 82");
  assert.notEqual(decodeList(decoder, update), decodeList(decoder, update));
});

test("a block with literals is kept when it comes a second time", () => {
  const decoder = new HpackDecoder();
  const first = decodeList(decoder, hex(`83 ${PATH}`));
  const second = decodeList(decoder, hex(`83 ${PATH}`));
  assert.notEqual(second, first);
  assert.deepEqual(second.fields, [":method", "POST", ":path", "/a/b"]);
  assert.equal(decodeList(decoder, hex(`83 ${PATH}`)), second);
});

test("blocks with literals that come once do not displace those that come often", () => {
  const decoder = new HpackDecoder();
  const list = decodeList(decoder, hex("8286"));
  for (let i = 0; i < 1000; i++)
    decodeList(decoder, Buffer.from(`\x00\x01a\x04${String(i).padStart(4, "0")}`, "latin1"));
  assert.equal(decodeList(decoder, hex("8286")), list);
});

test("a block with a never-indexed field is kept nowhere", () => {
  const decoder = new HpackDecoder();
  const lists = Array.from({ length: 4 }, () => decodeList(decoder, hex("82 1f08 06736563726574")));
  assert.equal(new Set(lists).size, 4);
});

test("the longest block that is kept has 128 octets", () => {
  const decoder = new HpackDecoder();
  const longest = Buffer.alloc(MAX_CACHED_BLOCK_BYTES, 0x82);
  assert.equal(decodeList(decoder, longest), decodeList(decoder, longest));
  const longer = Buffer.alloc(MAX_CACHED_BLOCK_BYTES + 1, 0x82);
  assert.notEqual(decodeList(decoder, longer), decodeList(decoder, longer));
});

test("memory is bounded: of many blocks at most one per slot is kept", () => {
  const cache = new DecodedBlockCache();
  const blocks = Array.from({ length: 5000 }, (_, i) => Buffer.from([0x82, i & 0x7f, i >> 7]));
  const list = HeaderList.of();
  for (const block of blocks) cache.store(hashBlock(block, 0, 3), block, 0, 3, 7, list, false);
  const kept = blocks.filter((block) => cache.find(hashBlock(block, 0, 3), block, 0, 3, 7) === list);
  assert.ok(kept.length <= 64, `${kept.length} are kept`);
  assert.ok(kept.length >= 32, `the hash fills only ${kept.length} of 64 slots`);
});

test("blocks whose hashes are equal are told apart", () => {
  const cache = new DecodedBlockCache();
  const one = Buffer.from([2, 0]);
  const other = Buffer.from([1, 31]);
  assert.equal(hashBlock(one, 0, 2), hashBlock(other, 0, 2));
  const list = HeaderList.of();
  cache.store(hashBlock(one, 0, 2), one, 0, 2, 0, list, false);
  assert.equal(cache.find(hashBlock(one, 0, 2), one, 0, 2, 0), list);
  assert.equal(cache.find(hashBlock(other, 0, 2), other, 0, 2, 0), undefined);
});

test("a list of another generation is not found, and gone when the next one is stored", () => {
  const cache = new DecodedBlockCache();
  const block = Buffer.from([0x82, 0x86]);
  const other = Buffer.from([0x82, 0x87]);
  const hash = hashBlock(block, 0, 2);
  cache.store(hash, block, 0, 2, 1, HeaderList.of(), false);
  assert.equal(cache.find(hash, block, 0, 2, 2), undefined);
  cache.store(hashBlock(other, 0, 2), other, 0, 2, 2, HeaderList.of(), false);
  assert.equal(cache.find(hash, block, 0, 2, 1), undefined);
  assert.equal(cache.find(hash, block, 0, 2, 2), undefined);
});
