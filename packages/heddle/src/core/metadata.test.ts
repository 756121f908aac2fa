import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import { Metadata, type MetadataInit } from "./metadata.js";

const bytes = Uint8Array.of(0, 1, 254, 255);

test("a key has the values that were set and appended, in that order", () => {
  const metadata = new Metadata().append("color", "red").append("size", "9").append("color", "blue");
  assert.equal(metadata.get("color"), "red");
  assert.deepEqual(metadata.getAll("color"), ["red", "blue"]);
  assert.equal(metadata.size, 3);
  assert.deepEqual([...metadata.keys()], ["color", "size"]);
  assert.deepEqual(
    [...metadata],
    [
      ["color", "red"],
      ["size", "9"],
      ["color", "blue"],
    ],
  );
  assert.deepEqual([...metadata.entries()], [...metadata]);
});

test("set replaces all values of a key, and of that key only", () => {
  const metadata = Metadata.from({ a: ["1", "2"], b: "3" });
  metadata.set("a", "4");
  assert.deepEqual(metadata.getAll("a"), ["4"]);
  assert.deepEqual(metadata.getAll("b"), ["3"]);
});

test("delete removes all values of a key, and says whether there were any", () => {
  const metadata = Metadata.from([
    ["a", "1"],
    ["b", "2"],
    ["a", "3"],
    ["c", "4"],
  ]);
  assert.equal(metadata.delete("A"), true);
  assert.equal(metadata.delete("a"), false);
  assert.deepEqual(
    [...metadata],
    [
      ["b", "2"],
      ["c", "4"],
    ],
  );
});

test("an absent key has no value", () => {
  const metadata = Metadata.from({ a: "1" });
  assert.equal(metadata.get("b"), undefined);
  assert.deepEqual(metadata.getAll("b-bin"), []);
  assert.equal(metadata.has("b"), false);
});

test("keys are the same in upper and lower case, and are kept in lower case", () => {
  const metadata = Metadata.from({ "X-Request-Id": "7", "Trace-BIN": bytes });
  assert.equal(metadata.get("x-request-ID"), "7");
  assert.ok(metadata.has("X-REQUEST-ID"));
  assert.deepEqual(metadata.get("trace-Bin"), bytes);
  assert.deepEqual([...metadata.keys()], ["x-request-id", "trace-bin"]);
});

test("it can be made from an object, a Map, pairs, and other metadata", () => {
  const map = new Map([["a", "1"]]);
  const pairs: [string, string][] = [["a", "1"]];
  const inits: MetadataInit[] = [{ a: "1" }, map, pairs, new Headers({ a: "1" }), Metadata.from({ a: "1" })];
  for (const init of inits) assert.deepEqual([...Metadata.from(init)], [["a", "1"]]);
});

test("metadata of another copy of the package is taken for pairs, and checked", () => {
  const foreign = {
    *[Symbol.iterator]() {
      yield ["a-bin", bytes] as [string, Uint8Array];
    },
  };
  assert.deepEqual(Metadata.from(foreign).get("a-bin"), bytes);
});

test("a copy and its original change independently", () => {
  const original = Metadata.from({ a: "1" });
  const copy = Metadata.from(original);
  copy.set("a", "2").set("b", "3");
  original.append("a", "4");
  assert.deepEqual(
    [...original],
    [
      ["a", "1"],
      ["a", "4"],
    ],
  );
  assert.deepEqual(
    [...copy],
    [
      ["a", "2"],
      ["b", "3"],
    ],
  );
});

test("bytes are copied when they are put in", () => {
  const mine = Uint8Array.of(1, 2, 3);
  const metadata = Metadata.from({ "a-bin": mine });
  mine.fill(0);
  assert.deepEqual(metadata.get("a-bin"), Uint8Array.of(1, 2, 3));
});

test("a Buffer that shares its memory is copied too, as a Uint8Array", () => {
  const buffer = Buffer.from("xyz");
  const value = Metadata.from({ "a-bin": buffer }).get("a-bin");
  buffer.fill(0);
  assert.deepEqual(value, new Uint8Array(Buffer.from("xyz")));
});

test("outer spaces of a text are removed, since HTTP may remove them on the way", () => {
  assert.equal(Metadata.from({ a: "  b c " }).get("a"), "b c");
});

test("keys that JavaScript objects inherit are ordinary keys", () => {
  for (const key of ["__proto__", "constructor", "hasownproperty", "tostring"]) {
    const metadata = new Metadata();
    assert.equal(metadata.get(key), undefined);
    metadata.set(key, "x");
    assert.deepEqual([...metadata], [[key, "x"]]);
    assert.match(inspect(metadata), new RegExp(key));
  }
  const metadata = Metadata.from(JSON.parse('{"__proto__": "polluted"}'));
  assert.equal(metadata.get("__proto__"), "polluted");
  assert.equal(Reflect.get({}, "polluted"), undefined);
});

test("a malformed key is refused by name", () => {
  for (const key of ["", "a b", ":path", "a\n", "ключ", "a/b", "x\0", "tab\t"]) {
    const named = (error: unknown) => error instanceof TypeError && error.message.includes(JSON.stringify(key));
    assert.throws(() => new Metadata().set(key, "1"), named, key);
    assert.throws(() => new Metadata().append(key, "1"), named, key);
    assert.throws(() => Metadata.from([[key, "1"]]), named, key);
  }
});

test("keys of the protocol and of the connection are refused, with the reason", () => {
  const reasons: [key: string, reason: RegExp][] = [
    ["grpc-status", /reserved/],
    ["GRPC-Timeout", /"grpc-timeout".*reserved/],
    ["grpc-anything-bin", /reserved/],
    ["grpc-previous-rpc-attempts", /reserved/],
    ["connection", /HTTP\/2 forbids/],
    ["keep-alive", /HTTP\/2 forbids/],
    ["proxy-connection", /HTTP\/2 forbids/],
    ["transfer-encoding", /HTTP\/2 forbids/],
    ["upgrade", /HTTP\/2 forbids/],
    ["te", /gRPC sets it/],
    ["content-type", /gRPC sets it/],
    ["content-length", /frames/],
    ["host", /target/],
    ["user-agent", /channel/],
  ];
  for (const [key, message] of reasons) {
    assert.throws(() => new Metadata().set(key as string, "1"), { name: "TypeError", message }, key);
  }
});

test("the grpc- keys that applications send are accepted", () => {
  const metadata = Metadata.from({ "grpc-retry-pushback-ms": "100", "grpc-trace-bin": bytes, "grpc-tags-bin": bytes });
  assert.equal(metadata.size, 3);
});

test("a character that ASCII metadata cannot carry is told with its key and place, and the value is not shown", () => {
  const cases: [value: string, problem: RegExp][] = [
    ["secret\r\nx", /"token".*U\+000D at index 6/],
    ["secret\0", /U\+0000 at index 6/],
    ["secret\t", /U\+0009 at index 6/],
    ["grüezi", /U\+00FC at index 2.*"-bin"/],
    ["\u007f", /U\+007F at index 0/],
    ["a😀", /U\+D83D at index 1/],
  ];
  for (const [value, message] of cases) {
    assert.throws(() => Metadata.from({ token: value }), { name: "TypeError", message });
    assert.throws(
      () => Metadata.from({ token: value }),
      (error: Error) => !error.message.includes("secret"),
    );
  }
});

test("all printable ASCII characters are accepted", () => {
  const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i)).join("");
  assert.equal(Metadata.from({ a: `x${printable}` }).get("a"), `x${printable}`);
});

test("a value of the wrong type is refused, and the right key or type is named", () => {
  const metadata = new Metadata();
  const message = /"a".*must be a string, but is a Uint8Array.*"a-bin"/;
  assert.throws(() => metadata.set("a" as string, bytes), { name: "TypeError", message });
  assert.throws(() => metadata.set("a-bin" as string, "text"), {
    name: "TypeError",
    message: /"a-bin".*Uint8Array.*string/,
  });
  assert.throws(() => metadata.set("a", 5 as never), { name: "TypeError", message: /type number/ });
  assert.throws(() => metadata.set("a", null as never), { name: "TypeError", message: /null/ });
  assert.throws(() => metadata.set(5 as never, "x" as never), { name: "TypeError", message: /key.*type number/ });
  assert.throws(() => Metadata.from({ a: undefined } as never), { name: "TypeError", message: /type undefined/ });
});

test("a refused set leaves the old value", () => {
  const metadata = Metadata.from({ a: "1" });
  assert.throws(() => metadata.set("a", "\n"));
  assert.deepEqual([...metadata], [["a", "1"]]);
});

test("inspection shows keys and values", () => {
  assert.equal(inspect(Metadata.from({ a: ["1", "2"] })), "Metadata { a: [ '1', '2' ] }");
});

test("the types know that -bin keys hold bytes", () => {
  const metadata = Metadata.from({ "a-bin": bytes, text: "x" });
  const binary: Uint8Array | undefined = metadata.get("a-bin");
  const text: string | undefined = metadata.get("text");
  const wide: string | Uint8Array | undefined = metadata.get("text" as string);
  const list: Uint8Array[] = metadata.getAll("A-Bin");
  assert.deepEqual([binary, text, wide, list], [bytes, "x", "x", [bytes]]);
  // @ts-expect-error bytes are not text
  const wrong: string | undefined = metadata.get("a-bin");
  assert.ok(wrong);
  // @ts-expect-error a -bin key takes bytes
  assert.throws(() => metadata.set("b-bin", "text"));
  // @ts-expect-error a key without -bin takes text
  assert.throws(() => metadata.append("b", bytes));
  // @ts-expect-error a -bin key takes bytes in an object too
  assert.throws(() => Metadata.from({ "b-bin": "text" }));
});
