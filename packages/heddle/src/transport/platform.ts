/** What heddle needs of the platform it runs on: time, and sockets, plain or with TLS. `node/` has the one for Node.js. */
import type { Address } from "../core/address.js";
import type { Clock } from "../core/clock.js";
import type { CompressionAlgorithm } from "../core/compression.js";
import type { ConnectionFailure } from "../core/connection-failure.js";
import type { ChannelTlsOptions, ServerTls, ServerTlsOptions } from "../core/tls.js";
import type { Socket } from "./socket.js";

/** A server's open port. */
export interface Listener {
  /** Where it listens; the port is the real one when 0 was asked for. */
  readonly address: Address;
  /** Takes no more connections, and drops those in their TLS handshake; the others stay open. Settles when all are closed. */
  close(): Promise<void>;
}

/** Takes a connection on which HTTP/2 may begin. */
export type OnSocket = (socket: Socket) => void;

/** How a port does TLS. */
export interface ListenTls {
  /** Options are read here, and watched for as long as the port is open. */
  readonly tls: ServerTlsOptions | ServerTls;
  /** The time from the connection to the end of the TLS handshake. */
  readonly handshakeTimeoutMs: number;
  /** A connection has come to nothing before it got to `onSocket`. */
  readonly onFailed: (failure: ConnectionFailure) => void;
}

/** TLS of a channel, as the platform keeps it. */
export interface ClientTls {
  /** The name that the server's certificate has to be for. */
  readonly serverName: string;
}

/** How an attempt to connect ends; exactly one of the two is called, and none after it was given up. */
export interface ConnectHandler {
  /** With TLS, its handshake is over and the server is who it should be. */
  onConnected(socket: Socket): void;
  /** The message says what was wrong and what to try; it does not name the server. */
  onFailed(error: Error): void;
}

export interface Platform {
  readonly clock: Clock;
  /** The compressions that every server and channel knows. */
  readonly compressions: readonly CompressionAlgorithm[];
  /** Rejects when the address cannot be bound, or the TLS options cannot be used. */
  listen(address: Address, onSocket: OnSocket, tls?: ListenTls): Promise<Listener>;
  /** Prepares the TLS of a channel to a server of this host name. Throws when the options cannot be used. */
  prepareTls(options: ChannelTlsOptions, host: string): ClientTls;
  /** Begins to connect. The result gives the attempt up. `tls` is of {@link prepareTls}. */
  connect(address: Address, handler: ConnectHandler, tls?: ClientTls): () => void;
}
