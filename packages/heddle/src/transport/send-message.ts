/** Writes one message into the connection's output: prefix and message behind a frame header that is filled in afterwards. */
import type { Connection, Stream } from "@heddle/http2";
import { StatusCode } from "../core/status.js";
import { PREFIX_BYTES } from "../wire/message-assembler.js";
import type { MessageEncoder } from "./message-codec.js";

/** A message that is larger than this side may send. */
export class OversizedMessage extends Error {
  readonly sizes: string;

  constructor(bytes: number, limitBytes: number) {
    const sizes = `of ${bytes} octets exceeds the send limit of ${limitBytes} (maxSendMessageBytes)`;
    super(`a message ${sizes}`);
    this.sizes = sizes;
  }
}

/** What it means for a call that {@link sendMessage} has thrown. */
export interface SendFailure {
  readonly code: StatusCode;
  /** Fit for a peer to read: it says nothing of what the message holds. */
  readonly message: string;
}

/** `what` names the message: "the request". */
export function sendFailure(thrown: unknown, what: string): SendFailure {
  if (thrown instanceof OversizedMessage) {
    return { code: StatusCode.RESOURCE_EXHAUSTED, message: `${what} ${thrown.sizes}` };
  }
  return { code: StatusCode.INTERNAL, message: `${what} could not be serialised` };
}

/**
 * Sends a message of at most `limitBytes`. False when the caller should wait for room before it sends more. What `encode` throws is
 * thrown on, or an {@link OversizedMessage}; nothing was sent then, and nothing of the message is kept.
 */
export function sendMessage<C>(
  connection: Connection<C>,
  stream: Stream<C>,
  encoder: MessageEncoder,
  message: unknown,
  last: boolean,
  limitBytes: number,
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
  if (length > limitBytes) {
    out.dropFrame();
    throw new OversizedMessage(length, limitBytes);
  }
  const buffer = out.buffer;
  buffer[start] = 0;
  buffer[start + 1] = length >>> 24;
  buffer[start + 2] = length >>> 16;
  buffer[start + 3] = length >>> 8;
  buffer[start + 4] = length;
  return connection.endData(stream, last);
}
