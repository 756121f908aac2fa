/**
 * The codec of a message type.
 *
 * Specification: https://protobuf.dev/programming-guides/encoding/. What is accepted and what comes out is what `toBinary`
 * and `fromBinary` of `@bufbuild/protobuf` give, with their default options.
 */
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { ByteSink } from "./sink.js";

/** Writes and reads the binary form of one message type. */
export interface Codec<Schema extends DescMessage> {
  /**
   * Writes a message at `sink.position` and moves it behind the last byte.
   *
   * The message may be one that `create` made or a plain object with some of its fields, nested ones too; it is only read.
   * Throws an `EncodeError` when a value does not fit its field, a required field is not set, or the object is a message of
   * another type. What was written until then stays before `sink.position`; the owner of the sink discards it.
   */
  encode(message: MessageInitShape<Schema>, sink: ByteSink): void;

  /**
   * Reads a message from `buffer[start, end)`.
   *
   * The result is a message as `create` makes it, and keeps nothing of the buffer: `bytes` fields and unknown fields are
   * copies. Throws a `DecodeError` when the data is not valid, and a `RangeError` when the buffer has no such range.
   */
  decode(buffer: Buffer, start: number, end: number): MessageShape<Schema>;
}
