/** A {@link Socket} over `node:net`, and over `node:tls`, whose sockets are of the same kind. */
import type { Socket as NetSocket } from "node:net";
import type { PeerTls } from "../core/tls.js";
import type { Socket, SocketHandler } from "../transport/socket.js";

/** Says what an error means, or why a connection may have closed without one. */
export type ExplainClose = (error: Error | undefined) => Error | undefined;

/** What is known of a connection whose TLS handshake is over. */
export interface Secured {
  readonly tls: PeerTls;
  readonly handshakeMs: number;
  readonly explainClose?: ExplainClose;
}

export class NodeSocket implements Socket {
  readonly peerAddress: string;
  readonly tls: PeerTls | undefined;
  readonly handshakeMs: number;
  readonly #socket: NetSocket;
  readonly #explainClose: ExplainClose;
  #failure: Error | undefined = undefined;

  /** With `secured`, `socket` is one of `node:tls`. */
  constructor(socket: NetSocket, peerAddress: string, secured?: Secured) {
    this.peerAddress = peerAddress;
    this.tls = secured?.tls;
    this.handshakeMs = secured?.handshakeMs ?? 0;
    this.#socket = socket;
    this.#explainClose = secured?.explainClose ?? asItIs;
    // From the beginning, since it may be a while until the socket is opened.
    socket.on("error", (error) => {
      this.#failure ??= error;
    });
  }

  get isCongested(): boolean {
    return this.#socket.writableNeedDrain;
  }

  open(handler: SocketHandler): void {
    const socket = this.#socket;
    const onClose = (): void => handler.onClose(this.#explainClose(this.#failure));
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => handler.onData(chunk));
    socket.on("drain", () => handler.onDrain());
    socket.on("close", onClose);
    // A socket that closed before anybody listened will not say so again.
    if (socket.closed) queueMicrotask(onClose);
  }

  write(bytes: Buffer): boolean {
    const socket = this.#socket;
    if (!socket.writable) return true;
    if (this.tls !== undefined) return writeEncrypted(socket, bytes);
    socket.write(bytes);
    // Node tries to write at once, and only keeps what the system did not take.
    return socket.writableLength === 0;
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

/** Node encrypts at once what it is given, and keeps that in place of the octets themselves, unless something waits before them. */
function writeEncrypted(socket: NetSocket, bytes: Buffer): boolean {
  const isFirst = socket.writableLength === 0;
  socket.write(bytes);
  return isFirst;
}

function asItIs(error: Error | undefined): Error | undefined {
  return error;
}
