import assert from "node:assert/strict";
import { test } from "node:test";
import { hex } from "../../hpack/testing/codec.js";
import { HUFFMAN_BITS, STATIC_ENTRIES } from "./rfc7541-tables.js";
import {
  SimpleCursor,
  SimpleHpackDecoder,
  SimpleHpackError,
  simpleHuffmanDecode,
  simpleHuffmanEncode,
} from "./simple-hpack.js";

const show = (decoder: SimpleHpackDecoder, digits: string): string[] =>
  decoder.decode(hex(digits)).map(({ name, value, sensitive }) => `${name}=${value}${sensitive ? " !" : ""}`);

test("the tables have all entries of the appendices, and the code is complete and free of prefixes", () => {
  assert.equal(STATIC_ENTRIES.length, 61);
  assert.deepEqual(STATIC_ENTRIES[60], ["www-authenticate", ""]);
  assert.equal(HUFFMAN_BITS.length, 257);
  assert.equal(
    HUFFMAN_BITS.reduce((sum, bits) => sum + 2 ** -bits.length, 0),
    1,
  );
  const sorted = [...HUFFMAN_BITS].sort();
  for (let i = 1; i < sorted.length; i++) {
    assert.ok(!(sorted[i] as string).startsWith(sorted[i - 1] as string), `${sorted[i - 1]} begins ${sorted[i]}`);
  }
});

test("the integers of RFC 7541 C.1 are read as printed there", () => {
  assert.equal(new SimpleCursor(hex("0a")).integer(5), 10);
  assert.equal(new SimpleCursor(hex("1f 9a 0a")).integer(5), 1337);
  assert.equal(new SimpleCursor(hex("2a")).integer(8), 42);
});

test("the responses of RFC 7541 C.6, with Huffman code and evictions, are read as printed there", () => {
  const decoder = new SimpleHpackDecoder(256);
  const size = "3f e1 01";
  assert.deepEqual(
    show(
      decoder,
      `${size} 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718
       63c7 8f0b 97c8 e9ae 82ae 43d3`,
    ),
    [":status=302", "cache-control=private", "date=Mon, 21 Oct 2013 20:13:21 GMT", "location=https://www.example.com"],
  );
  assert.deepEqual(show(decoder, "4883 640e ffc1 c0bf"), [
    ":status=307",
    "cache-control=private",
    "date=Mon, 21 Oct 2013 20:13:21 GMT",
    "location=https://www.example.com",
  ]);
  assert.equal(
    show(
      decoder,
      `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf
       cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07`,
    ).at(-1),
    "set-cookie=foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
  );
});

test("a field that is never indexed is marked", () => {
  assert.deepEqual(show(new SimpleHpackDecoder(), "1008 7061 7373 776f 7264 0673 6563 7265 74"), ["password=secret !"]);
});

test("what RFC 7541 forbids is refused", () => {
  const forbidden: Readonly<Record<string, string>> = {
    "index 0": "80",
    "an index past the tables": "be",
    "a size update behind a field": "82 20",
    "a size update over the limit": "3f e2 1f",
    "three size updates": "20 3f01 20 82",
    "a string that goes past the end": "00 05 6161",
    "an integer that never ends": "ff ff ff ff ff ff ff ff",
    "EOS in a string": "00 84 ffff ffff 00",
    "padding of eight bits": "00 82 1fff 00",
    "padding with a zero": "00 81 18 00",
  };
  for (const [what, digits] of Object.entries(forbidden)) {
    assert.throws(() => new SimpleHpackDecoder().decode(hex(digits)), SimpleHpackError, what);
  }
});

test("after the limit has shrunk, a block must begin with a size update as small as the smallest limit", () => {
  const decoder = new SimpleHpackDecoder();
  decoder.setMaxTableSize(100);
  decoder.setMaxTableSize(4096);
  assert.throws(() => decoder.decode(hex("82")), SimpleHpackError);
  const obeyed = new SimpleHpackDecoder();
  obeyed.setMaxTableSize(100);
  assert.equal(obeyed.decode(hex("3f45 82")).length, 1);
});

test("each octet survives the Huffman code", () => {
  const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString("latin1");
  assert.equal(simpleHuffmanDecode(simpleHuffmanEncode(all)), all);
});
