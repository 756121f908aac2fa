import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HpackDecoder, HpackError } from "./decoder.js";
import { OversizedHeaderList } from "./header-list.js";
import { decodeAny, decodeError, decodeList, hex } from "./testing/codec.js";

/** `x-a: 1`, with incremental indexing: 36 octets in the table. */
const INSERT_A = "40 03782d61 0131";
/** `x-b: 2`, likewise. */
const INSERT_B = "40 03782d62 0132";
const TO_0 = "20";
const TO_4096 = "3fe11f";
const TO_8192 = "3fe13f";

function literal(first: number, name: string, value: string): Buffer {
  const length = (text: string) => {
    assert.ok(text.length < 127 + 128);
    return text.length < 127 ? [text.length] : [127, text.length - 127];
  };
  return Buffer.concat([
    Buffer.from([first, ...length(name)]),
    Buffer.from(name, "latin1"),
    Buffer.from(length(value)),
    Buffer.from(value, "latin1"),
  ]);
}

test("each representation is decoded, with static and dynamic names", () => {
  const decoder = new HpackDecoder();
  assert.deepEqual(decodeList(decoder, hex(`82 ${INSERT_A} be`)).fields, [":method", "GET", "x-a", "1", "x-a", "1"]);
  assert.deepEqual(decodeList(decoder, hex("0f2f 0133")).fields, ["x-a", "3"]);
  assert.deepEqual(decodeList(decoder, hex("7e 0134 be bf")).fields, ["x-a", "4", "x-a", "4", "x-a", "1"]);
  assert.deepEqual(decodeList(decoder, hex("04 012f 1f00 00")).fields, [":path", "/", "accept-charset", ""]);
});

test("never-indexed fields are marked by position", () => {
  const list = decodeList(new HpackDecoder(), hex("82 10 0161 0131 00 0162 0132 1f08 0133"));
  assert.deepEqual(list.fields, [":method", "GET", "a", "1", "b", "2", "authorization", "3"]);
  assert.deepEqual(list.sensitive, [2, 6]);
});

test("an empty block is an empty list", () => {
  const list = decodeList(new HpackDecoder(), hex(""));
  assert.deepEqual([list.fields, list.size], [[], 0]);
});

test("octets over 0x7f come out as the characters of the same number", () => {
  const list = decodeList(new HpackDecoder(), hex("00 0161 0480ff c3a4"));
  assert.equal(list.get("a"), "\x80\xff\xc3\xa4");
});

const ERRORS: ReadonlyArray<readonly [title: string, block: string, reason: RegExp]> = [
  ["index 0", "82 80", /^index 0 at octet 1 of the header block stands for no field$/],
  [
    "an index past the static table, the dynamic one being empty",
    "be",
    /^index 62 at octet 0 .*past the tables' end: the last one is 61$/,
  ],
  ["an index past the dynamic table", `${INSERT_A} bf`, /^index 63 at octet 7 .*the last one is 62$/],
  ["a very large index", "ff 80ffffff07", /^index 2147483647 at octet 0 /],
  ["a name's index past the dynamic table", `${INSERT_A} 7f00 0131`, /^index 63 at octet 7 .*the last one is 62$/],
  ["an unindexed literal's name's index past the tables", "0f2f 0131", /^index 62 at octet 0 /],
  ["a size update after a field", "82 20", /^a size update of the dynamic table follows a field, at octet 1$/],
  ["more than two size updates", "20 3fe11f 3fe11f 82", /^the header block begins with more than 2 size updates$/],
  ["a size update over the limit", "3fe21f", /sets the dynamic table to 4097 octets; the limit is 4096$/],
  ["an index that is cut off", "82 ff", /^the header block ends within the integer at octet 1$/],
  ["a size update that is cut off", "3f", /^the header block ends within the integer at octet 0$/],
  ["a literal that ends before its name", "40", /^the header block ends within the integer at octet 1$/],
  ["a name that is cut off", "40 05616263", /^the string of 5 octets at octet 1 .*before which there are 3 octets$/],
  ["a literal that ends before its value", "40 0161", /^the header block ends within the integer at octet 3$/],
  ["a value that is cut off", "44 05616263", /^the string of 5 octets at octet 1 /],
  ["a string that claims 2 GiB", "44 7f 80ffffff07 00", /^the string of 2147483647 octets at octet 1 /],
  ["an integer over 2^31 - 1", "ff 81ffffff07", /^the integer at octet 0 .*is over 2147483647 or has too many octets$/],
  [
    "an endless integer",
    `ff ${"80".repeat(1000)}`,
    /^the integer at octet 0 .*is over 2147483647 or has too many octets$/,
  ],
  ["an endless string length", `44 ff ${"80".repeat(1000)}`, /^the integer at octet 1 /],
  [
    "padding of eight ones",
    "44 82f8ff",
    /^the Huffman-coded string at octet 2 .*padding that is longer than seven bits/,
  ],
  ["padding with a zero", "44 8106", /^the Huffman-coded string at octet 2 .*not all ones$/],
  [
    "the end-of-string symbol",
    "44 84ffffffff",
    /^the Huffman-coded string at octet 2 .*contains the end-of-string symbol$/,
  ],
  ["a wrong name", "40 84ffffffff 0131", /^the Huffman-coded string at octet 2 .*contains the end-of-string symbol$/],
];

for (const [title, block, reason] of ERRORS) {
  test(`${title} is an error, and the decoder gives no list any more`, () => {
    const decoder = new HpackDecoder();
    const valid = hex("8286");
    decodeList(decoder, valid);
    const error = decodeAny(decoder, hex(block));
    assert.ok(error instanceof HpackError);
    assert.match(error.reason, reason);
    assert.equal(decodeAny(decoder, valid), error);
  });

  test(`${title} is an error although no list is wanted`, () => {
    assert.match(decodeError(new HpackDecoder({ maxHeaderListBytes: 0 }), hex(block)), reason);
  });
}

test("random octets give a list or an error, and never throw", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }), (blocks) => {
      const decoder = new HpackDecoder({ maxHeaderListBytes: 200 });
      for (const block of blocks) {
        const result = decodeAny(decoder, block);
        if (result instanceof HpackError) assert.ok(result.reason.length > 10);
        else if (result instanceof OversizedHeaderList) assert.ok(result.size > 200);
        else assert.ok(result.size <= 200);
      }
    }),
    { numRuns: 2000 },
  );
});

test("a list may have the limit's size, and not an octet more", () => {
  const block = literal(0, "a", "x".repeat(67));
  assert.equal(decodeList(new HpackDecoder({ maxHeaderListBytes: 100 }), block).size, 100);
  const over = decodeAny(new HpackDecoder({ maxHeaderListBytes: 99 }), block);
  assert.ok(over instanceof OversizedHeaderList);
  assert.deepEqual([over.size, over.count], [100, 1]);
});

test("the default limit is 8192 octets", () => {
  const fields = Array.from({ length: 82 }, (_, i) => literal(0, "a", String(i).padEnd(67)));
  assert.ok(decodeAny(new HpackDecoder(), Buffer.concat(fields)) instanceof OversizedHeaderList);
  assert.equal(decodeList(new HpackDecoder(), Buffer.concat(fields.slice(1))).size, 8100);
});

test("a list may have the limit's number of fields, and not one more", () => {
  const decoder = new HpackDecoder({ maxHeaderCount: 3 });
  assert.equal(decodeList(decoder, hex("828684")).count, 3);
  const over = decodeAny(decoder, hex("8286 8486 86"));
  assert.ok(over instanceof OversizedHeaderList);
  assert.equal(over.count, 5);
});

test("no string is made of what neither the list nor the table can take", (t) => {
  const made: string[] = [];
  const slice = (Buffer.prototype as unknown as Record<string, (start: number, end: number) => string>).latin1Slice;
  t.mock.method(
    Buffer.prototype as unknown as Record<string, () => string>,
    "latin1Slice",
    function (this: Buffer, ...range: [number, number]) {
      made.push((slice as (start: number, end: number) => string).apply(this, range));
      return made.at(-1) as string;
    },
  );
  const long = "n".repeat(100);
  const plain = literal(0, long, long);
  const huffman = hex("00 86a8eb10649cbf 8925a849e95bb8e8b4bf");
  for (const options of [{ maxHeaderListBytes: 40 }, { maxHeaderCount: 0 }]) {
    assert.ok(decodeAny(new HpackDecoder(options), Buffer.concat([plain, huffman])) instanceof OversizedHeaderList);
  }
  // In a table of 100 octets, the value does not fit; the name alone would have.
  decodeAny(
    new HpackDecoder({ maxHeaderListBytes: 40 }),
    Buffer.concat([hex("3f45"), literal(0x40, "n".repeat(20), long.slice(40))]),
  );
  assert.deepEqual(made, ["n".repeat(20)]);
});

test("a list may be unlimited", () => {
  const decoder = new HpackDecoder({ maxHeaderListBytes: Number.POSITIVE_INFINITY });
  assert.equal(decodeList(decoder, hex("44 8860d5485f2bce9a68")).get(":path"), "/index.html");
  assert.equal(decodeList(decoder, Buffer.alloc(16_384, 0x82)).count, 16_384);
});

test("after an oversized list the dynamic table is in step: what was inserted by it can be used", () => {
  const decoder = new HpackDecoder({ maxHeaderListBytes: 100 });
  const block = Buffer.concat([hex(INSERT_A), literal(0, "big", "x".repeat(200)), hex(INSERT_B), hex("be bf")]);
  const over = decodeAny(decoder, block);
  assert.ok(over instanceof OversizedHeaderList);
  assert.deepEqual([over.size, over.count], [36 * 4 + 235, 5]);
  assert.deepEqual(decodeList(decoder, hex("be bf")).fields, ["x-b", "2", "x-a", "1"]);
});

test("a field that is too large for the list, but not for the table, is inserted", () => {
  const decoder = new HpackDecoder({ maxHeaderListBytes: 100 });
  const value = "v".repeat(60);
  assert.ok(
    decodeAny(decoder, Buffer.concat([hex(INSERT_A), literal(0x40, "x-big", value)])) instanceof OversizedHeaderList,
  );
  assert.deepEqual(decodeList(decoder, hex("be")).fields, ["x-big", value]);
  assert.deepEqual(decodeList(decoder, hex("bf")).fields, ["x-a", "1"]);
});

test("a field that is too large for the table empties it, whether the list can take it or not", () => {
  for (const maxHeaderListBytes of [90, 8192]) {
    const decoder = new HpackDecoder({ maxHeaderListBytes });
    decodeAny(decoder, Buffer.concat([hex("3f45"), hex(INSERT_A)])); // a table of 100 octets
    decodeAny(decoder, literal(0x40, "n".repeat(70), "v".repeat(80)));
    assert.match(decodeError(decoder, hex("be")), /the last one is 61$/);
  }
});

test("a list is limited however often one entry of the table is referred to", () => {
  const decoder = new HpackDecoder();
  decodeList(decoder, literal(0x40, "x-bomb", "b".repeat(200)));
  const over = decodeAny(decoder, Buffer.alloc(16_384, 0xbe));
  assert.ok(over instanceof OversizedHeaderList);
  assert.deepEqual([over.size, over.count], [16_384 * 238, 16_384]);
});

test("the peer may change the table's size up to the announced one, at a block's beginning and more than once", () => {
  const decoder = new HpackDecoder();
  assert.deepEqual(decodeList(decoder, hex(`${TO_0} ${TO_4096} ${INSERT_A}`)).fields, ["x-a", "1"]);
  assert.deepEqual(decodeList(decoder, hex(`${TO_4096} be`)).fields, ["x-a", "1"]);
  assert.match(decodeError(decoder, hex(`${TO_0} ${TO_4096} be`)), /^index 62 at octet 4 /);
});

test("a larger announcement is a limit at once, as the peer may have seen it, and a smaller one when acknowledged", () => {
  const larger = new HpackDecoder({ maxTableSizeBytes: 8192 });
  decodeList(larger, hex(`${TO_8192} ${INSERT_A}`));
  const smaller = new HpackDecoder({ maxTableSizeBytes: 0 });
  decodeList(smaller, hex(INSERT_A));
  decodeList(smaller, hex("be"));
  smaller.setMaxTableSize(0);
  decodeList(smaller, hex("20 82"));
  assert.match(decodeError(smaller, hex("21")), /to 1 octets; the limit is 0$/);
});

test("the table keeps the protocol's size until the peer says otherwise, whatever was announced", () => {
  const decoder = new HpackDecoder({ maxTableSizeBytes: 65_536 });
  decoder.setMaxTableSize(65_536);
  // 22 fields of 200 octets: 20 fit in 4096.
  for (let i = 0; i < 22; i++) decodeList(decoder, literal(0x40, "n", String(i).padEnd(167)));
  assert.equal(decodeList(decoder, hex("d1")).fields[1]?.trim(), "2");
  assert.match(decodeError(decoder, hex("d2")), /the last one is 81$/);
});

test("after a reduction the next block must begin with a size update", () => {
  for (const block of ["82", "", INSERT_A, "be"]) {
    const decoder = new HpackDecoder();
    decodeList(decoder, hex(INSERT_A));
    decoder.setMaxTableSize(100);
    assert.match(
      decodeError(decoder, hex(block)),
      /does not begin with a size update of the dynamic table to 100 octets or less/,
    );
  }
});

test("the required size update may be smaller than the limit, and is required once", () => {
  const decoder = new HpackDecoder();
  decoder.setMaxTableSize(100);
  decodeList(decoder, hex("3f13 82"));
  decodeList(decoder, hex("82"));
});

test("a dip of the limit must be told, even if it is over before the next block", () => {
  const decoder = new HpackDecoder();
  decodeList(decoder, hex(INSERT_A));
  decoder.setMaxTableSize(0);
  decoder.setMaxTableSize(4096);
  assert.match(decodeError(decoder, hex(`${TO_4096} be`)), /to 0 octets or less/);
  const good = new HpackDecoder();
  good.setMaxTableSize(0);
  good.setMaxTableSize(4096);
  assert.deepEqual(decodeList(good, hex(`${TO_0} ${TO_4096} ${INSERT_A}`)).fields, ["x-a", "1"]);
});

test("no size update is required for a limit that is not below the table's size", () => {
  const decoder = new HpackDecoder();
  decodeList(decoder, hex("3f45 82")); // 100 octets
  decoder.setMaxTableSize(100);
  decodeList(decoder, hex("82"));
});

test("an update that was required is required although the block's list is in the cache", () => {
  const decoder = new HpackDecoder();
  assert.equal(decodeList(decoder, hex("8286")), decodeList(decoder, hex("8286")));
  decoder.setMaxTableSize(100);
  assert.match(decodeError(decoder, hex("8286")), /does not begin with a size update/);
});

test("an entry may take up the whole table, by a name whose own entry it evicts, and one octet more empties the table", () => {
  const decoder = new HpackDecoder();
  decodeList(decoder, hex(`3f45 ${INSERT_A}`)); // a table of 100 octets
  const value = "v".repeat(65);
  const byName = (text: string) => Buffer.concat([hex("7e"), Buffer.from([text.length]), Buffer.from(text)]);
  assert.deepEqual(decodeList(decoder, byName(value)).fields, ["x-a", value]);
  assert.deepEqual(decodeList(decoder, hex("be")).fields, ["x-a", value]);
  assert.deepEqual(decodeList(decoder, byName(`${value}v`)).fields, ["x-a", `${value}v`]);
  assert.match(decodeError(decoder, hex("be")), /the last one is 61$/);
});

test("a table of size 0 keeps nothing, and what should go into it is decoded all the same", () => {
  const decoder = new HpackDecoder();
  decodeList(decoder, hex(INSERT_A));
  assert.deepEqual(decodeList(decoder, hex(`${TO_0} ${INSERT_B} 40 00 00`)).fields, ["x-b", "2", "", ""]);
  assert.deepEqual(decodeList(decoder, hex(`${INSERT_B} 82`)).fields, ["x-b", "2", ":method", "GET"]);
  assert.match(decodeError(decoder, hex("be")), /the last one is 61$/);
});

test("a reduction and a raise within one block evict, and the rest of the block goes by the new size", () => {
  const decoder = new HpackDecoder();
  decodeList(decoder, hex(`${INSERT_A} ${INSERT_B}`));
  // 36 octets hold one of the two.
  assert.deepEqual(decodeList(decoder, hex(`3f05 ${TO_4096} be ${INSERT_A} be bf`)).fields, [
    ...["x-b", "2", "x-a", "1"],
    ...["x-a", "1", "x-b", "2"],
  ]);
});

test("empty strings may be Huffman-coded", () => {
  assert.deepEqual(decodeList(new HpackDecoder(), hex("00 80 80 44 80")).fields, ["", "", ":path", ""]);
});
