/** What a decoder makes of bytes, and what it says about bytes that it refuses. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  create,
  type DescMessage,
  fromBinary,
  getExtension,
  type MessageShape,
  setExtension,
  toBinary,
} from "@bufbuild/protobuf";
import { codecOf } from "./codec-of.js";
import { DecodeError } from "./decode-error.js";
import { decode, encode } from "./standalone.js";
import { DelimitedSchema, Utf8Schema } from "./testing/gen/editions_pb.js";
import {
  DefaultsSchema,
  ExtendedSchema,
  ListsSchema,
  message_extension,
  number_extension,
  OptionalSchema,
  text_extension,
} from "./testing/gen/proto2_pb.js";
import {
  InheritedSchema,
  MapsSchema,
  OneofsSchema,
  OrderSchema,
  RepeatedSchema,
  ScalarsSchema,
  TreeSchema,
  WellKnownSchema,
} from "./testing/gen/proto3_pb.js";

/** Decodes as the library does, and makes sure of it. */
function decodeLikeLibrary<Schema extends DescMessage>(schema: Schema, ...bytes: number[]): MessageShape<Schema> {
  const input = Uint8Array.from(bytes);
  const message = decode(schema, input);
  assert.deepStrictEqual(message, fromBinary(schema, input));
  return message;
}

/** A field with a length: tag, length, content. */
function delimited(number: number, content: readonly number[]): number[] {
  assert.ok(content.length < 128 && number < 16);
  return [(number << 3) | 2, content.length, ...content];
}

const ascii = (text: string) => [...Buffer.from(text, "latin1")];

describe("a decoded message", () => {
  it("is a plain object with every implicit field, or has the prototype that create gives it", () => {
    assert.deepStrictEqual(decodeLikeLibrary(OrderSchema), create(OrderSchema));
    assert.equal(Object.getPrototypeOf(decode(OrderSchema, new Uint8Array(0))), Object.prototype);
    const message = decodeLikeLibrary(DefaultsSchema);
    assert.equal(Object.getPrototypeOf(message), Object.getPrototypeOf(create(DefaultsSchema)));
    assert.equal(message.number, 42);
    assert.equal(Object.hasOwn(message, "number"), false);
  });

  it("shares nothing with another one", () => {
    const [a, b] = [decode(RepeatedSchema, new Uint8Array(0)), decode(RepeatedSchema, new Uint8Array(0))];
    assert.notEqual(a.int32List, b.int32List);
    assert.notEqual(
      decode(ScalarsSchema, new Uint8Array(0)).bytesField,
      decode(ScalarsSchema, new Uint8Array(0)).bytesField,
    );
  });

  it("keeps copies of bytes and unknown fields, not the buffer", () => {
    for (const length of [3, 48, 49, 1000]) {
      const bytesField = new Uint8Array(length).fill(7);
      const unknown = { no: 900, wireType: 2, data: Uint8Array.of(2, 1, 1) };
      const buffer = Buffer.from(encode(ScalarsSchema, create(ScalarsSchema, { bytesField })));
      const message = decode(
        ScalarsSchema,
        Buffer.concat([buffer, encode(ScalarsSchema, { ...create(ScalarsSchema), $unknown: [unknown] })]),
      );
      buffer.fill(0);
      assert.deepStrictEqual(message.bytesField, bytesField);
      assert.equal(message.bytesField.buffer.byteLength, length);
      assert.deepStrictEqual(message.$unknown, [unknown]);
    }
  });

  it("has the last value of a singular field and of a oneof", () => {
    assert.equal(decodeLikeLibrary(OrderSchema, 0x10, 1, 0x10, 2).quantity, 2);
    const choice = decodeLikeLibrary(OneofsSchema, 0x08, 1, 0x28, 1).choice;
    assert.deepStrictEqual(choice, { case: "boolChoice", value: true });
  });

  it("merges the occurrences of a message field, in a oneof only those of the same case in a row", () => {
    const tree = decodeLikeLibrary(
      TreeSchema,
      ...delimited(2, delimited(1, ascii("a"))),
      ...delimited(2, delimited(3, [])),
    );
    assert.equal(tree.left?.name, "a");
    assert.equal(tree.left?.children.length, 1);
    const nested = [...delimited(14, delimited(2, ascii("a"))), ...delimited(14, delimited(4, ascii("b")))];
    const merged = create(OneofsSchema, { before: "a", between: "b" });
    assert.deepStrictEqual(decodeLikeLibrary(OneofsSchema, ...nested).choice, { case: "nestedChoice", value: merged });
    const interrupted = [...nested, 0x08, 1, ...delimited(14, [])];
    assert.deepStrictEqual(decodeLikeLibrary(OneofsSchema, ...interrupted).choice.value, create(OneofsSchema));
  });

  it("takes packed and single elements of a list, mixed", () => {
    assert.deepStrictEqual(decodeLikeLibrary(RepeatedSchema, 0x18, 1, 0x1a, 2, 2, 3, 0x18, 4).int32List, [1, 2, 3, 4]);
    assert.deepStrictEqual(decodeLikeLibrary(ListsSchema, 0x0a, 2, 1, 2, 0x08, 3).unpacked, [1, 2, 3]);
  });

  it("keeps numbers that a closed enum does not have as unknown fields, and writes them back", () => {
    const message = decodeLikeLibrary(OptionalSchema, 0x80, 1, 77);
    assert.equal(Object.hasOwn(message, "enumField"), false);
    assert.deepStrictEqual(message.$unknown, [{ no: 16, wireType: 0, data: Uint8Array.of(77) }]);
    assert.deepStrictEqual([...encode(OptionalSchema, message)], [0x80, 1, 77]);
    assert.equal(decodeLikeLibrary(OptionalSchema, 0x80, 1, 1).enumField, 1);
  });

  it("keeps extensions and unknown fields in order, and writes them back behind the known ones", () => {
    const message = create(ExtendedSchema, { known: "known" });
    setExtension(message, number_extension, -1);
    setExtension(message, text_extension, ["a", "b"]);
    setExtension(message, message_extension, create(ExtendedSchema, { known: "child" }));
    const bytes = toBinary(ExtendedSchema, message);
    assert.deepStrictEqual(encode(ExtendedSchema, message), bytes);
    const decoded = decodeLikeLibrary(ExtendedSchema, ...bytes);
    assert.deepStrictEqual(getExtension(decoded, text_extension), ["a", "b"]);
    assert.deepStrictEqual(
      decoded.$unknown?.map(({ no }) => no),
      [100, 101, 101, 1],
    );
  });

  it("has wrappers as their values and structs as JSON, merged when they occur twice", () => {
    const once = decodeLikeLibrary(WellKnownSchema, ...delimited(13, [0x08, 5]));
    assert.equal(once.int32Value, 5);
    const twice = decodeLikeLibrary(WellKnownSchema, ...delimited(13, [0x08, 5]), ...delimited(13, []));
    assert.equal(twice.int32Value, 5);
    const entry = (key: string, value: number[]) => delimited(1, [...delimited(1, ascii(key)), ...delimited(2, value)]);
    const struct = [
      ...delimited(4, [...entry("a", [0x20, 1]), ...entry("b", delimited(3, ascii("old")))]),
      ...delimited(4, entry("b", [0x08, 0])),
    ];
    assert.deepStrictEqual(decodeLikeLibrary(WellKnownSchema, ...struct).struct, { a: true, b: null });
  });

  it("fills what a map entry lacks with zero, and takes the last of what it has twice", () => {
    assert.deepStrictEqual(decodeLikeLibrary(MapsSchema, ...delimited(1, [])).int32Map, { 0: "" });
    const twice = delimited(1, [0x08, 1, 0x08, 2, ...delimited(2, ascii("a")), ...delimited(2, ascii("b"))]);
    assert.deepStrictEqual(decodeLikeLibrary(MapsSchema, ...twice).int32Map, { 2: "b" });
    assert.deepStrictEqual(decodeLikeLibrary(MapsSchema, ...delimited(12, [])).stringMap, {
      "": create(ScalarsSchema),
    });
  });

  it("has the map key __proto__ as an entry, and no object's prototype changes", () => {
    const value = delimited(14, ascii("polluted"));
    const bytes = Uint8Array.from(delimited(12, [...delimited(1, ascii("__proto__")), ...delimited(2, value)]));
    const { stringMap } = decode(MapsSchema, bytes);
    assert.deepStrictEqual(Object.keys(stringMap), ["__proto__"]);
    assert.equal(Object.getPrototypeOf(stringMap), Object.prototype);
    assert.equal("stringField" in {}, false);
    assert.deepStrictEqual(encode(MapsSchema, decode(MapsSchema, bytes)), encode(MapsSchema, { stringMap }));
    const struct = { struct: JSON.parse('{"__proto__":{"polluted":true}}') };
    const decoded = decode(WellKnownSchema, encode(WellKnownSchema, struct)).struct;
    assert.deepStrictEqual(Object.keys(decoded ?? {}), ["__proto__"]);
    assert.equal(JSON.stringify(decoded), '{"__proto__":{"polluted":true}}');
  });

  it("can have fields whose names every object inherits", () => {
    const init = { hasOwnProperty: "x", isPrototypeOf: 1, propertyIsEnumerable: { DefineGetter: [1] } };
    const bytes = encode(InheritedSchema, init as never);
    const message = decode(InheritedSchema, Buffer.concat([bytes, bytes]));
    assert.equal(Object.hasOwn(message, "isPrototypeOf"), true);
    assert.deepStrictEqual(Reflect.get(Reflect.get(message, "propertyIsEnumerable") as object, "DefineGetter"), [1, 1]);
    const union = Uint8Array.from(delimited(5, delimited(1, ascii("y"))));
    assert.equal((Reflect.get(decode(InheritedSchema, union), "toLocaleString") as { case: string }).case, "valueOf");
  });
});

describe("strings", () => {
  const utf8 = (number: number, ...content: number[]) => Uint8Array.from(delimited(number, content));
  const invalid: Record<string, number[]> = {
    "a byte that UTF-8 does not have": [0xff],
    "an overlong form": [0xc0, 0xaf],
    "a surrogate": [0xed, 0xa0, 0x80],
    "a sequence cut short": [0x61, 0xe2, 0x82],
    "a code point above U+10FFFF": [0xf4, 0x90, 0x80, 0x80],
  };

  for (const [name, content] of Object.entries(invalid)) {
    for (const padding of [0, 40]) {
      it(`with ${name} are refused where UTF-8 is verified and repaired where not (${content.length + padding} bytes)`, () => {
        const text = [...content, ...Array<number>(padding).fill(0x61)];
        assert.throws(
          () => decode(Utf8Schema, utf8(1, ...text)),
          /Utf8\.verified at byte 2: a string of \d+ bytes is not valid UTF-8/,
        );
        assert.throws(() => decode(Utf8Schema, utf8(5, ...text)), /Utf8\.verified_list/);
        assert.throws(() => decode(Utf8Schema, utf8(6, ...delimited(1, text))), /Utf8\.verified_map/);
        for (const number of [2, 3]) decodeLikeLibrary(Utf8Schema, ...utf8(number, ...text));
        decodeLikeLibrary(Utf8Schema, ...utf8(4, ...delimited(2, text)));
        assert.ok(decode(Utf8Schema, utf8(2, ...text)).unverified.includes("\ufffd"));
      });
    }
  }

  it("may hold U+FFFD itself", () => {
    assert.equal(decodeLikeLibrary(Utf8Schema, ...utf8(1, 0xef, 0xbf, 0xbd)).verified, "\ufffd");
  });

  it("lose a byte order mark at their start, as in the library", () => {
    for (const number of [1, 2])
      decodeLikeLibrary(Utf8Schema, ...utf8(number, 0xef, 0xbb, 0xbf, 0x61, 0xef, 0xbb, 0xbf));
  });

  it("of every length come out as they were", () => {
    for (const unit of ["a", "é", "\u0000", "😀"]) {
      for (let length = 0; length < 70; length++) {
        const id = unit.repeat(length);
        assert.equal(decode(OrderSchema, encode(OrderSchema, { id })).id, id);
      }
    }
  });
});

describe("limits", () => {
  /** `levels` messages in each other. */
  function nest(levels: number, wrap: (content: Buffer) => Buffer): Uint8Array {
    let content: Buffer = Buffer.alloc(0);
    for (let i = 1; i < levels; i++) content = wrap(content);
    return new Uint8Array(content);
  }
  const varint = (value: number) => (value < 128 ? [value] : [(value & 127) | 128, value >> 7]);
  const asField = (content: Buffer) => Buffer.from([0x12, ...varint(content.length), ...content]);
  const asGroup = (content: Buffer) => Buffer.from([0x0b, ...content, 0x0c]);
  const asUnknownGroup = (content: Buffer) => Buffer.from([0xfb, 0x3e, ...content, 0xfc, 0x3e]);

  for (const [name, schema, wrap] of [
    ["messages", TreeSchema, asField],
    ["groups", DelimitedSchema, asGroup],
    ["unknown groups", TreeSchema, asUnknownGroup],
  ] as const) {
    it(`let ${name} be nested 100 deep and no deeper`, () => {
      assert.deepStrictEqual(decode(schema, nest(100, wrap)), fromBinary(schema, nest(100, wrap)));
      assert.throws(() => fromBinary(schema, nest(101, wrap)));
      assert.throws(() => decode(schema, nest(101, wrap)), /nested more than 100 deep/);
      assert.throws(() => decode(schema, nest(10_000, wrap).subarray(0, 16_000)), DecodeError);
    });
  }

  it("compare a length with the data before anything is allocated", () => {
    const huge = [0xff, 0xff, 0xff, 0xff, 0x0f];
    const fields: [DescMessage, number][] = [
      [ScalarsSchema, 0x72],
      [ScalarsSchema, 0x7a],
      [TreeSchema, 0x12],
      [TreeSchema, 0x22],
      [RepeatedSchema, 0x0a],
      [RepeatedSchema, 0x1a],
      [OrderSchema, 0x7a],
    ];
    for (const [schema, tag] of fields) {
      assert.throws(() => decode(schema, Uint8Array.of(tag, ...huge, 1, 2)), /the data ends within this value/);
    }
  });

  it("let no value reach behind the end of the range, where the buffer goes on", () => {
    const buffer = Buffer.alloc(64, 1);
    for (const tag of [0x09, 0x15, 0x18, 0x4d, 0x51, 0x72, 0x7a, 0x68, 0xf8, 0xfa, 0xf9, 0xfd]) {
      buffer[0] = tag;
      assert.throws(() => codecOf(ScalarsSchema).decode(buffer, 0, 1), DecodeError, `tag ${tag}`);
    }
  });

  it("refuse a range that the buffer does not have", () => {
    const { decode } = codecOf(OrderSchema);
    for (const [start, end] of [
      [-1, 0],
      [2, 1],
      [0, 5],
      [Number.NaN, 1],
    ] as const) {
      assert.throws(() => Reflect.apply(decode, codecOf(OrderSchema), [Buffer.alloc(4), start, end]), RangeError);
    }
  });
});

describe("a DecodeError", () => {
  it("says the message type, the field, the offset from the start of the data and what was wrong", () => {
    const buffer = Buffer.from([9, 9, 9, 0x12, 4, 0x1a, 2, 0x0a, 5, 9, 9, 9, 9, 9]);
    assert.throws(() => codecOf(TreeSchema).decode(buffer, 3, 9), {
      name: "DecodeError",
      typeName: "heddle.protobuf.testing.proto3.Tree",
      field: "name",
      offset: 6,
      message:
        "cannot decode heddle.protobuf.testing.proto3.Tree.name at byte 6: the data ends within this value: 5 more bytes were needed",
    });
  });

  const cases: [string, RegExp, DescMessage, number[]][] = [
    [
      "a varint of eleven bytes",
      /Order\.quantity at byte 1: a varint is longer than 10 bytes/,
      OrderSchema,
      [0x10, ...Array(11).fill(0x80)],
    ],
    [
      "a 64-bit varint of eleven bytes",
      /int64_field at byte 1: a varint is longer/,
      ScalarsSchema,
      [0x20, ...Array(11).fill(0x80)],
    ],
    ["a tag of more than 32 bits", /a tag does not fit in 32 bits/, OrderSchema, [0x88, 0x80, 0x80, 0x80, 0x10, 0]],
    ["a tag of six bytes", /a tag does not fit in 32 bits/, OrderSchema, [0x88, 0x80, 0x80, 0x80, 0x80, 0]],
    ["the field number 0", /the field number 0/, OrderSchema, [0x00, 0x00]],
    ["the wire type 6", /the unknown wire type 6/, OrderSchema, [0x0e, 0x00]],
    ["an end tag without a group", /an end tag of group 9 without a group/, OrderSchema, [0x4c]],
    ["a group that ends as another one", /group 1 is closed by the end tag of group 2/, DelimitedSchema, [0x0b, 0x14]],
    [
      "an unknown group that ends as another one",
      /group 9 is closed by the end tag of group 10/,
      OrderSchema,
      [0x4b, 0x54],
    ],
    ["a group without an end", /group 1 has no end tag/, DelimitedSchema, [0x0b, 0x42, 0]],
    ["an unknown varint that is cut short", /the data ends within this value: 1 more/, OrderSchema, [0x48, 0x80]],
    ["an unknown fixed64 that is cut short", /the data ends within this value: 6 more/, OrderSchema, [0x49, 1, 2]],
  ];
  for (const [name, expected, schema, bytes] of cases) {
    it(`is thrown for ${name}`, () => {
      assert.throws(() => fromBinary(schema, Uint8Array.from(bytes)));
      assert.throws(
        () => decode(schema, Uint8Array.from(bytes)),
        (error) => {
          assert.ok(error instanceof DecodeError);
          assert.match(error.message, expected);
          return true;
        },
      );
    });
  }
});
