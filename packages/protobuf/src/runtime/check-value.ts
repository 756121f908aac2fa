/**
 * What a field may hold, as `@bufbuild/protobuf` checks it when it writes: numbers in range, and numbers given as text.
 *
 * Generated code tests for the usual case itself and comes here with everything else.
 */
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { EncodeError } from "../encode-error.js";

const FLOAT32_MAX = 3.4028234663852886e38;

/** The two halves of the 64-bit integer that was split last. */
export const halves = { low: 0, high: 0 };

const scratch = new DataView(new ArrayBuffer(8));
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

/** An error about one field's value. */
export function invalidValue(field: DescField, expected: string, value: unknown): EncodeError {
  return new EncodeError({
    typeName: field.parent.typeName,
    field: field.name,
    reason: `expected ${expected}, got ${describe(value)}`,
  });
}

function describe(value: unknown): string {
  if (typeof value === "string")
    return value.length > 40 ? `a string of ${value.length} characters` : JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value)
      ? `an array of ${value.length}`
      : `an object (${value.constructor?.name ?? "no prototype"})`;
  }
  return typeof value === "function" || typeof value === "symbol" ? `a ${typeof value}` : String(value);
}

/** Takes a number, or one written as a string, that is a signed 32-bit integer. */
export function checkInt32(value: unknown, field: DescField): number {
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number === "number" && (number | 0) === number) return number | 0;
  throw invalidValue(field, "a signed 32-bit integer", value);
}

/** Takes a number, or one written as a string, that is an unsigned 32-bit integer. */
export function checkUint32(value: unknown, field: DescField): number {
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number === "number" && number >>> 0 === number) return number >>> 0;
  throw invalidValue(field, "an unsigned 32-bit integer", value);
}

/** Takes a number, or one written as a string, that a 32-bit float can hold: in range, infinite or NaN. */
export function checkFloat(value: unknown, field: DescField): number {
  const isNumeric = typeof value === "string" && (value === "NaN" || !Number.isNaN(Number(value)));
  const number = isNumeric ? Number(value) : value;
  if (typeof number === "number" && !(Number.isFinite(number) && Math.abs(number) > FLOAT32_MAX)) return number;
  throw invalidValue(field, "a 32-bit floating point number", value);
}

/** Takes a number, or one written as a string: text that is not a number is NaN. */
export function checkDouble(value: unknown, field: DescField): number {
  if (typeof value === "number") return value;
  if (typeof value === "string") return Number(value);
  throw invalidValue(field, "a number", value);
}

/** Puts a signed 64-bit integer, given as a bigint, a number or a string, into `halves`. */
export function splitInt64(value: unknown, field: DescField): void {
  const integer = typeof value === "bigint" ? value : toBigInt(value);
  if (integer === undefined || integer < INT64_MIN || integer > INT64_MAX) {
    throw invalidValue(field, "a signed 64-bit integer", value);
  }
  split(integer);
}

/** Puts an unsigned 64-bit integer, given as a bigint, a number or a string, into `halves`. */
export function splitUint64(value: unknown, field: DescField): void {
  const integer = typeof value === "bigint" ? value : toBigInt(value);
  if (integer === undefined || integer < 0n || integer > UINT64_MAX) {
    throw invalidValue(field, "an unsigned 64-bit integer", value);
  }
  split(integer);
}

/** Puts a signed 64-bit integer in zigzag form into `halves`. */
export function splitSint64(value: unknown, field: DescField): void {
  splitInt64(value, field);
  const { low, high } = halves;
  const sign = high >> 31;
  halves.low = (low << 1) ^ sign;
  halves.high = ((high << 1) | (low >>> 31)) ^ sign;
}

function split(integer: bigint): void {
  scratch.setBigInt64(0, integer, true);
  halves.low = scratch.getInt32(0, true);
  halves.high = scratch.getInt32(4, true);
}

function toBigInt(value: unknown): bigint | undefined {
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  try {
    return BigInt(value);
  } catch {
    return undefined;
  }
}

/** Takes a string; a string object or a number is an error, not converted. */
export function checkString(value: unknown, field: DescField): string {
  if (typeof value === "string") return value;
  throw invalidValue(field, "a string", value);
}

/** Takes bytes, or an array of numbers from 0 to 255 as `create()` does. */
export function checkBytes(value: unknown, field: DescField): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return new Uint8Array(value);
  throw invalidValue(field, "a Uint8Array", value);
}

/** Takes an object: a message, or what `create()` would make one from. */
export function checkMessage(value: unknown, field: DescField): object {
  if (typeof value === "object" && value !== null) return value;
  throw invalidValue(field, `a ${field.message?.typeName ?? "message"}`, value);
}

/** The error for a message of another type than the one to encode. */
export function foreignMessage(desc: DescMessage, typeName: unknown): EncodeError {
  const reason = `the object is a ${String(typeName)}; give a ${desc.typeName} or a plain object without $typeName`;
  return new EncodeError({ typeName: desc.typeName, field: undefined, reason });
}

/** The error for a required field (proto2 `required`, editions LEGACY_REQUIRED) that is not set. */
export function requiredFieldMissing(field: DescField): EncodeError {
  return new EncodeError({
    typeName: field.parent.typeName,
    field: field.name,
    reason: "the required field is not set",
  });
}
