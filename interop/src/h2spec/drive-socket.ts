/**
 * Joins an HTTP/2 connection to a socket, for the programs that the conformance tests talk to. It writes at the end of each turn,
 * holds DATA back while the socket is congested, tells the connection the time, and closes the socket after the connection's end.
 */
import type { Socket } from "node:net";
import { type Connection, connectionError, ErrorCode, type Sink } from "@heddle/http2";

/** What a sink has to pass on to the driver. */
export type DriverCalls = Pick<Sink<undefined>, "onOutput" | "onOutputFull" | "onDue" | "onFatal">;

/** Once it is told what the connection is, it starts it. */
export class SocketDriver implements DriverCalls {
  readonly #socket: Socket;
  #connection: Connection<undefined> | undefined;
  #scheduled = false;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = Number.POSITIVE_INFINITY;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  start(connection: Connection<undefined>): void {
    this.#connection = connection;
    const socket = this.#socket.setNoDelay();
    socket.on("data", (chunk: Buffer) => {
      connection.advance(performance.now());
      connection.receive(chunk);
    });
    socket.on("drain", () => connection.setBlocked(false));
    socket.on("error", () => {
      // "close" follows.
    });
    socket.on("close", () => {
      clearTimeout(this.#timer);
      connection.abort(connectionError(ErrorCode.CANCEL, "remote", "the socket was closed"));
    });
    connection.start(performance.now());
  }

  onOutput(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  onOutputFull(): void {
    this.#flush();
  }

  onDue(dueMs: number): void {
    if (dueMs >= this.#dueMs || this.#socket.destroyed) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    const wake = () => {
      this.#dueMs = Number.POSITIVE_INFINITY;
      this.#connection?.advance(performance.now());
    };
    // A timer takes no longer time than this; a wake that comes early does no harm.
    this.#timer = setTimeout(wake, Math.min(dueMs - performance.now(), 0x7fff_ffff));
  }

  onFatal(): void {
    this.#flush();
    clearTimeout(this.#timer);
    this.#socket.end();
  }

  #flush(): void {
    const connection = this.#connection;
    if (connection === undefined || !this.#socket.writable) return;
    for (let bytes = connection.out.takeableBytes(); bytes > 0; bytes = connection.out.takeableBytes()) {
      const segment = connection.out.take();
      const written = this.#socket.write(segment.subarray(0, bytes), () => connection.out.recycle(segment));
      if (!written) connection.setBlocked(true);
    }
  }
}
