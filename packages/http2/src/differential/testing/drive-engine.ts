/**
 * Joins an engine to a socket as a real driver does, and makes life hard for it: octets come in pieces of any size, in buffers that are
 * spoilt afterwards, are now and then left unread for a while, and leave in several writes.
 */
import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import type { Connection } from "../../connection/connection.js";
import { connectionError, ErrorCode } from "../../error.js";
import type { Dice } from "./dice.js";
import { afterTurns } from "./turns.js";

/** The part of chunks that are cut up, and after which nothing is read for a while. */
const CUT = 0.2;
const PAUSE = 0.05;

export class EngineDriver<C> {
  readonly #socket: Socket;
  readonly #connection: Connection<C>;
  readonly #dice: Dice;
  #scheduled = false;
  #isCongested = false;
  #timer: NodeJS.Timeout | undefined = undefined;

  constructor(socket: Socket, connection: Connection<C>, dice: Dice) {
    this.#socket = socket;
    this.#connection = connection;
    this.#dice = dice;
  }

  /** Starts the connection. */
  start(): void {
    const socket = this.#socket.setNoDelay();
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("drain", () => this.#onDrain());
    socket.on("error", () => {
      // "close" follows.
    });
    socket.on("close", () => {
      clearTimeout(this.#timer);
      this.#connection.abort(connectionError(ErrorCode.CANCEL, "remote", "the socket was closed"));
    });
    this.#connection.start(performance.now());
  }

  onOutput(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Writes what is finished, as far as the socket takes it. */
  flush(): void {
    const out = this.#connection.out;
    for (let bytes = out.takeableBytes(); bytes > 0 && !this.#isCongested; bytes = out.takeableBytes()) {
      this.#write(bytes);
    }
    if (this.#isCongested) this.#connection.setBlocked(true);
  }

  onDue(dueMs: number): void {
    clearTimeout(this.#timer);
    // No timer can take much more time than this, and a call that comes early does no harm.
    const delayMs = Math.min(dueMs - performance.now(), 0x7fff_ffff);
    this.#timer = setTimeout(() => this.#connection.advance(performance.now()), delayMs);
  }

  /** The connection is over: what it still has to say leaves, and the socket is closed. */
  onFatal(): void {
    clearTimeout(this.#timer);
    this.#isCongested = false;
    if (!this.#socket.destroyed) this.flush();
    this.#socket.end();
  }

  #receive(chunk: Buffer): void {
    const dice = this.#dice;
    const most = dice.chance(CUT) ? dice.pick([1, 9, 100, 10_000]) : chunk.length;
    for (let at = 0; at < chunk.length; ) {
      // So many small pieces are enough for one chunk.
      const bytes = at > 50 * most ? chunk.length - at : Math.min(chunk.length - at, dice.whole(1, most));
      const piece = Buffer.from(chunk.subarray(at, at + (most === chunk.length ? chunk.length : bytes)));
      at += piece.length;
      this.#connection.advance(performance.now());
      this.#connection.receive(piece);
      piece.fill(0xdd);
    }
    if (!dice.chance(PAUSE)) return;
    this.#socket.pause();
    afterTurns(dice.whole(1, 20), () => this.#socket.resume());
  }

  #write(bytes: number): void {
    const out = this.#connection.out;
    const segment = out.take();
    const cut = this.#dice.chance(CUT) ? this.#dice.whole(1, bytes) : bytes;
    if (cut < bytes) this.#socket.write(segment.subarray(0, cut));
    this.#isCongested = !this.#socket.write(segment.subarray(cut < bytes ? cut : 0, bytes), () => {
      segment.fill(0xee);
      out.recycle(segment);
    });
  }

  #onDrain(): void {
    this.#isCongested = false;
    this.flush();
    if (!this.#isCongested) this.#connection.setBlocked(false);
  }
}
