/**
 * A byte stream as the transport sees it. `node/` implements it over `node:net` and `node:tls`; nothing above knows which platform it
 * runs on.
 */
import type { PeerTls } from "../core/tls.js";

/** What happens on a socket. No method is called from within a method of {@link Socket}. */
export interface SocketHandler {
  /** Octets have arrived. The chunk is valid only until this returns. */
  onData(chunk: Buffer): void;
  /** Everything that was written has left, after {@link Socket.isCongested} was true. */
  onDrain(): void;
  /** The socket is gone, with the error that ended it if there was one. The last call, exactly once. */
  onClose(error: Error | undefined): void;
}

export interface Socket {
  /** `127.0.0.1:40122`, `[::1]:40122` or `unix:/path`. */
  readonly peerAddress: string;
  /** What TLS says of the peer; `undefined` on a connection without TLS. */
  readonly tls: PeerTls | undefined;
  /** How long the TLS handshake has taken; 0 without TLS. */
  readonly handshakeMs: number;
  /** More is waiting to leave than is good: write no more data until {@link SocketHandler.onDrain}. */
  readonly isCongested: boolean;
  /** Begins to deliver what happens. */
  open(handler: SocketHandler): void;
  /** Writes octets. True when they have left already, so that the buffer may be used again; else it must not be touched. */
  write(bytes: Buffer): boolean;
  /** Sends what was written and closes our direction. The other one stays open until the peer closes it, or `destroy`. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
  /** Whether octets that arrive are delivered. They are at first; else they wait in the system, and then at the peer. */
  setReading(reading: boolean): void;
  /** Whether this socket keeps the process alive. It does at first. */
  setReferenced(referenced: boolean): void;
}
