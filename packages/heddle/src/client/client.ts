/** From a service's descriptor and a channel to an object with one function for each method. */
import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { CallOptions } from "../core/call-options.js";
import type {
  BidiStreamingCall,
  Client,
  ClientStreamingCall,
  MessageSource,
  SendOptions,
  ServerStream,
} from "../core/service-types.js";
import { type Channel, GrpcChannel } from "./channel.js";
import { type ClientMethod, createClientMethod } from "./client-method.js";
import { ClientStreamingCallState, UnaryCall } from "./single-response.js";
import { BidiStreamingCallState, ServerStreamingCallState } from "./streaming-response.js";
import { withResolvers } from "./with-resolvers.js";

/**
 * Makes a typed client of a service. It is cheap, holds no connection of its own, and needs no closing: its channel does.
 * Every function of it takes {@link CallOptions} as its last argument, and fails with an `RpcError`.
 */
export function createClient<S extends DescService>(service: S, channel: Channel): Client<S> {
  if (!(channel instanceof GrpcChannel)) {
    throw new TypeError("createClient takes a channel that createChannel made");
  }
  const methods = service.methods.map((method) => [method.localName, createFunction(method, channel)]);
  // The descriptor's methods are what the type is made of, name by name.
  return Object.fromEntries(methods) as Client<S>;
}

function createFunction(descriptor: DescMethod, channel: GrpcChannel): unknown {
  const method = createClientMethod(descriptor, channel);
  switch (descriptor.methodKind) {
    case "unary":
      return (request: unknown, options?: CallOptions) =>
        new Promise((resolve, reject) => {
          new UnaryCall(method, request, options, resolve, reject);
        });
    case "server_streaming":
      return (request: unknown, options?: CallOptions): ServerStream<unknown> =>
        new ServerStreamingCallState(method, request, options).responses;
    case "client_streaming":
      return (requests?: MessageSource<unknown>, options?: CallOptions) =>
        startClientStreaming(method, requests, options);
    case "bidi_streaming":
      return (requests?: MessageSource<unknown>, options?: CallOptions) => startBidi(method, requests, options);
    default:
      return descriptor.methodKind satisfies never;
  }
}

function startClientStreaming(
  method: ClientMethod,
  requests: MessageSource<unknown> | undefined,
  options: CallOptions | undefined,
): Promise<unknown> | ClientStreamingCall<unknown, unknown> {
  if (requests !== undefined) {
    // Within the promise, so that options which cannot be used reject it, as they do for a unary call.
    return new Promise((resolve, reject) => {
      const call = new ClientStreamingCallState(method, options, resolve, reject);
      void call.sender.sendAll(requests, (code, message, cause) => call.giveUp(code, message, cause));
    });
  }
  const { promise, resolve, reject } = withResolvers<unknown>();
  const call = new ClientStreamingCallState(method, options, resolve, reject);
  // Who sends by hand learns of a failure from send() too, and may never look at the response.
  promise.catch(() => {});
  return {
    send: (request, options?: SendOptions) => call.sender.send(request, options?.compress),
    end: () => call.sender.end(),
    cancel: (reason) => call.cancel(reason),
    response: promise,
  };
}

function startBidi(
  method: ClientMethod,
  requests: MessageSource<unknown> | undefined,
  options: CallOptions | undefined,
): ServerStream<unknown> | BidiStreamingCall<unknown, unknown> {
  const call = new BidiStreamingCallState(method, options);
  if (requests !== undefined) {
    void call.sender.sendAll(requests, (code, message, cause) => call.giveUp(code, message, cause));
    return call.responses;
  }
  return {
    send: (request, options?: SendOptions) => call.sender.send(request, options?.compress),
    end: () => call.sender.end(),
    cancel: (reason) => call.cancel(reason),
    [Symbol.asyncIterator]: () => call.responses,
  };
}
