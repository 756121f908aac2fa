/**
 * A call as the channel gives it to a client's transport, and the verbs that the call gets in return. It hides that calls are
 * HTTP/2 streams.
 */
import type { CompressionAlgorithm } from "../core/compression.js";
import type { CallStatus, ResponseHead, TrailersHead } from "../wire/response-headers.js";
import type { MessageEncoder } from "./message-codec.js";
import type { MessageTaker } from "./message-taker.js";
import type { RequestTemplate } from "./request-template.js";

/** How a call ended, as far as the transport knows. */
export interface CallOutcome {
  readonly status: CallStatus;
  /** The server's trailers; `undefined` when the call ended without any. */
  readonly trailers: TrailersHead | undefined;
  /** Who decided on the status. */
  readonly side: "local" | "remote";
}

/** A call that wants to be sent. */
export interface OutgoingCall extends MessageTaker {
  readonly template: RequestTemplate;
  /** The request's metadata, name by value. */
  readonly metadataFields: readonly string[];
  /** What the call's requests are compressed with; `undefined` for nothing. */
  readonly compression: CompressionAlgorithm | undefined;
  /** What is left of the call's time in milliseconds, asked when the headers are written; `undefined` for no limit. */
  remainingMs(): number | undefined;
  /** The request's headers are on their way; messages may be sent. */
  onOpen(stream: ClientStream): void;
  /** The response's headers. Not called when the response has only trailers. */
  onHeaders(head: ResponseHead): void;
  /** There is room to send again, after {@link ClientStream.sendMessage} returned false. */
  onRoom(): void;
  /** The call is over. The last call, exactly once, unless the call was cancelled by {@link ClientStream.cancel}. */
  onClose(outcome: CallOutcome): void;
}

/** The verbs of a call that is open. After the call is over they do nothing. */
export interface ClientStream {
  readonly peerAddress: string;
  /**
   * Sends a message; `last` half-closes behind it. Without `compress` it is not compressed even if the call is. False when the caller
   * should wait for `onRoom`. Throws what `encode` throws.
   */
  sendMessage(encoder: MessageEncoder, message: unknown, last: boolean, compress: boolean): boolean;
  /** No more messages. */
  halfClose(): void;
  /** Gives the call up: the server is told, and nothing more is heard of it. */
  cancel(reason: string): void;
  /** Gives credit for `bytes` of messages that were taken. */
  credit(bytes: number): void;
}
