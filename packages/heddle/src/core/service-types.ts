/**
 * The types that a generated service descriptor gives to its handlers and its clients.
 *
 * Everything here is derived from the `GenService` that `protoc-gen-es` writes; heddle adds no code generator of its own.
 * A handler returns whatever `create()` of `@bufbuild/protobuf` takes, so a plain object is enough.
 */
import type { DescMessage, DescMethod, DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { CallOptions } from "./call-options.js";
import type { ServerCall } from "./server-call.js";

/** What a handler or a caller may give as a message: the message itself, or a plain object with some of its fields. */
export type MessageInit<Schema extends DescMessage> = MessageInitShape<Schema>;

/** Anything that can be iterated with `for await`: an array, a generator, an async generator, a Node stream in object mode. */
export type MessageSource<T> = Iterable<T> | AsyncIterable<T>;

/** One request in, one response out. */
export type UnaryHandler<I extends DescMessage, O extends DescMessage> = (
  request: MessageShape<I>,
  call: ServerCall,
) => MessageInit<O> | Promise<MessageInit<O>>;

/** One request in, any number of responses out, one for each value that is yielded. */
export type ServerStreamingHandler<I extends DescMessage, O extends DescMessage> = (
  request: MessageShape<I>,
  call: ServerCall,
) => MessageSource<MessageInit<O>>;

/** Any number of requests in, one response out. It may answer before the requests have ended; the rest is then discarded. */
export type ClientStreamingHandler<I extends DescMessage, O extends DescMessage> = (
  requests: AsyncIterable<MessageShape<I>>,
  call: ServerCall,
) => MessageInit<O> | Promise<MessageInit<O>>;

/** Requests in and responses out, each at its own pace. */
export type BidiStreamingHandler<I extends DescMessage, O extends DescMessage> = (
  requests: AsyncIterable<MessageShape<I>>,
  call: ServerCall,
) => MessageSource<MessageInit<O>>;

/** The handler that one method of a service wants. */
export type MethodHandler<M extends DescMethod> = M["methodKind"] extends "unary"
  ? UnaryHandler<M["input"], M["output"]>
  : M["methodKind"] extends "server_streaming"
    ? ServerStreamingHandler<M["input"], M["output"]>
    : M["methodKind"] extends "client_streaming"
      ? ClientStreamingHandler<M["input"], M["output"]>
      : BidiStreamingHandler<M["input"], M["output"]>;

/** One handler for each method of a service: a plain object or an instance of a class. `this` is kept. */
export type ServiceHandlers<S extends DescService> = { [K in keyof S["method"]]: MethodHandler<S["method"][K]> };

/** The responses of a server-streaming call. Leaving the `for await` loop early cancels the call. */
export interface ServerStream<O> extends AsyncIterable<O> {
  [Symbol.asyncIterator](): AsyncIterableIterator<O>;
}

/** Options of one message that is sent by hand. */
export interface SendOptions {
  /** False sends the message as it is, in a call that compresses: for what is compressed already, or secret. Default true. */
  readonly compress?: boolean | undefined;
}

/** A client-streaming call whose requests are sent by hand. */
export interface ClientStreamingCall<I, O> {
  /**
   * Sends one request. The promise settles when there is room for the next one in the HTTP/2 window;
   * awaiting it is what binds the caller to the server's pace. It rejects with the call's `RpcError` once the call is over.
   */
  send(request: I, options?: SendOptions): Promise<void>;
  /** Half-closes: no more requests. Sends after it throw. Calling it again does nothing. */
  end(): void;
  /** The response. It rejects with an `RpcError` when the call fails. */
  readonly response: Promise<O>;
  /** Gives the call up: the server's signal aborts, and `response` rejects with CANCELLED. */
  cancel(reason?: unknown): void;
}

/** A bidirectional call: `send` and `end` as in {@link ClientStreamingCall}, and the responses by `for await`. */
export interface BidiStreamingCall<I, O> extends ServerStream<O> {
  /** Sends one request; see {@link ClientStreamingCall.send}. */
  send(request: I, options?: SendOptions): Promise<void>;
  /** Half-closes: no more requests. */
  end(): void;
  /** Gives the call up; the iteration rejects with CANCELLED. */
  cancel(reason?: unknown): void;
}

/** The client's function for one method. */
export type ClientMethod<M extends DescMethod> = M["methodKind"] extends "unary"
  ? (request: MessageInit<M["input"]>, options?: CallOptions) => Promise<MessageShape<M["output"]>>
  : M["methodKind"] extends "server_streaming"
    ? (request: MessageInit<M["input"]>, options?: CallOptions) => ServerStream<MessageShape<M["output"]>>
    : M["methodKind"] extends "client_streaming"
      ? ClientStreamingMethod<M["input"], M["output"]>
      : BidiStreamingMethod<M["input"], M["output"]>;

/** With a source of requests it sends them all and gives the response; without one it gives the call, to send by hand. */
export interface ClientStreamingMethod<I extends DescMessage, O extends DescMessage> {
  (requests: MessageSource<MessageInit<I>>, options?: CallOptions): Promise<MessageShape<O>>;
  (requests?: undefined, options?: CallOptions): ClientStreamingCall<MessageInit<I>, MessageShape<O>>;
}

/** With a source of requests it sends them while the responses are read; without one, `send` and `end` are called by hand. */
export interface BidiStreamingMethod<I extends DescMessage, O extends DescMessage> {
  (requests: MessageSource<MessageInit<I>>, options?: CallOptions): ServerStream<MessageShape<O>>;
  (requests?: undefined, options?: CallOptions): BidiStreamingCall<MessageInit<I>, MessageShape<O>>;
}

/** A typed client: one function for each method of the service. */
export type Client<S extends DescService> = { readonly [K in keyof S["method"]]: ClientMethod<S["method"][K]> };
