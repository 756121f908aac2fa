import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  decodeHuffman,
  HUFFMAN_BAD_PADDING,
  HUFFMAN_EOS,
  huffmanBytes,
  maxDecodedBytes,
  writeHuffman,
} from "./huffman.js";
import { CODE_LENGTHS, CODES, EOS } from "./huffman-code.js";
import { hex } from "./testing/codec.js";

function encode(text: string): Buffer {
  const buffer = Buffer.alloc(huffmanBytes(text) + 1, 0xaa);
  const end = writeHuffman(buffer, 0, text);
  assert.equal(end, huffmanBytes(text));
  return buffer.subarray(0, end);
}

function decode(octets: Uint8Array): string | number {
  const out = Buffer.alloc(maxDecodedBytes(octets.length));
  const length = decodeHuffman(Buffer.from(octets), 0, octets.length, out, out.length);
  return length < 0 ? length : out.toString("latin1", 0, length);
}

/** Octets from bits, padded with ones. */
function bits(text: string): Buffer {
  const digits = text.replaceAll(" ", "");
  const padded = digits.padEnd(Math.ceil(digits.length / 8) * 8, "1");
  return Buffer.from((padded.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)));
}

function codeOf(symbol: number): string {
  return (CODES[symbol] as number).toString(2).padStart(CODE_LENGTHS[symbol] as number, "0");
}

test("codes are those of RFC 7541 appendix B, at the first and last symbol of each length", () => {
  const expected: ReadonlyArray<readonly [symbol: number, code: number, bits: number]> = [
    [0x30, 0x0, 5],
    [0x74, 0x9, 5],
    [0x20, 0x14, 6],
    [0x75, 0x2d, 6],
    [0x3a, 0x5c, 7],
    [0x7a, 0x7b, 7],
    [0x26, 0xf8, 8],
    [0x5a, 0xfd, 8],
    [0x21, 0x3f8, 10],
    [0x3f, 0x3fc, 10],
    [0x27, 0x7fa, 11],
    [0x7c, 0x7fc, 11],
    [0x23, 0xffa, 12],
    [0x3e, 0xffb, 12],
    [0x00, 0x1ff8, 13],
    [0x7e, 0x1ffd, 13],
    [0x5e, 0x3ffc, 14],
    [0x7d, 0x3ffd, 14],
    [0x3c, 0x7ffc, 15],
    [0x7b, 0x7ffe, 15],
    [0x5c, 0x7fff0, 19],
    [0xd0, 0x7fff2, 19],
    [0x80, 0xfffe6, 20],
    [0xe2, 0xfffed, 20],
    [0x99, 0x1fffdc, 21],
    [0xe6, 0x1fffe8, 21],
    [0x81, 0x3fffd2, 22],
    [0xe9, 0x3fffeb, 22],
    [0x01, 0x7fffd8, 23],
    [0xef, 0x7ffff4, 23],
    [0x09, 0xffffea, 24],
    [0xed, 0xfffff5, 24],
    [0xc7, 0x1ffffec, 25],
    [0xeb, 0x1ffffef, 25],
    [0xc0, 0x3ffffe0, 26],
    [0xff, 0x3ffffee, 26],
    [0xcb, 0x7ffffde, 27],
    [0xfe, 0x7fffff0, 27],
    [0x02, 0xfffffe2, 28],
    [0xf9, 0xffffffe, 28],
    [0x0a, 0x3ffffffc, 30],
    [EOS, 0x3fffffff, 30],
  ];
  for (const [symbol, code, length] of expected) {
    assert.deepEqual([symbol, CODES[symbol], CODE_LENGTHS[symbol]], [symbol, code, length]);
  }
});

test("the code is complete: each sequence of bits begins with exactly one code", () => {
  assert.equal(
    CODE_LENGTHS.reduce((sum, length) => sum + 2 ** -length, 0),
    1,
  );
});

test("the strings of RFC 7541 C.4 and C.6 are encoded and decoded as printed there", () => {
  const strings = {
    "www.example.com": "f1e3 c2e5 f23a 6ba0 ab90 f4ff",
    "no-cache": "a8eb 1064 9cbf",
    "custom-key": "25a8 49e9 5ba9 7d7f",
    "custom-value": "25a8 49e9 5bb8 e8b4 bf",
    302: "6402",
    private: "aec3 771a 4b",
    "Mon, 21 Oct 2013 20:13:21 GMT": "d07a be94 1054 d444 a820 0595 040b 8166 e082 a62d 1bff",
    "https://www.example.com": "9d29 ad17 1863 c78f 0b97 c8e9 ae82 ae43 d3",
  };
  for (const [text, octets] of Object.entries(strings)) {
    assert.deepEqual(encode(text), hex(octets));
    assert.equal(decode(hex(octets)), text);
  }
});

test("each octet survives, next to each other octet", () => {
  for (let first = 0; first < 256; first++) {
    for (let second = 0; second < 256; second++) {
      const text = String.fromCharCode(first, second);
      assert.equal(decode(encode(text)), text);
    }
  }
});

test("any octets survive, whatever is around them in the buffer", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
      const text = Buffer.from(octets).toString("latin1");
      assert.equal(decode(encode(text)), text);
    }),
  );
});

test("up to seven ones are padding; eight, and a zero among them, are an error", () => {
  assert.equal(decode(bits(codeOf(0x3a))), ":"); // seven bits, one of padding
  assert.equal(decode(bits(codeOf(0x26))), "&"); // eight bits, no padding
  assert.equal(decode(bits(codeOf(0x30) + codeOf(0x26))), "0&"); // 13 bits, three of padding
  assert.equal(decode(bits(codeOf(0x30) + codeOf(0x30) + codeOf(0x3a))), "00:"); // 17 bits, seven of padding
  assert.equal(decode(bits(`${codeOf(0x26)} 11111111`)), HUFFMAN_BAD_PADDING);
  assert.equal(decode(bits(`${codeOf(0x30)} 11111111111`)), HUFFMAN_BAD_PADDING);
  assert.equal(decode(bits(`${codeOf(0x30)} 110`)), HUFFMAN_BAD_PADDING);
  assert.equal(decode(bits(`${codeOf(0x3a)} 0`)), HUFFMAN_BAD_PADDING);
  assert.equal(decode(hex("ff")), HUFFMAN_BAD_PADDING);
});

test("the end-of-string symbol is an error wherever it begins", () => {
  assert.equal(decode(hex("ffffffff")), HUFFMAN_EOS);
  assert.equal(decode(bits(`${codeOf(EOS)}${codeOf(0x30)}`)), HUFFMAN_EOS);
  for (const before of ["0", "00", "000", "0000", "00000", "000000", "0000000"]) {
    const start = [...before].map((c) => codeOf(c.charCodeAt(0))).join("");
    assert.equal(decode(bits(start + codeOf(EOS) + codeOf(0x30))), HUFFMAN_EOS);
  }
});

test("what goes over the capacity is counted and checked, and not stored", () => {
  const octets = encode("0123456789");
  const out = Buffer.alloc(20, 0xaa);
  assert.equal(decodeHuffman(octets, 0, octets.length, out, 4), 10);
  assert.equal(out.toString("latin1", 0, 4), "0123");
  assert.ok(out.subarray(4).every((octet) => octet === 0xaa));
  assert.equal(decodeHuffman(octets, 0, octets.length, out, -1), 10);
  const wrong = Buffer.concat([octets, hex("ffffffff")]);
  assert.equal(decodeHuffman(wrong, 0, wrong.length, out, 4), HUFFMAN_EOS);
});

test("the bound on the decoded length is reached by the shortest codes and never exceeded", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("0", "1", "a", "e", "~", "\0"), { maxLength: 60 }), (characters) => {
      const text = characters.join("");
      assert.ok(text.length <= maxDecodedBytes(huffmanBytes(text)));
    }),
  );
  assert.equal(maxDecodedBytes(huffmanBytes("00000000")), 8);
});
