/** What a handler sees of the call it answers. */
import type { DescMethod } from "@bufbuild/protobuf";
import type { Metadata, MetadataInit } from "./metadata.js";
import type { PeerTls } from "./tls.js";

/** The other end of a call's connection. */
export interface Peer {
  /** `127.0.0.1:40122`, `[::1]:40122` or `unix:/path`. */
  readonly address: string;
  /** What TLS says of the other end; `undefined` on a connection without TLS. */
  readonly tls?: PeerTls | undefined;
}

/** The server's side of one call, given to its handler. */
export interface ServerCall {
  /** The method's descriptor; `call.method.parent` is the service. */
  readonly method: DescMethod;
  /** The path as it is on the wire, `/package.Service/Method`. */
  readonly path: string;
  /** The request's metadata. */
  readonly metadata: Metadata;
  /** When the caller stops waiting; `undefined` when it waits for ever. */
  readonly deadline: Date | undefined;
  /**
   * Aborts when the call is over before the handler is: the caller cancelled or vanished, the deadline passed, or the
   * server was shut down hard. Its `reason` is an `RpcError`. It does not abort after a normal end.
   */
  readonly signal: AbortSignal;
  /** Who is calling. */
  readonly peer: Peer;
  /**
   * Metadata that leaves with the status at the end of the call. Fill it at any time before the handler returns. If it is more than the
   * caller accepts, a call that succeeded fails with RESOURCE_EXHAUSTED, and one that failed keeps its status and loses the metadata.
   */
  readonly trailers: Metadata;
  /**
   * What the responses are compressed with: `gzip`, `deflate`, one of the server's own, or `identity`. At first what the server's option
   * says. It can be set until the headers are sent; a name that is not known throws a `TypeError`, and later than that an
   * `Error`. Reading it gives `identity` when the caller does not understand what was set.
   */
  compression: string;
  /** Whether the responses that are sent from now on are compressed, in a call that has a {@link compression}. True at first. */
  compress: boolean;
  /** Whether this request, which a handler of this call was given, came compressed. */
  wasCompressed(request: object): boolean;
  /**
   * Sends the response's headers now, with the given metadata, instead of with the first message.
   * Throws an `Error` when they have been sent already, and an `RpcError` (RESOURCE_EXHAUSTED) when the caller does not accept that
   * much metadata.
   */
  sendHeaders(metadata?: MetadataInit): void;
}
