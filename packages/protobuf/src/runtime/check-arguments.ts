/** What both kinds of codecs ask of their callers. */
import type { DescMessage } from "@bufbuild/protobuf";
import { EncodeError } from "../encode-error.js";

/** Throws an `EncodeError` for what cannot even be read as a message. */
export function checkIsObject(schema: DescMessage, value: unknown): void {
  if (typeof value === "object" && value !== null) return;
  const reason = `expected a message or a plain object, got ${value === null ? "null" : typeof value}`;
  throw new EncodeError({ typeName: schema.typeName, field: undefined, reason });
}

/** Throws a `RangeError` if the buffer has no bytes `[start, end)`. */
export function checkRange(buffer: Buffer, start: number, end: number): void {
  if (start >= 0 && start <= end && end <= buffer.length) return;
  throw new RangeError(`cannot decode bytes ${start} to ${end} of a buffer of ${buffer.length} bytes`);
}
