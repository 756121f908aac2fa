/** What is compiled for a message type, as the generated functions of other types call it. */
import type { Message } from "@bufbuild/protobuf";
import type { ByteSink } from "../sink.js";

/** Writes a message and returns the number of bytes. */
export type EncodeFunction = (message: object, sink: ByteSink) => number;

/**
 * Reads the fields between `start` and `end`, into a new message or into one that is given, and leaves the index behind the
 * last one in the cursor. `limit` is where the data ends; `depth` is 1 for a message that is in no other; `group` is the
 * number of the group whose end tag ends the message, 0 for a message with a length.
 */
export type DecodeFunction = (
  buffer: Buffer,
  start: number,
  end: number,
  limit: number,
  depth: number,
  into: Message | undefined,
  group: number,
) => Message;

/** One message type's functions. */
export interface MessageProgram {
  encode: EncodeFunction;
  decode: DecodeFunction;
}
