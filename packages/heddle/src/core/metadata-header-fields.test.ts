/** How metadata travels: to and from the header lists of the transport. */
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { appendHeaderFields, findInvalidBinary, Metadata } from "./metadata.js";
import { isSendableKey } from "./metadata-grammar.js";

const keys = fc.stringMatching(/^[0-9a-z_.-]{1,12}$/).filter((key) => isSendableKey(key) && !key.endsWith("-bin"));
const textEntries = fc.tuple(
  keys,
  fc.stringMatching(/^[\x20-\x7e]{0,20}$/).map((value) => value.trim()),
);
const binaryEntries = fc.tuple(
  keys.map((key) => `${key}-bin`),
  fc.uint8Array({ maxLength: 20 }),
);
const entryLists = fc.array(fc.oneof<[typeof textEntries, typeof binaryEntries]>(textEntries, binaryEntries));

function headerFieldsOf(metadata: Metadata): string[] {
  const fields: string[] = [];
  appendHeaderFields(metadata, fields);
  return fields;
}

test("what is sent arrives, in order and unchanged", () => {
  fc.assert(
    fc.property(entryLists, (entries) => {
      const fields = headerFieldsOf(Metadata.from(entries));
      assert.equal(findInvalidBinary(fields), undefined);
      assert.deepEqual([...Metadata.fromHeaderFields(fields)], entries);
    }),
  );
});

test("received metadata can be forwarded, before and after somebody has looked at it", () => {
  fc.assert(
    fc.property(entryLists, (entries) => {
      const fields = headerFieldsOf(Metadata.from(entries));
      const received = Metadata.fromHeaderFields(fields);
      assert.deepEqual(headerFieldsOf(Metadata.from(received)), fields);
      assert.deepEqual([...received], entries);
      assert.deepEqual(headerFieldsOf(received), fields);
    }),
  );
});

test("values of a -bin key that were padded and joined by commas on the way arrive one by one", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array(), { minLength: 1 }), fc.constantFrom(",", ", ", " ,\t"), (values, comma) => {
      const joined = values.map((value) => Buffer.from(value).toString("base64")).join(comma);
      const metadata = Metadata.fromHeaderFields(["a-bin", joined]);
      assert.equal(findInvalidBinary(["a-bin", joined]), undefined);
      assert.deepEqual(metadata.getAll("a-bin"), values);
    }),
  );
});

test("bytes are sent as base64 without padding", () => {
  assert.deepEqual(headerFieldsOf(Metadata.from({ "a-bin": Uint8Array.of(255) })), ["a-bin", "/w"]);
});

test("header fields can be written straight from a plain object, behind those that are there", () => {
  const fields = ["te", "trailers"];
  appendHeaderFields({ a: ["1", "2"] }, fields);
  assert.deepEqual(fields, ["te", "trailers", "a", "1", "a", "2"]);
  assert.throws(() => appendHeaderFields({ "grpc-status": "0" }, []), TypeError);
});

test("pseudo-headers and the fields of the protocol are not metadata; the user-agent can be read", () => {
  const metadata = Metadata.fromHeaderFields([
    ":method", "POST", ":path", "/a.B/C", "te", "trailers", "content-type", "application/grpc", "grpc-timeout", "1S",
    "grpc-accept-encoding", "gzip", "user-agent", "grpc-go/1.60", "tenant", "a", "grpc-status-details-bin", "AA",
    "grpc-previous-rpc-attempts", "1", "grpc-trace-bin", "AA", "grpcish", "b", "tea", "c", "content-types", "d",
  ]); // biome-ignore format: pairs of name and value
  assert.deepEqual(
    [...metadata],
    [
      ["user-agent", "grpc-go/1.60"],
      ["tenant", "a"],
      ["grpc-previous-rpc-attempts", "1"],
      ["grpc-trace-bin", Uint8Array.of(0)],
      ["grpcish", "b"],
      ["tea", "c"],
      ["content-types", "d"],
    ],
  );
});

test("fields that only the peer may send are not forwarded", () => {
  const received = Metadata.fromHeaderFields([
    "user-agent",
    "x/1",
    "host",
    "h",
    "grpc-previous-rpc-attempts",
    "1",
    "a",
    "b",
  ]);
  assert.equal(received.size, 4);
  assert.deepEqual(headerFieldsOf(received), ["a", "b"]);
  assert.deepEqual(headerFieldsOf(Metadata.from(received)), ["a", "b"]);
});

test("odd names and values that HTTP allows are taken as they are", () => {
  const fields = ["x!y", "1", "latin", "gr\u00fc\u00df", "empty", "", "spaces", " a ", "list", "a, b,c"];
  assert.deepEqual([...Metadata.fromHeaderFields(fields)].flat(), fields);
});

test("a name that JavaScript objects inherit is metadata like any other", () => {
  assert.equal(Metadata.fromHeaderFields(["__proto__", "x"]).get("__proto__"), "x");
  assert.equal(Metadata.fromHeaderFields([]).get("__proto__"), undefined);
});

test("the first -bin field whose value is not base64 is named, and metadata leaves the value out", () => {
  const fields = ["a", "%%%", "good-bin", "AAA=", "bad-bin", "AA,*", "worse-bin", "*"];
  assert.equal(findInvalidBinary(fields), "bad-bin");
  assert.deepEqual([...Metadata.fromHeaderFields(fields).keys()], ["a", "good-bin", "bad-bin"]);
  assert.deepEqual(Metadata.fromHeaderFields(fields).getAll("bad-bin"), [Uint8Array.of(0)]);
});

test("damaged status details do not make the metadata invalid", () => {
  assert.equal(findInvalidBinary(["grpc-status-details-bin", "*"]), undefined);
});

test("no header list makes it throw", () => {
  const names = fc.oneof(fc.string(), fc.constantFrom("a-bin", "grpc-trace-bin", "-bin", ":x", "te", ""));
  fc.assert(
    fc.property(fc.array(fc.tuple(names, fc.string({ unit: "binary" }))), (pairs) => {
      const metadata = Metadata.fromHeaderFields(pairs.flat());
      for (const [key, value] of metadata) assert.equal(typeof value === "string", !key.endsWith("-bin"));
      headerFieldsOf(metadata);
      findInvalidBinary(pairs.flat());
    }),
  );
});
