/**
 * The TLS handshakes of a server's port: a connection that was accepted becomes a {@link NodeSocket}, or comes to nothing within the
 * handshake's time, of which somebody is told.
 *
 * `node:tls` does it all in a server object of its own, which never listens: connections are handed to it. There is a new one
 * after each reload; its keys for session tickets are new too, so that nobody gets in by a session from before.
 */
import type { Socket as NetSocket } from "node:net";
import { createServer, type TLSSocket, type Server as TlsServer } from "node:tls";
import type { Clock, TimerHandle } from "../core/clock.js";
import type { PeerTls } from "../core/tls.js";
import type { ListenTls, OnSocket } from "../transport/platform.js";
import { NodeSocket } from "./node-socket.js";
import { peerTlsOf } from "./peer-tls.js";
import type { NodeServerTls, ServerTlsSetup } from "./server-tls.js";
import { explainServerFailure, NO_ALPN } from "./server-tls-failure.js";
import { ALPN_HTTP2 } from "./tls-policy.js";

/** Node's own time limit for a handshake, out of the way of ours. */
const NO_LIMIT_MS = 2 ** 31 - 1;

/** A connection in its handshake. */
interface Handshake {
  readonly peerAddress: string;
  readonly sinceMs: number;
  readonly timer: TimerHandle;
}

export class TlsAcceptor {
  readonly #clock: Clock;
  readonly #tls: NodeServerTls;
  readonly #options: ListenTls;
  readonly #onSocket: OnSocket;
  readonly #handshakes = new Map<NetSocket, Handshake>();
  #setup: ServerTlsSetup;
  #server: TlsServer;

  constructor(clock: Clock, tls: NodeServerTls, options: ListenTls, onSocket: OnSocket) {
    this.#clock = clock;
    this.#tls = tls;
    this.#options = options;
    this.#onSocket = onSocket;
    this.#setup = tls.setup;
    this.#server = this.#createServer();
  }

  /** Begins the handshake on a connection. */
  accept(socket: NetSocket, peerAddress: string): void {
    if (this.#setup !== this.#tls.setup) {
      this.#setup = this.#tls.setup;
      this.#server = this.#createServer();
    }
    const { handshakeTimeoutMs } = this.#options;
    this.#handshakes.set(socket, {
      peerAddress,
      sinceMs: this.#clock.now(),
      timer: this.#clock.setTimer(() => {
        this.#fail(socket, `no TLS handshake within ${handshakeTimeoutMs} ms (http2.handshakeTimeoutMs)`);
      }, handshakeTimeoutMs),
    });
    // What goes wrong is told by the server object, exactly once, and at the end of its time if by nothing else.
    socket.on("error", () => {});
    this.#server.emit("connection", socket);
  }

  /** Drops what is in its handshake. */
  close(): void {
    for (const socket of this.#handshakes.keys()) {
      this.#end(socket);
      socket.destroy();
    }
  }

  #createServer(): TlsServer {
    const server = createServer({ ...this.#setup, handshakeTimeout: NO_LIMIT_MS });
    server.on("secureConnection", (socket) => this.#onSecure(socket));
    server.on("tlsClientError", (error, socket) => {
      const connection = connectionOf(socket);
      // Who only looks whether the port is open, as load balancers do, sends nothing.
      if (connection.bytesRead === 0) this.#end(connection);
      else this.#fail(connection, explainServerFailure(error, socket.authorizationError), error);
    });
    return server;
  }

  #onSecure(socket: TLSSocket): void {
    const connection = connectionOf(socket);
    // From now on it tells its errors itself.
    socket.on("error", () => {});
    if (socket.alpnProtocol !== ALPN_HTTP2) {
      this.#fail(connection, NO_ALPN);
      return;
    }
    let tls: PeerTls;
    try {
      tls = peerTlsOf(socket);
    } catch (error) {
      // One connection is lost by it, and not the server.
      this.#fail(connection, "what TLS says of the peer cannot be read", error as Error);
      return;
    }
    const handshake = this.#end(connection);
    if (handshake === undefined) {
      socket.destroy();
      return;
    }
    const handshakeMs = this.#clock.now() - handshake.sinceMs;
    this.#onSocket(new NodeSocket(socket, handshake.peerAddress, { tls, handshakeMs }));
  }

  /** Closes a connection that is in its handshake. */
  #fail(socket: NetSocket, message: string, cause?: Error): void {
    const handshake = this.#end(socket);
    socket.destroy();
    if (handshake !== undefined) this.#options.onFailed({ peer: handshake.peerAddress, message, cause });
  }

  /** The handshake is over, one way or the other; `undefined` when it was before. */
  #end(socket: NetSocket): Handshake | undefined {
    const handshake = this.#handshakes.get(socket);
    if (handshake === undefined) return undefined;
    this.#handshakes.delete(socket);
    this.#clock.clearTimer(handshake.timer);
    return handshake;
  }
}

/** The connection that a TLS socket was made on. Node has no public name for it. */
function connectionOf(socket: TLSSocket): NetSocket {
  return (socket as TLSSocket & { readonly _parent: NetSocket })._parent;
}
