/**
 * The codec of a message type, and the two functions for those who need no more than bytes in and bytes out.
 *
 * Specification: https://protobuf.dev/programming-guides/encoding/. What is accepted and what comes out is what `toBinary`
 * and `fromBinary` of `@bufbuild/protobuf` give, with their default options.
 */
import { type DescMessage, type MessageInitShape, type MessageShape, protoInt64 } from "@bufbuild/protobuf";
import { type MessageProgram, programOf } from "./compile/program.js";
import { canGenerateCode } from "./compile/source.js";
import { EncodeError } from "./encode-error.js";
import { createReflectionCodec } from "./reflection-fallback.js";
import { publicError } from "./runtime/fault.js";
import type { ByteSink } from "./sink.js";
import { Writer } from "./writer.js";

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

class CompiledCodec<Schema extends DescMessage> implements Codec<Schema> {
  readonly #schema: Schema;
  readonly #program: MessageProgram;

  constructor(schema: Schema) {
    this.#schema = schema;
    this.#program = programOf(schema);
  }

  encode(message: MessageInitShape<Schema>, sink: ByteSink): void {
    if (typeof message !== "object" || message === null) throw notAMessage(this.#schema, message);
    this.#program.encode(message, sink);
  }

  decode(buffer: Buffer, start: number, end: number): MessageShape<Schema> {
    if (!(start >= 0 && start <= end && end <= buffer.length)) throw invalidRange(buffer, start, end);
    try {
      return this.#program.decode(buffer, start, end, end, 1, undefined, 0) as MessageShape<Schema>;
    } catch (error) {
      throw publicError(error, this.#schema, start);
    }
  }
}

function notAMessage(schema: DescMessage, value: unknown): EncodeError {
  const reason = `expected a message or a plain object, got ${value === null ? "null" : typeof value}`;
  return new EncodeError({ typeName: schema.typeName, field: undefined, reason });
}

function invalidRange(buffer: Buffer, start: number, end: number): RangeError {
  return new RangeError(`cannot decode bytes ${start} to ${end} of a buffer of ${buffer.length} bytes`);
}

const codecs = new WeakMap<DescMessage, unknown>();

// The compiled code makes bigints; where the library was told to do without (BUF_BIGINT_DISABLE), its own code decides.
let isCompiled: boolean | undefined;

/**
 * The codec of a schema: always the same one for the same schema.
 *
 * It is compiled when it is first used. Where code cannot be generated from strings, it works by reflection, more slowly.
 */
export function codecOf<Schema extends DescMessage>(schema: Schema): Codec<Schema> {
  let codec = codecs.get(schema) as Codec<Schema> | undefined;
  if (codec === undefined) {
    isCompiled ??= protoInt64.supported && canGenerateCode();
    codec = isCompiled ? new CompiledCodec(schema) : createReflectionCodec(schema);
    codecs.set(schema, codec);
  }
  return codec;
}

/** The largest buffer that is kept for the next call of `encode`. */
const MAX_SPARE_BYTES = 65536;

let spare: Writer | undefined;

/** The binary form of a message, or of a plain object with some of its fields. Errors: see `Codec.encode`. */
export function encode<Schema extends DescMessage>(schema: Schema, message: MessageInitShape<Schema>): Uint8Array {
  // Taken away while it is in use: a getter of the message may encode another one.
  const writer = spare ?? new Writer();
  spare = undefined;
  writer.position = 0;
  codecOf(schema).encode(message, writer);
  const bytes = writer.finish();
  if (writer.buffer.length <= MAX_SPARE_BYTES) spare = writer;
  return bytes;
}

/** The message in `bytes`, which are not kept. Errors: see `Codec.decode`. */
export function decode<Schema extends DescMessage>(schema: Schema, bytes: Uint8Array): MessageShape<Schema> {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return codecOf(schema).decode(buffer, 0, buffer.length);
}
