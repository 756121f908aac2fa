/**
 * The sending side of a call with a stream of requests: in order, at the pace of the HTTP/2 window, and before there is a
 * connection too.
 */
import { textOf } from "../core/error-text.js";
import { RpcError } from "../core/rpc-error.js";
import type { MessageSource } from "../core/service-types.js";
import { StatusCode } from "../core/status.js";
import type { ClientStream } from "../transport/client-stream.js";
import type { MessageEncoder } from "../transport/message-codec.js";
import { sendFailure } from "../transport/send-message.js";
import { withResolvers } from "./with-resolvers.js";

/** A send that waits: for the connection, or for room. */
interface Waiting {
  readonly message: unknown;
  readonly compress: boolean;
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Told that the requests cannot all be sent, and what that makes of the call. */
export type OnRequestsFailed = (code: StatusCode, message: string, cause: unknown) => void;

type State =
  | { readonly kind: "unopened"; readonly unsent: Waiting[] }
  | { readonly kind: "open"; readonly stream: ClientStream }
  | { readonly kind: "closed"; readonly error: RpcError };

export class RequestSender {
  readonly #encoder: MessageEncoder;
  #state: State = { kind: "unopened", unsent: [] };
  #ended = false;
  /** Sends whose messages stand in the transport's queue, and that settle when there is room. */
  #roomless: Waiting[] = [];
  /** The iterator that requests are taken from, to be told when nobody wants them any more. */
  #source: AsyncIterator<unknown> | Iterator<unknown> | undefined = undefined;

  constructor(encoder: MessageEncoder) {
    this.#encoder = encoder;
  }

  /**
   * Sends a message; settles when the next one may be sent. A rejection because the call is over does no harm when nobody looks
   * at it: the call says so where its response is awaited. One because the message cannot be serialised has to be looked at.
   */
  send(message: unknown, compress = true): Promise<void> {
    const state = this.#state;
    if (state.kind === "closed") return quiet(Promise.reject(state.error));
    if (this.#ended) return Promise.reject(new Error("send was called after end"));
    if (state.kind === "open") return this.#sendNow(state.stream, message, compress);
    return wait(state.unsent, message, compress);
  }

  /** Half-closes behind what was sent. */
  end(): void {
    this.#ended = true;
    if (this.#state.kind === "open") this.#state.stream.halfClose();
  }

  /** The call has a stream: what waited for it is sent. */
  open(stream: ClientStream): void {
    const state = this.#state;
    if (state.kind !== "unopened") return;
    this.#state = { kind: "open", stream };
    for (const waiting of state.unsent) this.#sendWaiting(stream, waiting);
    if (this.#ended) stream.halfClose();
  }

  /** There is room again. */
  onRoom(): void {
    for (const { resolve } of this.#roomless.splice(0)) resolve();
  }

  /** The call is over. Sends that wait are told, and the source is left. */
  close(error: RpcError | undefined): void {
    const state = this.#state;
    if (state.kind === "closed") return;
    const reason = error ?? new RpcError(StatusCode.CANCELLED, "the call is over: the server has answered");
    this.#state = { kind: "closed", error: reason };
    const waiting = state.kind === "unopened" ? state.unsent : this.#roomless.splice(0);
    for (const { promise, reject } of waiting) {
      void quiet(promise);
      reject(reason);
    }
    const source = this.#source;
    this.#source = undefined;
    if (source !== undefined) void leave(source);
  }

  /**
   * Sends everything that a source gives, then half-closes. When the source fails, or gives what cannot be sent, `onFailed` is told why
   * the call has to end; `close` leaves the source.
   */
  async sendAll(messages: MessageSource<unknown>, onFailed: OnRequestsFailed): Promise<void> {
    let isSending = false;
    try {
      const source = iteratorOf(messages);
      // A call whose signal had aborted, or whose channel was closed, was over before it began.
      if (this.#isClosed) return await leave(source);
      this.#source = source;
      for (let next = await source.next(); next.done !== true; next = await source.next()) {
        if (this.#isClosed) return;
        isSending = true;
        await this.send(next.value);
        isSending = false;
      }
      this.#source = undefined;
      this.end();
    } catch (error) {
      if (this.#isClosed) return;
      if (isSending && error instanceof RpcError) onFailed(error.code, error.message, error.cause);
      else onFailed(StatusCode.CANCELLED, `the source of the requests failed: ${textOf(error)}`, error);
    }
  }

  get #isClosed(): boolean {
    return this.#state.kind === "closed";
  }

  #sendNow(stream: ClientStream, message: unknown, compress: boolean): Promise<void> {
    try {
      const hasRoom = stream.sendMessage(this.#encoder, message, false, compress);
      return hasRoom ? SENT : wait(this.#roomless, message, compress);
    } catch (cause) {
      return Promise.reject(unsendable(cause));
    }
  }

  /** The promise that was given out goes along, so that {@link close} finds it wherever it waits. */
  #sendWaiting(stream: ClientStream, waiting: Waiting): void {
    try {
      if (stream.sendMessage(this.#encoder, waiting.message, false, waiting.compress)) waiting.resolve();
      else this.#roomless.push(waiting);
    } catch (cause) {
      waiting.reject(unsendable(cause));
    }
  }
}

function unsendable(cause: unknown): RpcError {
  const { code, message } = sendFailure(cause, "a request");
  return new RpcError(code, code === StatusCode.INTERNAL ? `${message}: ${textOf(cause)}` : message, { cause });
}

const SENT = Promise.resolve();

function wait(list: Waiting[], message: unknown, compress: boolean): Promise<void> {
  const { promise, resolve, reject } = withResolvers();
  list.push({ message, compress, promise, resolve, reject });
  return promise;
}

function iteratorOf(messages: MessageSource<unknown>): AsyncIterator<unknown> | Iterator<unknown> {
  const source = Object(messages) as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
  const iterator = source[Symbol.asyncIterator]?.() ?? source[Symbol.iterator]?.();
  if (iterator === undefined)
    throw new TypeError("the requests of a streaming call must be iterable, such as an array");
  return iterator;
}

/** Tells an iterator that no more is wanted. A generator that is busy takes note of it when it is done, or refuses. */
async function leave(source: AsyncIterator<unknown> | Iterator<unknown>): Promise<void> {
  try {
    await source.return?.();
  } catch {
    // The call is over already, for a reason of its own.
  }
}

function quiet(promise: Promise<void>): Promise<void> {
  promise.catch(() => {});
  return promise;
}
