/** TCP by `node:net`. */
import { type AddressInfo, createServer, type Socket as NetSocket, connect as netConnect } from "node:net";
import { formatAddress, type HostPort } from "../core/address.js";
import type { ConnectHandler, Listener } from "../transport/platform.js";
import type { Socket, SocketHandler } from "../transport/socket.js";

/** How many connections may wait to be accepted; the system may have a lower limit of its own. */
const BACKLOG = 1024;

class TcpSocket implements Socket {
  readonly peerAddress: string;
  readonly #socket: NetSocket;
  #failure: Error | undefined = undefined;

  constructor(socket: NetSocket) {
    this.#socket = socket;
    // From the first moment on: an error that nobody listens for would end the process.
    socket.on("error", (error) => {
      this.#failure ??= error;
    });
    this.peerAddress = formatAddress(socket.remoteAddress ?? "unknown", socket.remotePort ?? 0);
  }

  get isCongested(): boolean {
    return this.#socket.writableNeedDrain;
  }

  open(handler: SocketHandler): void {
    const socket = this.#socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => handler.onData(chunk));
    socket.on("drain", () => handler.onDrain());
    socket.on("close", () => handler.onClose(this.#failure));
    // A socket that closed before anybody listened will not say so again.
    if (socket.closed) queueMicrotask(() => handler.onClose(this.#failure));
  }

  write(bytes: Buffer): boolean {
    const socket = this.#socket;
    if (!socket.writable) return true;
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

/** Listens on a TCP port. An empty host means every interface. */
export function listenTcp(address: HostPort, onSocket: (socket: Socket) => void): Promise<Listener> {
  const server = createServer({ noDelay: true }, (socket) => onSocket(new TcpSocket(socket)));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(
      { port: address.port, backlog: BACKLOG, ...(address.host === "" ? {} : { host: address.host }) },
      () => {
        server.off("error", reject);
        // An error of accept (too many open files) passes; the server goes on.
        server.on("error", () => {});
        const bound = server.address() as AddressInfo;
        resolve({
          address: { host: bound.address, port: bound.port },
          close: () => new Promise((closed) => server.close(() => closed())),
        });
      },
    );
  });
}

/** Connects to a TCP port; a name is looked up by the system. */
export function connectTcp(address: HostPort, handler: ConnectHandler): () => void {
  const socket = netConnect({ host: address.host, port: address.port, noDelay: true });
  let pending = true;
  const onError = (error: Error): void => {
    if (!pending) return;
    pending = false;
    handler.onFailed(error);
  };
  socket.on("error", onError);
  socket.once("connect", () => {
    if (!pending) return;
    pending = false;
    handler.onConnected(new TcpSocket(socket));
  });
  return () => {
    pending = false;
    socket.destroy();
  };
}
