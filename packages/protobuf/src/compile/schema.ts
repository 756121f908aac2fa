/** What the compilers ask about a schema beyond what its descriptor says outright. */
import { create, type DescField, type DescMessage, type Message, ScalarType } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence, isWrapperDesc } from "@bufbuild/protobuf/wkt";

/** How the value of a message field looks in the object: the message, its only field, or JSON. */
export type MessageForm = "message" | "unboxed" | "json";

/** A singular wrapper (`google.protobuf.Int32Value`) outside of a oneof is its value; a `Struct` is JSON except in a `Value`. */
export function messageForm(field: DescField & { message: DescMessage }): MessageForm {
  if (field.fieldKind === "message" && field.oneof === undefined && isWrapperDesc(field.message)) return "unboxed";
  const isStruct = field.message.typeName === "google.protobuf.Struct";
  return isStruct && field.parent.typeName !== "google.protobuf.Value" ? "json" : "message";
}

/** The scalar type by which a field is written: an enum is an int32. */
export function scalarOf(field: DescField): ScalarType {
  return field.scalar ?? ScalarType.INT32;
}

/** Whether a singular field is there exactly when its value is not zero. */
export function hasImplicitPresence(field: DescField): boolean {
  return field.presence === FeatureSet_FieldPresence.IMPLICIT;
}

/** Whether a message without this field is invalid. */
export function isRequired(field: DescField): boolean {
  return field.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED;
}

/** A message of the type as `create` makes it: the authority on prototypes, zero values and property order. */
export function zeroMessage(desc: DescMessage): Message & Record<string, unknown> {
  return create(desc) as Message & Record<string, unknown>;
}

/** Every `Object.prototype` member: a message without such a field seems to have it. */
export function isInheritedName(name: string): boolean {
  return name in Object.prototype;
}

/** The wire types of the protobuf encoding that a field's tag can name. */
export const WireType = { varint: 0, bit64: 1, lengthDelimited: 2, startGroup: 3, endGroup: 4, bit32: 5 } as const;

/** The tag of a field, as an unsigned 32-bit integer. */
export function tagOf(number: number, wireType: number): number {
  return ((number << 3) | wireType) >>> 0;
}
