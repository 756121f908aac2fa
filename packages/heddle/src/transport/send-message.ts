/** Writes one message into the connection's output: prefix and message behind a frame header that is filled in afterwards. */
import type { Connection, Stream } from "@heddle/http2";
import { PREFIX_BYTES } from "../wire/message-assembler.js";
import type { MessageEncoder } from "./message-codec.js";

/**
 * Sends a message. False when the caller should wait for room before it sends more. What `encode` throws is thrown on, and
 * nothing was sent then.
 */
export function sendMessage<C>(
  connection: Connection<C>,
  stream: Stream<C>,
  encoder: MessageEncoder,
  message: unknown,
  last: boolean,
): boolean {
  const out = connection.beginData();
  out.reserve(PREFIX_BYTES);
  out.position += PREFIX_BYTES;
  try {
    encoder.encode(message, out);
  } catch (error) {
    out.dropFrame();
    throw error;
  }
  const start = connection.dataStart;
  const length = out.position - start - PREFIX_BYTES;
  const buffer = out.buffer;
  buffer[start] = 0;
  buffer[start + 1] = length >>> 24;
  buffer[start + 2] = length >>> 16;
  buffer[start + 3] = length >>> 8;
  buffer[start + 4] = length;
  return connection.endData(stream, last);
}
