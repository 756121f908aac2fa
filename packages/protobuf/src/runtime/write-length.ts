/**
 * Puts the length in front of what was already written.
 *
 * An encoder leaves room for a length of the size that it expects, writes the content, and comes here when the size was
 * wrong or is more than one byte: the content is moved.
 */
import type { ByteSink } from "../sink.js";
import { varintBytes, writeUint32 } from "./write-varint.js";

/**
 * Writes the length of the last `bytes` bytes before `sink.position` in front of them, where `gap` bytes were left.
 * Returns the size of the length: the gap to leave the next time.
 */
export function sealLength(sink: ByteSink, bytes: number, gap: number): number {
  const size = varintBytes(bytes);
  if (size > gap) sink.reserve(size - gap);
  const start = sink.position - bytes - gap;
  if (size !== gap) {
    sink.buffer.copyWithin(start + size, start + gap, start + gap + bytes);
    sink.position += size - gap;
  }
  writeUint32(sink.buffer, start, bytes);
  return size;
}
