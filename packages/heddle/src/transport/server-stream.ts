/**
 * A call as the server's transport gives it to the router: the request's head, the messages as they come, and the verbs of the
 * answer. It hides that calls are HTTP/2 streams.
 */

import type { RpcError } from "../core/rpc-error.js";
import type { Peer } from "../core/server-call.js";
import type { RequestHead } from "../wire/request-headers.js";
import type { MessageEncoder } from "./message-codec.js";
import type { MessageTaker } from "./message-taker.js";

/** What happens to a call, told to the server. */
export interface ServerReceiver extends MessageTaker {
  /** The caller has sent all of its messages. */
  onHalfClose(): void;
  /** There is room to send again, after {@link ServerStream.sendMessage} returned false. */
  onRoom(): void;
  /** The handler may start, after {@link ServerStream.takeTurn} gave false. False when it is not wanted any more. */
  onTurn(): boolean;
  /** The request's octets cannot be read on. The receiver should finish the call with this error. */
  onFault(error: RpcError): void;
  /** The call is gone: cancelled, reset, or its connection lost. The last call; nothing can be sent any more. */
  onGone(error: RpcError): void;
}

/** The verbs of the answer. After `finish` or {@link ServerReceiver.onGone} they do nothing. */
export interface ServerStream {
  readonly head: RequestHead;
  readonly peer: Peer;
  /** Set by the acceptor before it returns. */
  receiver: ServerReceiver;
  /** What the request's messages are compressed with, if it is known; calls of which it is not are not to be run. */
  readonly unknownEncoding: string | undefined;
  /** Whether the message that was delivered last had come compressed. */
  readonly requestWasCompressed: boolean;
  /** The name of the algorithm that responses are compressed with, or `identity`: also when the caller would not understand another. */
  readonly compression: string;
  /** Chooses the algorithm for the responses; takes effect with the headers. Throws a `TypeError` for a name that is not known. */
  setCompression(name: string): void;
  /**
   * Sends the response's headers; `fields` are metadata, name by value. They are sent by themselves with the first message. Throws an
   * `RpcError` when the peer does not accept so much; nothing was sent then.
   */
  sendHeaders(fields: readonly string[]): void;
  readonly headersSent: boolean;
  /** Whether the connection has room for another message. If not, it should wait (unless the call is over). */
  readonly hasRoom: boolean;
  /** Has `onRoom` called when the connection has room. */
  awaitRoom(): void;
  /**
   * Whether the handler may start now. If not, as many run on this connection as calls may be open: some of them go on although their
   * callers have given them up. `onTurn` follows when one of them has ended.
   */
  takeTurn(): boolean;
  /** The handler, which had its turn, has ended. */
  endTurn(): void;
  /**
   * Sends a message; without `compress` it is not compressed even if the call is. False when the caller should wait for `onRoom`.
   * Throws what `encode` throws; nothing was sent then.
   */
  sendMessage(encoder: MessageEncoder, message: unknown, compress: boolean): boolean;
  /** Ends the call in order. `undefined` is OK without anything else. Behind queued messages, if there are any. */
  finish(trailerFields: readonly string[] | undefined): void;
  /** Gives credit for `bytes` of messages that were taken. */
  credit(bytes: number): void;
}

/** Takes a new call; it must set `stream.receiver`. */
export type Acceptor = (stream: ServerStream) => void;
