/**
 * Joins an HTTP/2 connection to a socket: octets in, output out, the time, and the two ways in which either can end.
 *
 * It writes once per turn, and in between whenever a segment is full. While the socket is congested nothing is written: the
 * connection keeps DATA in its streams' queues, and other frames gather in its output, close together, instead of holding a whole
 * segment for each turn. A server that has gathered a segment of them reads no more until the peer does: what it would read could only
 * make it more. (A client reads on. If both sides waited for the other to read, neither ever would.) A peer that sends more than can be
 * dealt with in a few milliseconds gives way to the others until the next turn.
 */
import { type Connection, connectionError, ErrorCode } from "@heddle/http2";
import type { Clock, TimerHandle } from "../core/clock.js";
import { reportDefect } from "../core/report-defect.js";
import { type Flushable, flushAtEndOfTurn } from "./flush-queue.js";
import type { Socket, SocketHandler } from "./socket.js";

/** How long the last words (GOAWAY) may take to reach the peer before the socket is destroyed. */
const LINGER_MS = 1_000;
/** What a peer may still send after our last words; a socket that is closed with unread octets would take those words back. */
const LINGER_BYTES = 262_144;
/** A server stops reading when its socket is congested and this much waits behind it. It is looked at when a segment (64 KiB) is full. */
const PAUSE_BYTES = 32_768;

/** Once a connection has taken this much of a turn of the event loop, what else it has sent waits for the next turn. */
const TURN_MS = 4;
/** A record of TLS, and less than what Node reads at a time: a chunk of this size is seldom the last one. */
const FULL_CHUNK_BYTES = 16_384;

const NEVER = Number.POSITIVE_INFINITY;

/** Told once, when the socket is gone. */
export type OnGone = () => void;

export interface DriverOptions {
  readonly clock: Clock;
  /** Whether reading stops while the peer does not read. For servers only. */
  readonly pausesReading: boolean;
  readonly onGone: OnGone;
}

export class Driver<C> implements SocketHandler, Flushable {
  readonly #socket: Socket;
  readonly #connection: Connection<C>;
  readonly #options: DriverOptions;
  #scheduled = false;
  #state: "open" | "closing" | "gone" = "open";
  /** Reading is stopped because the peer does not read. */
  #isPaused = false;
  /** Reading is stopped until the next turn. */
  #isHeld = false;
  /** When the first chunk of this turn came; -1 before it. */
  #turnMs = -1;
  #linger: TimerHandle | undefined = undefined;
  #lingerBytes = 0;
  /** When the connection next wants to know the time. */
  #dueMs = NEVER;
  #timer: TimerHandle | undefined = undefined;

  constructor(socket: Socket, connection: Connection<C>, options: DriverOptions) {
    this.#socket = socket;
    this.#connection = connection;
    this.#options = options;
  }

  /** Starts the connection's handshake and begins to read. What TLS has taken is part of the handshake's time. */
  open(): void {
    this.#connection.start(this.#options.clock.now() - this.#socket.handshakeMs);
    this.#socket.open(this);
  }

  /** The connection wants to know the time at `dueMs`. */
  wakeAt(dueMs: number): void {
    if (dueMs >= this.#dueMs || this.#state !== "open") return;
    const { clock } = this.#options;
    if (this.#timer !== undefined) clock.clearTimer(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = clock.setTimer(() => this.#onTimer(), dueMs - clock.now());
  }

  /** Tells the connection the time, before something that depends on it. */
  tellTime(): void {
    this.#connection.advance(this.#options.clock.now());
  }

  /** There is output: it leaves at the end of this turn. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    flushAtEndOfTurn(this);
  }

  flush(): void {
    this.#scheduled = false;
    this.#turnMs = -1;
    this.writeFinished();
    if (!this.#isHeld) return;
    this.#isHeld = false;
    if (!this.#isPaused) this.#socket.setReading(true);
  }

  /** Writes what is finished, now, as far as the socket takes it. */
  writeFinished(): void {
    if (this.#state === "gone") return;
    const out = this.#connection.out;
    for (let bytes = out.takeableBytes(); bytes > 0 && !this.#socket.isCongested; bytes = out.takeableBytes()) {
      this.#writeSegment(bytes);
    }
    if (!this.#socket.isCongested) return;
    this.#connection.setBlocked(true);
    if (this.#options.pausesReading && out.pendingBytes >= PAUSE_BYTES) this.#setPaused(true);
  }

  /** Sends what is pending, then closes the socket: when the peer has closed its side, or after a second. */
  close(): void {
    if (this.#state !== "open") return;
    const out = this.#connection.out;
    for (let bytes = out.takeableBytes(); bytes > 0; bytes = out.takeableBytes()) this.#writeSegment(bytes);
    this.#state = "closing";
    this.#clearTimer();
    this.#setPaused(false);
    this.#socket.end();
    this.#linger = this.#options.clock.setTimer(() => this.#socket.destroy(), LINGER_MS);
  }

  /** Closes the socket at once. */
  destroy(): void {
    if (this.#state !== "gone") this.#socket.destroy();
  }

  onData(chunk: Buffer): void {
    if (this.#state !== "open") {
      this.#lingerBytes += chunk.length;
      if (this.#lingerBytes > LINGER_BYTES) this.destroy();
      return;
    }
    try {
      const nowMs = this.#options.clock.now();
      this.#connection.advance(nowMs);
      if (this.#turnMs < 0) {
        this.#turnMs = nowMs;
        this.schedule();
      }
      this.#connection.receive(chunk);
      if (chunk.length >= FULL_CHUNK_BYTES) this.#yieldIfLong();
    } catch (error) {
      // One connection is lost by it, and no other.
      reportDefect(`on the connection with ${this.#socket.peerAddress}`, error);
      this.#socket.destroy();
    }
  }

  onDrain(): void {
    if (this.#state !== "open") return;
    this.writeFinished();
    if (this.#socket.isCongested) return;
    this.#connection.setBlocked(false);
    this.#setPaused(false);
  }

  onClose(error: Error | undefined): void {
    if (this.#state === "gone") return;
    this.#state = "gone";
    this.#clearTimer();
    if (this.#linger !== undefined) this.#options.clock.clearTimer(this.#linger);
    const reason = error === undefined ? "the peer closed the connection" : `the connection was lost: ${error.message}`;
    this.#connection.abort(connectionError(ErrorCode.CANCEL, "remote", reason));
    this.#options.onGone();
  }

  /** The system hands over up to two mebibytes of a connection before it looks at the next: nobody is to wait for all of that. */
  #yieldIfLong(): void {
    if (this.#isHeld || this.#options.clock.now() - this.#turnMs < TURN_MS) return;
    this.#isHeld = true;
    this.schedule();
    this.#socket.setReading(false);
  }

  #onTimer(): void {
    const dueMs = this.#dueMs;
    this.#timer = undefined;
    this.#dueMs = NEVER;
    // Timers can be early by a fraction of a millisecond; the connection would take that for a call that came for nothing.
    this.#connection.advance(Math.max(dueMs, this.#options.clock.now()));
  }

  #clearTimer(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }

  #setPaused(paused: boolean): void {
    if (this.#isPaused === paused) return;
    this.#isPaused = paused;
    if (!this.#isHeld) this.#socket.setReading(!paused);
  }

  #writeSegment(bytes: number): void {
    const segment = this.#connection.out.take();
    if (this.#socket.write(segment.subarray(0, bytes))) this.#connection.out.recycle(segment);
  }
}
