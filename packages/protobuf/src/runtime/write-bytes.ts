/** Writes strings, bytes and unknown fields. */
import type { DescField, UnknownField } from "@bufbuild/protobuf";
import type { ByteSink } from "../sink.js";
import { checkBytes } from "./check-value.js";
import type { NativeBuffer } from "./native-buffer.js";
import { sealLength } from "./write-length.js";
import { varintBytes, writeUint32 } from "./write-varint.js";

/** Above this length a string is measured before it is written, so that no more room than needed is asked for. */
const MEASURED_STRING_LENGTH = 2048;

/**
 * Writes the length and the UTF-8 of a string whose UTF-8 takes at most 127 bytes, and returns the next index. The caller
 * has room for three bytes per UTF-16 unit. Unpaired surrogates become U+FFFD.
 */
export function writeShortString(buffer: Buffer, start: number, text: string): number {
  const length = text.length;
  const content = start + 1;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127) {
      const bytes = (buffer as NativeBuffer).utf8Write(text, content);
      buffer[start] = bytes;
      return content + bytes;
    }
    buffer[content + i] = unit;
  }
  buffer[start] = length;
  return content + length;
}

/** Writes the length and the UTF-8 of a string of any length; returns the number of bytes. */
export function writeString(sink: ByteSink, text: string): number {
  const length = text.length;
  const bytesAtMost = length > MEASURED_STRING_LENGTH ? Buffer.byteLength(text, "utf8") : length * 3;
  sink.reserve(bytesAtMost + 5);
  const gap = varintBytes(length > MEASURED_STRING_LENGTH ? bytesAtMost : length);
  const bytes = (sink.buffer as NativeBuffer).utf8Write(text, sink.position + gap);
  sink.position += gap + bytes;
  return bytes + sealLength(sink, bytes, gap);
}

/** Writes the length and the content of bytes; returns the number of bytes. */
export function writeBytes(sink: ByteSink, value: unknown, field: DescField): number {
  const bytes = checkBytes(value, field);
  const length = bytes.length;
  sink.reserve(length + 5);
  const start = sink.position;
  const content = writeUint32(sink.buffer, start, length);
  sink.buffer.set(bytes, content);
  sink.position = content + length;
  return sink.position - start;
}

/** Writes the fields that a message type does not know, in the order in which they were read; returns the number of bytes. */
export function writeUnknown(sink: ByteSink, fields: readonly UnknownField[]): number {
  let total = 0;
  for (const { no, wireType, data } of fields) {
    sink.reserve(data.length + 5);
    const start = sink.position;
    const content = writeUint32(sink.buffer, start, ((no << 3) | wireType) >>> 0);
    sink.buffer.set(data, content);
    sink.position = content + data.length;
    total += sink.position - start;
  }
  return total;
}
