/**
 * What the reading functions throw: a reason and an index.
 *
 * The message decoder that it passes first adds the type and the field; the codec turns it into a `DecodeError`. No fault
 * leaves the package.
 */
import type { DescMessage } from "@bufbuild/protobuf";
import { DecodeError } from "../decode-error.js";

/** A defect of the input at an index of the buffer. */
export class Fault extends Error {
  readonly position: number;
  typeName: string | undefined;
  field: string | undefined;

  constructor(reason: string, position: number) {
    super(reason);
    this.position = position;
    this.typeName = undefined;
    this.field = undefined;
  }
}

/** The data ends within a value; `position` is where the value would have ended. */
export function truncated(position: number, limit: number): Fault {
  return new Fault(`the data ends within this value: ${position - limit} more bytes were needed`, limit);
}

/** Adds to a fault where it happened; anything else passes unchanged. `tag` is the one that was read last, 0 if none. */
export function locate(error: unknown, desc: DescMessage, tag: number): unknown {
  if (error instanceof Fault && error.typeName === undefined) {
    error.typeName = desc.typeName;
    error.field = desc.fields.find((field) => field.number === tag >>> 3)?.name;
  }
  return error;
}

/** The public error for a fault in data that began at `start`; anything else passes unchanged. */
export function publicError(error: unknown, desc: DescMessage, start: number): unknown {
  if (!(error instanceof Fault)) return error;
  const { typeName = desc.typeName, field, position, message } = error;
  return new DecodeError({ typeName, field, offset: position - start, reason: message });
}
