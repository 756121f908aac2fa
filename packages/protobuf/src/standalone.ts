/** Bytes in and bytes out, for those who have no sink of their own. */
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { codecOf } from "./codec-of.js";
import { Writer } from "./writer.js";

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
