import assert from "node:assert/strict";
import { test } from "node:test";
import { HpackDecoder } from "./decoder.js";
import { BLOCKS_PER_EVICTION, HpackEncoder } from "./encoder.js";
import { HeaderList } from "./header-list.js";
import { MIN_HUFFMAN_BYTES } from "./string-literal.js";
import { decodeList, encodeBlock } from "./testing/codec.js";
import { createMovingSink } from "./testing/sinks.js";

const EMPTY = HeaderList.of();

function encodeHex(encoder: HpackEncoder, list: HeaderList): string {
  return encodeBlock(encoder, list).toString("hex");
}

/** Sends the list three times, after which what can be in the tables is there. */
function settle(encoder: HpackEncoder, decoder: HpackDecoder, list: HeaderList): void {
  for (let i = 0; i < 3; i++) assert.deepEqual(decodeList(decoder, encodeBlock(encoder, list)).fields, list.fields);
}

test("a field is a literal at first, goes into the table the second time, and is an index from then on", () => {
  const encoder = new HpackEncoder();
  const list = HeaderList.of("x-a", "1");
  assert.equal(encodeHex(encoder, list), "0003782d610131");
  assert.equal(encodeHex(encoder, list), "4003782d610131");
  assert.equal(encodeHex(encoder, list), "be");
  assert.equal(encodeHex(encoder, list), "be");
});

test("within one block, an index takes the insertions before it into account", () => {
  const encoder = new HpackEncoder();
  const decoder = new HpackDecoder();
  const list = HeaderList.of(
    "x-a",
    "1",
    "x-a",
    "1",
    "x-b",
    "2",
    "x-a",
    "1",
    "x-b",
    "2",
    "x-b",
    "2",
    "x-a",
    "1",
    "x-b",
    "3",
  );
  settle(encoder, decoder, list);
});

test("fields of the static table are indices at once, and its names are used for other values", () => {
  const encoder = new HpackEncoder();
  assert.equal(encodeHex(encoder, HeaderList.of(":method", "POST", ":status", "200", ":path", "/a")), "838804022f61");
  assert.equal(encodeHex(encoder, HeaderList.of("user-agent", "x")), "0f2b0178");
});

test("values that come once never change the table", () => {
  const encoder = new HpackEncoder();
  const decoder = new HpackDecoder();
  settle(encoder, decoder, HeaderList.of("x-a", "1"));
  for (let i = 0; i < 500; i++) {
    const list = HeaderList.of("x-a", "1", "grpc-timeout", `${i}m`, "x-request-id", `id-${i}`);
    const block = encodeBlock(encoder, list);
    assert.equal(block[0], 0xbe, "the table has changed");
    assert.deepEqual(decodeList(decoder, block).fields, list.fields);
  }
});

test("a list whose fields all come again is all indices soon, whatever comes in between", () => {
  // Many lists, as fields that are remembered in the same place must not displace each other for ever.
  for (let n = 0; n < 200; n++) {
    const encoder = new HpackEncoder();
    const list = HeaderList.of(...Array.from({ length: 10 }, (_, i) => [`name-${n}-${i}`, `value-${i * n}`]).flat());
    for (let i = 0; i < 4; i++) {
      encodeBlock(encoder, list);
      encodeBlock(encoder, HeaderList.of("x-request-id", `${n}-${i}`));
    }
    assert.equal(encodeBlock(encoder, list).length, 10);
  }
});

test("a sensitive field is never indexed, even if the same field is in a table", () => {
  const encoder = new HpackEncoder();
  const decoder = new HpackDecoder();
  settle(encoder, decoder, HeaderList.of("x-token", "s3cret"));
  const list = new HeaderList(["x-token", "s3cret", "authorization", "b", ":method", "GET", "new", "1"], [0, 2, 4, 6]);
  for (let i = 0; i < 3; i++) {
    const block = encodeBlock(encoder, list);
    assert.ok(block.includes("s3cret") && block.includes("GET"));
    const decoded = decodeList(decoder, block);
    assert.deepEqual(decoded.fields, list.fields);
    assert.deepEqual(decoded.sensitive, list.sensitive);
  }
  assert.equal(encodeHex(encoder, HeaderList.of("x-token", "s3cret")), "be");
});

test("a field of more than a quarter of the table is never indexed", () => {
  const encoder = new HpackEncoder();
  const fits = HeaderList.of("a", "x".repeat(1024 - 33));
  const tooLarge = HeaderList.of("b", "x".repeat(1024 - 32));
  for (let i = 0; i < 2; i++) encodeBlock(encoder, fits, tooLarge);
  assert.equal(encodeBlock(encoder, fits).length, 1);
  assert.ok(encodeBlock(encoder, tooLarge).length > 500);
});

test("once the table is full, one field per so many blocks may evict others", () => {
  const encoder = new HpackEncoder();
  const decoder = new HpackDecoder();
  const generations: number[] = [];
  // 300 fields of 100 octets, each of them twice in a row, again and again: seven times what the table holds.
  const lists = Array.from({ length: 300 }, (_, i) => HeaderList.of("name", String(i).padEnd(64, "-")));
  for (let block = 0; block < 4 * BLOCKS_PER_EVICTION; block++) {
    for (const list of [lists[block % 7], lists[(block >> 1) % 300]] as HeaderList[]) {
      const octets = encodeBlock(encoder, list);
      assert.deepEqual(decodeList(decoder, octets).fields, list.fields);
      if ((octets[0] as number) >> 6 === 1) generations.push(block);
    }
  }
  const late = generations.filter((block) => block >= BLOCKS_PER_EVICTION);
  assert.ok(late.length >= 1, "the table does not follow at all");
  assert.ok(late.length <= 8, `the table changed ${late.length} times`);
});

test("a template is encoded as the same list would be, each time", () => {
  const fields = [":status", "200", "content-type", "application/grpc", "x-long", "y".repeat(2000), "x-token", "t"];
  const [plain, reusing] = [new HpackEncoder(), new HpackEncoder()];
  const template = HeaderList.template(fields, [6]);
  for (let i = 0; i < 6; i++) {
    assert.equal(encodeHex(reusing, template), encodeHex(plain, new HeaderList(fields, [6])));
  }
});

test("a template is right after the table has changed under it", () => {
  const encoder = new HpackEncoder();
  const decoder = new HpackDecoder();
  const templates = Array.from({ length: 5 }, (_, i) => HeaderList.template(["x-a", "1", "x-t", String(i)]));
  for (let i = 0; i < 400; i++) {
    const template = templates[i % 5] as HeaderList;
    // Each of these comes twice, and so changes the table.
    const other = HeaderList.of("x-other", `value-${i >> 1}-${"z".repeat(i % 50)}`);
    if (i === 200) encoder.setPeerTableSize(200);
    if (i === 300) encoder.setPeerTableSize(4096);
    const list = decodeList(decoder, encodeBlock(encoder, template, other, template));
    assert.deepEqual(list.fields, [...template.fields, ...other.fields, ...template.fields]);
  }
});

test("more templates than are kept are encoded all the same", () => {
  const encoder = new HpackEncoder();
  const decoder = new HpackDecoder();
  const templates = Array.from({ length: 600 }, (_, i) => HeaderList.template([":path", `/service/method-${i}`]));
  for (let round = 0; round < 3; round++) {
    for (const list of templates) assert.deepEqual(decodeList(decoder, encodeBlock(encoder, list)).fields, list.fields);
  }
});

test("single fields and lists make up one block", () => {
  const encoder = new HpackEncoder();
  const decoder = new HpackDecoder();
  const template = HeaderList.template([":method", "POST", "x-a", "1"]);
  for (let i = 0; i < 5; i++) {
    const sink = createMovingSink();
    encoder.beginBlock(sink);
    encoder.addList(template, sink);
    encoder.addField("grpc-timeout", "5S", false, sink);
    encoder.addField("x-token", "t", true, sink);
    encoder.addList(HeaderList.of("x-b", "2"), sink);
    const list = decodeList(decoder, sink.take());
    assert.deepEqual(list.fields, [...template.fields, "grpc-timeout", "5S", "x-token", "t", "x-b", "2"]);
    assert.deepEqual(list.sensitive, [6]);
  }
});

test("a size update is written at the beginning of the next block, once", () => {
  const encoder = new HpackEncoder();
  assert.equal(encodeHex(encoder, EMPTY), "");
  encoder.setPeerTableSize(256);
  assert.equal(encodeHex(encoder, EMPTY), "3fe101");
  assert.equal(encodeHex(encoder, EMPTY), "");
});

test("the table is never larger than 4096 octets, and no size update is written for more than that", () => {
  const encoder = new HpackEncoder();
  encoder.setPeerTableSize(65_536);
  assert.equal(encodeHex(encoder, EMPTY), "");
  encoder.setPeerTableSize(100);
  assert.equal(encodeHex(encoder, EMPTY), "3f45");
  encoder.setPeerTableSize(2 ** 32 - 1);
  assert.equal(encodeHex(encoder, EMPTY), "3fe11f");
});

test("of several changes between two blocks the smallest and the last size are told", () => {
  const encoder = new HpackEncoder();
  for (const bytes of [1000, 0, 500, 300]) encoder.setPeerTableSize(bytes);
  assert.equal(encodeHex(encoder, EMPTY), "203f8d02");
  for (const bytes of [200, 4096]) encoder.setPeerTableSize(bytes);
  assert.equal(encodeHex(encoder, EMPTY), "3fa9013fe11f");
  for (const bytes of [5000, 4096]) encoder.setPeerTableSize(bytes);
  assert.equal(encodeHex(encoder, EMPTY), "");
});

test("a table that only grows is told once, and a dip that ends where it began is told", () => {
  const encoder = new HpackEncoder();
  encoder.setPeerTableSize(100);
  encodeBlock(encoder, EMPTY);
  encoder.setPeerTableSize(200);
  assert.equal(encodeHex(encoder, EMPTY), "3fa901");
  encoder.setPeerTableSize(31);
  encoder.setPeerTableSize(200);
  assert.equal(encodeHex(encoder, EMPTY), "3f003fa901");
});

test("a dip empties the table", () => {
  const encoder = new HpackEncoder();
  const decoder = new HpackDecoder();
  const list = HeaderList.of("x-a", "1", "x-b", "2");
  settle(encoder, decoder, list);
  encoder.setPeerTableSize(0);
  encoder.setPeerTableSize(4096);
  decoder.setMaxTableSize(0);
  decoder.setMaxTableSize(4096);
  settle(encoder, decoder, list);
  assert.equal(encodeBlock(encoder, list).length, 2);
});

test("without a table, all that is in the static one is used and the rest is literal", () => {
  const encoder = new HpackEncoder();
  encoder.setPeerTableSize(0);
  const list = HeaderList.template([":method", "GET", "x-a", "1"]);
  assert.equal(encodeHex(encoder, list), "20820003782d610131");
  for (let i = 0; i < 4; i++) assert.equal(encodeHex(encoder, list), "820003782d610131");
});

test("a long string is Huffman-coded if that makes it shorter, a short one never", () => {
  const encoder = new HpackEncoder();
  const block = (value: string) => encodeBlock(encoder, new HeaderList(["x", value], [0]));
  assert.equal(block("a".repeat(MIN_HUFFMAN_BYTES - 1)).length, 4 + 63);
  assert.equal(block("a".repeat(MIN_HUFFMAN_BYTES)).length, 4 + 40);
  assert.equal(block("~".repeat(MIN_HUFFMAN_BYTES)).length, 4 + 64);
  const decoder = new HpackDecoder();
  for (const value of ["a".repeat(64), "~".repeat(64), "\xff\x00".repeat(100), "a\xff".repeat(500)]) {
    assert.equal(decodeList(decoder, block(value)).get("x"), value);
  }
});
