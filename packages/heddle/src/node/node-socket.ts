/** A {@link Socket} over `node:net`, and over `node:tls`, whose sockets are of the same kind. */
import type { Socket as NetSocket } from "node:net";
import type { PeerTls } from "../core/tls.js";
import type { Socket, SocketHandler } from "../transport/socket.js";

/** Says what an error means, or why a connection may have closed without one. */
export type ExplainClose = (error: Error | undefined) => Error | undefined;

export class NodeSocket implements Socket {
  readonly peerAddress: string;
  readonly tls: PeerTls | undefined;
  readonly #socket: NetSocket;
  readonly #explainClose: ExplainClose;
  #failure: Error | undefined = undefined;

  /** `tls` is what TLS says of the peer, when `socket` is one of `node:tls`, whose handshake is over. */
  constructor(socket: NetSocket, peerAddress: string, tls?: PeerTls, explainClose: ExplainClose = asItIs) {
    this.peerAddress = peerAddress;
    this.tls = tls;
    this.#socket = socket;
    this.#explainClose = explainClose;
    // From the first moment on: an error that nobody listens for would end the process.
    socket.on("error", (error) => {
      this.#failure ??= error;
    });
  }

  get isCongested(): boolean {
    return this.#socket.writableNeedDrain;
  }

  open(handler: SocketHandler): void {
    const socket = this.#socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => handler.onData(chunk));
    socket.on("drain", () => handler.onDrain());
    socket.on("close", () => handler.onClose(this.#explainClose(this.#failure)));
    // A socket that closed before anybody listened will not say so again.
    if (socket.closed) queueMicrotask(() => handler.onClose(this.#explainClose(this.#failure)));
  }

  write(bytes: Buffer): boolean {
    const socket = this.#socket;
    if (!socket.writable) return true;
    const wasIdle = socket.writableLength === 0;
    socket.write(bytes);
    // TLS encrypts at once what it is given, unless something waits before it. TCP tries to write at once, and only keeps what the
    // system did not take.
    return this.tls !== undefined ? wasIdle : socket.writableLength === 0;
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  setReading(reading: boolean): void {
    if (reading) this.#socket.resume();
    else this.#socket.pause();
  }

  setReferenced(referenced: boolean): void {
    if (referenced) this.#socket.ref();
    else this.#socket.unref();
  }
}

function asItIs(error: Error | undefined): Error | undefined {
  return error;
}
