/**
 * The sending side of a call with a stream of requests: in order, at the pace of the HTTP/2 window, and before there is a
 * connection too.
 */
import { RpcError } from "../core/rpc-error.js";
import type { MessageSource } from "../core/service-types.js";
import { StatusCode } from "../core/status.js";
import type { ClientStream } from "../transport/client-stream.js";
import type { MessageEncoder } from "../transport/message-codec.js";

/** A send that waits: for the connection, or for room. */
interface Waiting {
  readonly message: unknown;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

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
   * Sends a message; settles when the next one may be sent. A rejection that nobody looks at does no harm: the call itself
   * fails for the same reason, and says so where its response is awaited.
   */
  send(message: unknown): Promise<void> {
    const state = this.#state;
    if (state.kind === "closed") return quiet(Promise.reject(state.error));
    if (this.#ended) return Promise.reject(new Error("send was called after end"));
    if (state.kind === "open") return this.#sendNow(state.stream, message);
    return quiet(
      new Promise((resolve, reject) => {
        state.unsent.push({ message, resolve, reject });
      }),
    );
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
    for (const { message, resolve, reject } of state.unsent) this.#sendNow(stream, message).then(resolve, reject);
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
    for (const { reject } of waiting) reject(reason);
    const source = this.#source;
    this.#source = undefined;
    // A generator that is busy takes note of it when it is done; nobody waits for that.
    if (source?.return !== undefined) void Promise.resolve(source.return()).catch(() => {});
  }

  /** Sends everything that a source gives, then half-closes. What the source throws goes to `onFailed`. */
  async sendAll(messages: MessageSource<unknown>, onFailed: (error: unknown) => void): Promise<void> {
    const source = Symbol.asyncIterator in messages ? messages[Symbol.asyncIterator]() : messages[Symbol.iterator]();
    this.#source = source;
    try {
      for (let next = await source.next(); next.done !== true; next = await source.next()) {
        if (this.#state.kind === "closed") return;
        await this.send(next.value);
      }
      this.#source = undefined;
      this.end();
    } catch (error) {
      if (this.#state.kind !== "closed") {
        this.#source = undefined;
        onFailed(error);
      }
    }
  }

  #sendNow(stream: ClientStream, message: unknown): Promise<void> {
    let hasRoom: boolean;
    try {
      hasRoom = stream.sendMessage(this.#encoder, message, false);
    } catch (cause) {
      return Promise.reject(new RpcError(StatusCode.INTERNAL, "a request could not be serialised", { cause }));
    }
    if (hasRoom) return SENT;
    return quiet(
      new Promise((resolve, reject) => {
        this.#roomless.push({ message, resolve, reject });
      }),
    );
  }
}

const SENT = Promise.resolve();

function quiet(promise: Promise<void>): Promise<void> {
  promise.catch(() => {});
  return promise;
}
