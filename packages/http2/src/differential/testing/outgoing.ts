/** What one side of a call still has to send. It is filled from the plan, or by what comes if it is sent back. */
import { octetsOf } from "./octets.js";
import type { Message } from "./story.js";

export interface Part {
  readonly octets: Buffer;
  /** Nothing is sent for so many turns after it. */
  readonly pauseTurns: number;
}

export class Outgoing {
  readonly #parts: Part[] = [];
  /** Nothing comes behind the parts that are here. */
  isComplete = false;

  /** Takes the body of a message as it is planned. */
  fill({ body, parts }: Message): void {
    const octets = octetsOf(body);
    let at = 0;
    for (const { bytes, pauseTurns } of parts) {
      this.#parts.push({ octets: octets.subarray(at, at + bytes), pauseTurns });
      at += bytes;
    }
    this.isComplete = true;
  }

  add(octets: Buffer): void {
    this.#parts.push({ octets, pauseTurns: 0 });
  }

  next(): Part | undefined {
    return this.#parts.shift();
  }

  /** Nothing is left, and nothing will come. */
  get isDone(): boolean {
    return this.isComplete && this.#parts.length === 0;
  }
}
