/** What happened to an attacker, counted over all of its connections. */
import type { Socket } from "node:net";
import { type ErrorName, errorName, Flag, FrameType } from "../frames/frame.js";

/** The codes of one sort of frame, and how often each has come. */
export type CodeCounts = { [code in ErrorName | `code ${number}`]?: number };

/** What an attacker reports when it is stopped. */
export interface AttackReport {
  readonly seconds: number;
  /** Requests, frames or connections, whatever the attack is made of. */
  readonly attempts: number;
  readonly bytesSent: number;
  /** Connections that the attack has at a time; 0 when the victim makes them. */
  readonly connections: number;
  /** Connections that were made. */
  readonly opened: number;
  /** Connections that could not be made. */
  readonly refused: number;
  /** Connections that the victim has ended. */
  readonly lost: number;
  /** Connections that are open. */
  readonly open: number;
  /** GOAWAY frames. */
  readonly goAways: CodeCounts;
  /** The debug data of the last GOAWAY with an error. */
  readonly debug: string;
  /** RST_STREAM frames. */
  readonly resets: CodeCounts;
  /** Responses that ended in order. */
  readonly responses: number;
}

export class Tally {
  connections = 0;
  attempts = 0;
  /** On connections that are gone. */
  bytesSent = 0;
  opened = 0;
  refused = 0;
  lost = 0;
  responses = 0;
  readonly goAways: CodeCounts = {};
  readonly resets: CodeCounts = {};
  #debug = "";
  readonly #start = performance.now();

  /** Counts a frame of the victim. */
  countFrame(type: number, flags: number, payload: Buffer): void {
    if (type === FrameType.GOAWAY) {
      const code = payload.readUInt32BE(4);
      count(this.goAways, errorName(code));
      if (code !== 0) this.#debug = payload.toString("utf8", 8);
    } else if (type === FrameType.RST_STREAM) {
      count(this.resets, errorName(payload.readUInt32BE(0)));
    } else if (type === FrameType.HEADERS && (flags & Flag.END_STREAM) !== 0) {
      this.responses += 1;
    }
  }

  /** The sums, with the connections that there still are. */
  report(sockets: Iterable<Socket>): AttackReport {
    const { attempts, connections, opened, refused, lost, goAways, resets, responses } = this;
    const seconds = (performance.now() - this.#start) / 1000;
    const open = [...sockets].filter((socket) => !socket.connecting && !socket.destroyed);
    const bytesSent = open.reduce((sum, socket) => sum + socket.bytesWritten, this.bytesSent);
    const debug = this.#debug;
    return {
      seconds,
      attempts,
      bytesSent,
      connections,
      opened,
      refused,
      lost,
      open: open.length,
      goAways,
      debug,
      resets,
      responses,
    };
  }
}

function count(counts: CodeCounts, code: keyof CodeCounts): void {
  counts[code] = (counts[code] ?? 0) + 1;
}
