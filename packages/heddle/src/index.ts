/** heddle: gRPC for TypeScript. The public names, and nothing else. */
import { type Channel, type ChannelOptions, GrpcChannel } from "./client/channel.js";
import type { ServerTls, ServerTlsOptions } from "./core/tls.js";
import { nodePlatform } from "./node/node-platform.js";
import { NodeServerTls } from "./node/server-tls.js";
import { GrpcServer, type Server, type ServerOptions } from "./server/server.js";

export type { Channel, ChannelOptions } from "./client/channel.js";
export { createClient } from "./client/client.js";
export { type CallCredentials, type CallCredentialsContext, combineCallCredentials } from "./core/call-credentials.js";
export type { CallOptions } from "./core/call-options.js";
export type { CompressionAlgorithm, CompressionOptions } from "./core/compression.js";
export type { ConnectionFailure } from "./core/connection-failure.js";
export { detail } from "./core/error-details.js";
export { Metadata, type MetadataInit, type MetadataObject, type MetadataValue } from "./core/metadata.js";
export { RpcError, type RpcErrorOptions, type RpcErrorOrigin } from "./core/rpc-error.js";
export type { Peer, ServerCall } from "./core/server-call.js";
export type {
  BidiStreamingCall,
  BidiStreamingHandler,
  Client,
  ClientStreamingCall,
  ClientStreamingHandler,
  MessageInit,
  MessageSource,
  MethodHandler,
  SendOptions,
  ServerStream,
  ServerStreamingHandler,
  ServiceHandlers,
  UnaryHandler,
} from "./core/service-types.js";
export { StatusCode, statusName } from "./core/status.js";
export type {
  ChannelTlsOptions,
  PeerCertificateInfo,
  PeerTls,
  Pem,
  ServerTls,
  ServerTlsOptions,
  TlsVersion,
} from "./core/tls.js";
export type { ListeningAddress, ListenOptions, Server, ServerOptions, ShutdownOptions } from "./server/server.js";
export type { Http2Options } from "./transport/http2-options.js";

/** Makes a server. It does nothing until services are added and `listen` is called. Throws a `RangeError` for an option out of range. */
export function createServer(options: ServerOptions = {}): Server {
  return new GrpcServer(nodePlatform, options);
}

/**
 * Makes the TLS of one or several servers, to be given to `listen`, when it is to be reloaded by hand. Reads the files; throws an
 * `Error` that names what cannot be used.
 */
export function createServerTls(options: ServerTlsOptions): ServerTls {
  return new NodeServerTls(options);
}

/**
 * Makes a channel to `host:port`, `dns:///host:port`, `unix:path` or `unix:///absolute/path`. It connects when the first call needs it.
 * Throws a `TypeError` when the target cannot be understood, a `RangeError` for an option out of range, and an `Error` for a
 * certificate that cannot be used.
 */
export function createChannel(target: string, options: ChannelOptions = {}): Channel {
  return new GrpcChannel(nodePlatform, target, options);
}
