/** What heddle needs of the platform it runs on: time, and sockets. `node/` has the one for Node.js. */
import type { HostPort } from "../core/address.js";
import type { Clock } from "../core/clock.js";
import type { CompressionAlgorithm } from "../core/compression.js";
import type { Socket } from "./socket.js";

/** A server's open port. */
export interface Listener {
  /** Where it listens; the port is the real one when 0 was asked for. */
  readonly address: HostPort;
  /** Takes no more connections; those that are open stay so. */
  close(): Promise<void>;
}

/** How an attempt to connect ends; exactly one of the two is called, and none after it was given up. */
export interface ConnectHandler {
  onConnected(socket: Socket): void;
  onFailed(error: Error): void;
}

export interface Platform {
  readonly clock: Clock;
  /** The compressions that every server and channel knows. */
  readonly compressions: readonly CompressionAlgorithm[];
  /** Rejects when the address cannot be bound. */
  listen(address: HostPort, onSocket: (socket: Socket) => void): Promise<Listener>;
  /** Begins to connect. The result gives the attempt up. */
  connect(address: HostPort, handler: ConnectHandler): () => void;
}
