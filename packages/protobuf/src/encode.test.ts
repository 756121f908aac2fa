/** What an encoder takes, what it leaves out, and what it refuses. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { create, type DescMessage, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import { EncodeError } from "./encode-error.js";
import { encode } from "./standalone.js";
import { PresenceSchema } from "./testing/gen/editions_pb.js";
import { DefaultsSchema, OptionalSchema, RequiredSchema } from "./testing/gen/proto2_pb.js";
import {
  InheritedSchema,
  MapsSchema,
  OneofsSchema,
  OptionalsSchema,
  OrderSchema,
  RepeatedSchema,
  ScalarsSchema,
  TreeSchema,
  WellKnownSchema,
} from "./testing/gen/proto3_pb.js";

/** Encodes something that the types would not allow. */
function encodeAny(schema: DescMessage, init: unknown): Uint8Array {
  return encode(schema, init as MessageInitShape<DescMessage>);
}

function reference(schema: DescMessage, init: unknown): Uint8Array {
  return toBinary(schema, create(schema, init as MessageInitShape<DescMessage>));
}

function attempt(action: () => Uint8Array): Uint8Array | "error" {
  try {
    return action();
  } catch {
    return "error";
  }
}

describe("the values of numeric fields", () => {
  const oddValues: readonly unknown[] = [
    ..."0|-0|00|1|-1|12|1e2|0x10| 7 ||abc|NaN|Infinity|-Infinity|1.5|2147483648|4294967295|4294967296".split("|"),
    ...["9223372036854775807", "9223372036854775808", "-9223372036854775809", "18446744073709551616", "3.5e38"],
    ...[0, -0, 1.5, Number.NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 32 - 1, 2 ** 32],
    ...[2 ** 53, 2 ** 63, -(2 ** 63), 2 ** 64, 3.4028234663852886e38, 3.5e38, 1e-50, Number.MIN_VALUE],
    ...[2n ** 63n, -(2n ** 63n) - 1n, 2n ** 64n, -1n, 10n, null, undefined],
  ];
  const numeric = (schema: DescMessage) =>
    schema.fields.filter((field) => !/string_field|bytes_field|bool_field|message_field/.test(field.name));

  for (const schema of [ScalarsSchema, OptionalsSchema, OptionalSchema] as DescMessage[]) {
    for (const field of numeric(schema)) {
      it(`${schema.typeName}.${field.name} takes the numbers, and the texts, that toBinary takes`, () => {
        for (const value of oddValues) {
          const init = { [field.localName]: value };
          // Of a bigint for a floating point number, toBinary says nothing clear; it is an error in both.
          const expected = attempt(() => reference(schema, init));
          assert.deepStrictEqual(
            attempt(() => encodeAny(schema, init)),
            expected,
            `${typeof value} ${String(value)}`,
          );
        }
      });
    }
  }

  it("are checked in lists too", () => {
    for (const field of RepeatedSchema.fields.filter((f) => /int|fixed|float|unpacked_list/.test(f.name))) {
      for (const value of oddValues) {
        if (value === null || value === undefined) continue;
        const init = { [field.localName]: [1, value] };
        const expected = attempt(() => reference(RepeatedSchema, init));
        assert.deepStrictEqual(
          attempt(() => encodeAny(RepeatedSchema, init)),
          expected,
          `${field.name} ${String(value)}`,
        );
      }
    }
  });

  it("that are wrong are named in the error with the message type and the field", () => {
    assert.throws(() => encode(OrderSchema, { quantity: 2 ** 31 }), {
      name: "EncodeError",
      typeName: "heddle.protobuf.testing.proto3.Order",
      field: "quantity",
      message:
        "cannot encode heddle.protobuf.testing.proto3.Order.quantity: expected a signed 32-bit integer, got 2147483648",
    });
    assert.throws(
      () => encode(TimestampSchema, { seconds: 2n ** 63n }),
      /Timestamp\.seconds: .*64-bit.*9223372036854775808n/,
    );
    assert.throws(() => encode(WellKnownSchema, { int32Value: 2 ** 40 }), /WellKnown\.int32_value: .*1099511627776/);
    assert.throws(() => encodeAny(OrderSchema, { id: 5 }), /Order\.id: expected a string, got 5/);
    assert.throws(
      () => encodeAny(ScalarsSchema, { bytesField: "text" }),
      /bytes_field: expected a Uint8Array, got "text"/,
    );
    assert.throws(() => encodeAny(TreeSchema, { left: 5 }), /Tree\.left: expected a .*Tree, got 5/);
    assert.throws(() => encodeAny(TreeSchema, { children: [null] }), /Tree\.children: expected a .*Tree, got null/);
    assert.throws(
      () => encodeAny(WellKnownSchema, { struct: [1] }),
      /WellKnown\.struct: expected a JSON object.*an array of 1/,
    );
  });
});

describe("presence", () => {
  it("of a field with a default is told by the message's own property, not by the value", () => {
    for (const init of [
      {},
      { number: 42, truth: true, text: "x", nan: Number.NaN },
      { number: 0, text: "", truth: false },
    ]) {
      const message = create(DefaultsSchema, init);
      assert.deepStrictEqual(encode(DefaultsSchema, message), toBinary(DefaultsSchema, message));
      assert.deepStrictEqual(encode(DefaultsSchema, init), toBinary(DefaultsSchema, message));
    }
    assert.equal(encode(DefaultsSchema, create(DefaultsSchema)).length, 0);
    assert.equal(encode(DefaultsSchema, { number: 42 }).length, 2);
  });

  it("of an optional field with its zero value is written", () => {
    assert.deepStrictEqual(encode(OptionalsSchema, { int32Field: 0 }), Uint8Array.of(0x18, 0));
    assert.deepStrictEqual(encode(ScalarsSchema, { int32Field: 0 }), new Uint8Array(0));
  });

  it("of an implicit negative zero is written", () => {
    assert.equal(encode(OrderSchema, { price: -0 }).length, 9);
    assert.equal(encode(OrderSchema, { price: 0 }).length, 0);
  });

  it("of a required field is demanded, in nested messages too", () => {
    assert.throws(() => encode(RequiredSchema, { text: "", inner: { flag: true } }), {
      name: "EncodeError",
      message: "cannot encode heddle.protobuf.testing.proto2.Required.number: the required field is not set",
    });
    assert.throws(
      () => encode(RequiredSchema, { number: 0, text: "", inner: {} }),
      /Required\.Inner\.flag: the required/,
    );
    assert.throws(() => encode(RequiredSchema, { number: 0, text: "" }), /Required\.inner: the required/);
    assert.throws(() => encode(RequiredSchema, create(RequiredSchema)), EncodeError);
    assert.throws(() => encode(PresenceSchema, {}), /Presence\.required: the required/);
    const init = { number: 0, text: "", inner: { flag: false } };
    assert.deepStrictEqual(encode(RequiredSchema, init), reference(RequiredSchema, init));
  });

  it("of a chosen oneof field without a value is written as zero, and of an unknown case not at all", () => {
    for (const { localName } of OneofsSchema.oneofs[0]?.fields ?? []) {
      const init = { choice: { case: localName, value: undefined } };
      assert.deepStrictEqual(encodeAny(OneofsSchema, init), reference(OneofsSchema, init), localName);
    }
    assert.equal(encodeAny(OneofsSchema, { choice: { case: "nothing", value: 1 } }).length, 0);
  });
});

describe("objects", () => {
  it("that are plain, frozen, without a prototype or of a class are all read by their properties", () => {
    class Init {
      get id() {
        return "id";
      }
    }
    const expected = encode(OrderSchema, create(OrderSchema, { id: "id" }));
    assert.deepStrictEqual(encode(OrderSchema, Object.freeze({ id: "id" })), expected);
    assert.deepStrictEqual(encodeAny(OrderSchema, Object.assign(Object.create(null), { id: "id" })), expected);
    assert.deepStrictEqual(encode(OrderSchema, new Init()), expected);
  });

  it("are not changed and not copied into a message", () => {
    const init = Object.freeze({ left: Object.freeze({ name: "left" }), children: Object.freeze([{ name: "child" }]) });
    const bytes = encode(TreeSchema, init as MessageInitShape<typeof TreeSchema>);
    assert.deepStrictEqual(bytes, reference(TreeSchema, init));
    assert.deepStrictEqual(Object.keys(init), ["left", "children"]);
  });

  it("of another message type are refused by name", () => {
    const order = create(OrderSchema, { id: "1" });
    assert.throws(() => encodeAny(TreeSchema, order), /Tree: the object is a .*Order; give a .*Tree or a plain object/);
    assert.throws(() => encodeAny(TreeSchema, { children: [order] }), EncodeError);
  });

  it("that are none are refused", () => {
    for (const value of [undefined, null, "text", 5]) {
      assert.throws(() => encodeAny(OrderSchema, value), /Order: expected a message or a plain object, got/);
    }
  });

  it("may encode another message while they are read", () => {
    const outer = {
      get name() {
        return String(encode(OrderSchema, { id: "inner" }).length);
      },
    };
    assert.deepStrictEqual(encode(TreeSchema, outer), encode(TreeSchema, { name: "7" }));
  });

  it("without a property that every object inherits do not have that field", () => {
    assert.equal(encode(InheritedSchema, {}).length, 0);
    const init = { hasOwnProperty: "x", isPrototypeOf: 0, propertyIsEnumerable: {}, DefineGetter: [1] };
    assert.deepStrictEqual([...encodeAny(InheritedSchema, init)], [10, 1, 120, 16, 0, 26, 0, 34, 1, 1]);
  });
});

describe("maps", () => {
  it("read the names of numeric and boolean keys as toBinary does", () => {
    const keys: Record<string, string[]> = {
      int32Map: ["1", "-5", "12abc", "", "x", "4294967296", "1e3"],
      uint32Map: ["1", "-1", "4294967295"],
      int64Map: ["-9223372036854775808", "9223372036854775808", "x", ""],
      uint64Map: ["18446744073709551615", "-1"],
      boolMap: ["true", "false", "yes", ""],
    };
    const values: Record<string, unknown> = {
      int32Map: "v",
      uint32Map: true,
      int64Map: [1],
      uint64Map: 1.5,
      boolMap: 1,
    };
    for (const [map, names] of Object.entries(keys)) {
      for (const key of names) {
        const init = { [map]: { [key]: values[map] } };
        const expected = attempt(() => reference(MapsSchema, init));
        assert.deepStrictEqual(
          attempt(() => encodeAny(MapsSchema, init)),
          expected,
          `${map} ${key}`,
        );
      }
    }
  });

  it("name their field when a key or a value does not fit", () => {
    assert.throws(() => encodeAny(MapsSchema, { int32Map: { x: "v" } }), /Maps\.int32_map: .*32-bit integer, got "x"/);
    assert.throws(
      () => encodeAny(MapsSchema, { stringMap: { x: undefined } }),
      /Maps\.string_map: expected a .*Scalars/,
    );
  });
});

describe("strings", () => {
  it("of every length are written with the shortest length prefix, whatever they are made of", () => {
    for (const unit of ["a", "é", "€", "😀", "\ud800", "a\udfff"]) {
      for (const length of [1, 21, 31, 42, 43, 63, 64, 127, 128, 129, 682, 683, 2048, 2049, 5461, 16383, 16384]) {
        const init = { id: unit.repeat(length), customer: "next" };
        assert.deepStrictEqual(
          encode(OrderSchema, init),
          reference(OrderSchema, init),
          `${JSON.stringify(unit)} × ${length}`,
        );
      }
    }
  });
});

describe("lengths of nested messages", () => {
  it("are right at every size of the prefix, growing and shrinking", () => {
    for (const bytes of [0, 120, 125, 126, 200, 16378, 16382, 2_097_148, 10, 16380, 0]) {
      const init = { left: { name: "x".repeat(bytes) }, children: [{ name: "y".repeat(bytes) }, {}, { name: "z" }] };
      assert.deepStrictEqual(encode(TreeSchema, init), reference(TreeSchema, init), String(bytes));
    }
  });
});
