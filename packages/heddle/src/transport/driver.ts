/**
 * Joins an HTTP/2 connection to a socket: octets in, output out, and the two ways in which either can end.
 *
 * It writes once per turn, and in between whenever a segment is full. While the socket is congested nothing is written: the
 * connection keeps DATA in its streams' queues, and other frames gather in its output, close together, instead of holding a whole
 * segment for each turn. So a slow peer costs little more memory than its windows allow.
 */
import { type Connection, connectionError, ErrorCode } from "@heddle/http2";
import type { Clock, TimerHandle } from "../core/clock.js";
import { type Flushable, flushAtEndOfTurn } from "./flush-queue.js";
import type { Socket, SocketHandler } from "./socket.js";

/** How long the last words (GOAWAY) may take to reach the peer before the socket is destroyed. */
const LINGER_MS = 1_000;

/** Told once, when the socket is gone. */
export type OnGone = () => void;

export class Driver<C> implements SocketHandler, Flushable {
  readonly #socket: Socket;
  readonly #connection: Connection<C>;
  readonly #clock: Clock;
  readonly #onGone: OnGone;
  #scheduled = false;
  #state: "open" | "closing" | "gone" = "open";
  #linger: TimerHandle | undefined = undefined;

  constructor(socket: Socket, connection: Connection<C>, clock: Clock, onGone: OnGone) {
    this.#socket = socket;
    this.#connection = connection;
    this.#clock = clock;
    this.#onGone = onGone;
  }

  /** Starts the connection's handshake and begins to read. */
  open(): void {
    this.#connection.start();
    this.#socket.open(this);
  }

  /** There is output: it leaves at the end of this turn. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    flushAtEndOfTurn(this);
  }

  flush(): void {
    this.#scheduled = false;
    this.writeFinished();
  }

  /** Writes what is finished, now, as far as the socket takes it. */
  writeFinished(): void {
    if (this.#state === "gone") return;
    const out = this.#connection.out;
    for (let bytes = out.takeableBytes(); bytes > 0 && !this.#socket.isCongested; bytes = out.takeableBytes()) {
      this.#writeSegment(bytes);
    }
    if (this.#socket.isCongested) this.#connection.setBlocked(true);
  }

  /** Sends what is pending, then closes the socket: when the peer has closed its side, or after a second. */
  close(): void {
    if (this.#state !== "open") return;
    const out = this.#connection.out;
    for (let bytes = out.takeableBytes(); bytes > 0; bytes = out.takeableBytes()) this.#writeSegment(bytes);
    this.#state = "closing";
    this.#socket.end();
    this.#linger = this.#clock.setTimer(() => this.#socket.destroy(), LINGER_MS);
  }

  /** Closes the socket at once. */
  destroy(): void {
    if (this.#state !== "gone") this.#socket.destroy();
  }

  onData(chunk: Buffer): void {
    if (this.#state === "open") this.#connection.receive(chunk);
  }

  onDrain(): void {
    if (this.#state !== "open") return;
    this.writeFinished();
    if (!this.#socket.isCongested) this.#connection.setBlocked(false);
  }

  onClose(error: Error | undefined): void {
    if (this.#state === "gone") return;
    this.#state = "gone";
    if (this.#linger !== undefined) this.#clock.clearTimer(this.#linger);
    const reason = error === undefined ? "the peer closed the connection" : `the connection was lost: ${error.message}`;
    this.#connection.abort(connectionError(ErrorCode.CANCEL, "remote", reason));
    this.#onGone();
  }

  #writeSegment(bytes: number): void {
    const segment = this.#connection.out.take();
    if (this.#socket.write(segment.subarray(0, bytes))) this.#connection.out.recycle(segment);
  }
}
