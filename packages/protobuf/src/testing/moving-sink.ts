/** A sink that moves what it holds to another index of another buffer whenever it is asked for room. */
import type { ByteSink } from "../sink.js";

/** The worst sink that the contract allows: it has no byte to spare and every `reserve` replaces buffer and position. */
export class MovingSink implements ByteSink {
  buffer: Buffer = Buffer.alloc(0);
  position: number = 0;
  #start = 0;
  #moves = 0;

  reserve(bytes: number): void {
    const start = (this.#moves++ * 7) % 31;
    const moved = Buffer.alloc(start + (this.position - this.#start) + bytes, 0xee);
    this.buffer.copy(moved, start, this.#start, this.position);
    this.buffer.fill(0xdd);
    this.position = start + (this.position - this.#start);
    this.#start = start;
    this.buffer = moved;
  }

  /** What was written. */
  bytes(): Uint8Array {
    return new Uint8Array(this.buffer.subarray(this.#start, this.position));
  }
}
