/**
 * Arbitrary messages of any type, made from its descriptor: what `create` takes, with every form of value it takes.
 *
 * The map key `__proto__` is left out: the library that these messages are compared with does not keep it.
 */
import { type DescField, type DescMessage, type DescOneof, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";

type Init = Record<string, unknown>;

/** How deep messages are nested at most. */
const DEPTH = 3;

/** Init objects for a message type. Required fields are always there. */
export function initOf(desc: DescMessage, depth: number = DEPTH): fc.Arbitrary<Init> {
  const key = `${desc.typeName}/${depth}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const arbitrary = makeInit(desc, depth);
  made.set(key, arbitrary);
  return arbitrary;
}

const made = new Map<string, fc.Arbitrary<Init>>();

function makeInit(desc: DescMessage, depth: number): fc.Arbitrary<Init> {
  const required: string[] = [];
  const members: Record<string, fc.Arbitrary<unknown>> = {};
  for (const member of desc.members) {
    const value = member.kind === "oneof" ? oneofValue(member, depth) : fieldValue(member, depth);
    if (value === undefined) continue;
    members[member.localName] = value;
    if (member.kind === "field" && member.presence === 3) required.push(member.localName);
  }
  return fc.record(members, { requiredKeys: required as never[] }) as fc.Arbitrary<Init>;
}

function oneofValue(oneof: DescOneof, depth: number): fc.Arbitrary<unknown> | undefined {
  const choices: fc.Arbitrary<unknown>[] = [fc.constant({ case: undefined })];
  for (const field of oneof.fields) {
    const value = fieldValue(field, depth);
    if (value !== undefined) choices.push(value.map((v) => ({ case: field.localName, value: v })));
  }
  return fc.oneof(...choices);
}

function fieldValue(field: DescField, depth: number): fc.Arbitrary<unknown> | undefined {
  switch (field.fieldKind) {
    case "scalar":
      return scalarValue(field.scalar, field.longAsString);
    case "enum":
      return enumValue(field);
    case "message":
      if (field.oneof === undefined && isWrapperDesc(field.message)) return wrapperValue(field.message);
      return messageValue(field, field.message, depth);
    case "list": {
      const item = singleValue(field, field.listKind === "scalar" && field.longAsString, depth);
      return item && fc.array(item, { maxLength: field.listKind === "message" ? 3 : 200, size: "small" });
    }
    case "map": {
      const item = singleValue(field, false, depth);
      return item && fc.dictionary(mapKey(field.mapKey), item, { maxKeys: 4, noNullPrototype: true });
    }
  }
}

function singleValue(
  field: DescField & { fieldKind: "list" | "map" },
  asString: boolean,
  depth: number,
): fc.Arbitrary<unknown> | undefined {
  if (field.message !== undefined) return messageValue(field, field.message, depth);
  return field.scalar === undefined ? enumValue(field) : scalarValue(field.scalar, asString);
}

function messageValue(field: DescField, desc: DescMessage, depth: number): fc.Arbitrary<unknown> | undefined {
  if (depth === 0) return undefined;
  if (desc.typeName === "google.protobuf.Struct" && field.parent.typeName !== "google.protobuf.Value") {
    return fc.dictionary(mapKey(ScalarType.STRING), jsonValue(), { maxKeys: 3, noNullPrototype: true });
  }
  return initOf(desc, depth - 1);
}

function wrapperValue(desc: DescMessage): fc.Arbitrary<unknown> | undefined {
  const field = desc.fields[0];
  return field?.fieldKind === "scalar" ? scalarValue(field.scalar, field.longAsString) : undefined;
}

function jsonValue(): fc.Arbitrary<unknown> {
  return fc
    .jsonValue({ maxDepth: 2, stringUnit: "grapheme" })
    .filter((json) => !JSON.stringify(json).includes("__proto__"));
}

function enumValue(field: DescField): fc.Arbitrary<number> {
  const known = fc.constantFrom(...(field.enum?.values ?? []).map((value) => value.number));
  return field.enum?.open === true ? fc.oneof(known, int32) : known;
}

function mapKey(type: ScalarType): fc.Arbitrary<string> {
  if (type === ScalarType.STRING) return text.filter((key) => key !== "__proto__");
  return scalarValue(type, false).map(String);
}

const int32 = fc.oneof(fc.integer({ min: -130, max: 20000 }), fc.integer());
const uint32 = fc.oneof(fc.nat(20000), fc.integer({ min: 0, max: 0xffffffff }));
const int64 = fc.oneof(fc.bigInt(-300n, 300n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n));
const uint64 = fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(0n, 2n ** 64n - 1n));
const longText = fc.tuple(fc.string({ unit: "grapheme" }), fc.nat(400)).map(([part, times]) => part.repeat(times));
const text = fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }), longText);
const bytes = fc.oneof(fc.uint8Array(), fc.uint8Array({ minLength: 100, maxLength: 200 }));

function scalarValue(type: ScalarType, asString: boolean): fc.Arbitrary<unknown> {
  switch (type) {
    case ScalarType.DOUBLE:
      return fc.oneof(fc.double(), fc.integer());
    case ScalarType.FLOAT:
      return fc.oneof(fc.float(), fc.constant(-0));
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.STRING:
      return text;
    case ScalarType.BYTES:
      return bytes;
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return int32;
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return uint32;
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return uint64.map((value) => (asString ? String(value) : value));
    default:
      return int64.map((value) => (asString ? String(value) : value));
  }
}
