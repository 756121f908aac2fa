import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { decodeGrpcMessage, encodeGrpcMessage } from "./grpc-message.js";

/** Any UTF-16 code units, so that half of a surrogate pair comes alone now and then. */
const strings = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("%", "2", "5", "a", "F", "é", "😀", "\ud800", "\udc00", " ", "\n") }),
);

/** The string without lone surrogates, by the platform's own UTF-8. */
const wellFormed = (text: string) => Buffer.from(text, "utf8").toString("utf8");

test("a message arrives as it was, apart from lone surrogates, which become U+FFFD", () => {
  fc.assert(
    fc.property(strings, (message) => {
      assert.equal(decodeGrpcMessage(encodeGrpcMessage(message)), wellFormed(message));
    }),
    { numRuns: 2000 },
  );
});

test("what is sent is printable ASCII, in which % only begins an escape of two upper-case digits", () => {
  fc.assert(
    fc.property(strings, (message) => {
      assert.match(encodeGrpcMessage(message), /^(?:[\x20-\x24\x26-\x7e]|%[0-9A-F]{2})*$/);
    }),
    { numRuns: 2000 },
  );
});

test("the characters that need no escape are sent as they are", () => {
  for (let code = 0; code < 0x80; code++) {
    const character = String.fromCharCode(code);
    const plain = code >= 0x20 && code <= 0x7e && character !== "%";
    const escape = `%${code.toString(16).toUpperCase().padStart(2, "0")}`;
    assert.equal(encodeGrpcMessage(character), plain ? character : escape);
  }
});

test("it differs from encodeURI: all of UTF-8 is escaped, and spaces and brackets are not", () => {
  assert.equal(encodeGrpcMessage("100 % [ü] 😀"), "100 %25 [%C3%BC] %F0%9F%98%80");
});

test("escapes in lower case are understood, and so is a message that somebody escaped too much", () => {
  assert.equal(decodeGrpcMessage("%c3%bc%41"), "üA");
});

test("a % that begins no escape stays where it is", () => {
  for (const text of ["%", "%%", "%4", "%zz", "100%", "%G0", "%0G", "% 41", "%-1", "%0x"]) {
    assert.equal(decodeGrpcMessage(text), text);
  }
  assert.equal(decodeGrpcMessage("%%41%4"), "%A%4");
});

test("escaped bytes that are not UTF-8 become U+FFFD, and the rest is kept", () => {
  assert.equal(decodeGrpcMessage("a%FFb"), "a\ufffdb");
  assert.equal(decodeGrpcMessage("%F0%9F!"), "\ufffd!");
});

test("UTF-8 that a peer sent without escapes is read, as the bytes that it was on the wire", () => {
  assert.equal(decodeGrpcMessage(Buffer.from("größer 5 %C3%BC", "utf8").toString("latin1")), "größer 5 ü");
});

test("a byte order mark is part of the message", () => {
  assert.equal(decodeGrpcMessage("%EF%BB%BFx"), "\ufeffx");
});

test("no text makes the decoder throw or lose a character that it could have kept", () => {
  fc.assert(
    fc.property(strings, (text) => {
      const plain = (whole: string) => whole.replaceAll(/[^a-z ]/g, "");
      const withoutEscapes = text.replaceAll(/%[0-9a-fA-F]{2}/g, "");
      assert.ok(plain(decodeGrpcMessage(text)).length >= plain(withoutEscapes).length);
    }),
    { numRuns: 2000 },
  );
});
