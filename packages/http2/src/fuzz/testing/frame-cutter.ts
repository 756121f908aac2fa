/** Cuts one direction of a connection into frames, in whatever pieces its octets come. RFC 9113 sections 3.4 and 4.1. */
import { type Frame, PREFACE } from "../../testing/frames.js";

const HEADER_BYTES = 9;
const MAX_STREAM_ID = 0x7fffffff;

export class FrameCutter {
  #rest: Buffer = Buffer.alloc(0);
  #prefaceLeft: Buffer;
  #isBroken = false;

  /** The direction from a client begins with the preface. */
  constructor(hasPreface: boolean) {
    this.#prefaceLeft = hasPreface ? PREFACE : Buffer.alloc(0);
  }

  /** What came instead of the preface, so that there are no frames. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Whether the octets so far end with a whole frame. */
  get isAtBoundary(): boolean {
    return this.#rest.length === 0 && this.#prefaceLeft.length === 0;
  }

  /** The header of the frame whose payload is still to come; `undefined` when not even the header is complete. */
  get begun(): { readonly type: number; readonly streamId: number; readonly length: number } | undefined {
    const rest = this.#rest;
    if (rest.length < HEADER_BYTES) return undefined;
    return { type: rest[3] as number, streamId: streamIdAt(rest, 5), length: rest.readUIntBE(0, 3) };
  }

  /** The frames that these octets complete. Nothing of `octets` is kept; the reserved bit of stream ids is left out. */
  push(octets: Buffer): Frame[] {
    if (this.#isBroken) return [];
    const frames: Frame[] = [];
    const input = Buffer.concat([this.#rest, this.#skipPreface(octets)]);
    let at = 0;
    while (input.length - at >= HEADER_BYTES) {
      const end = at + HEADER_BYTES + input.readUIntBE(at, 3);
      if (end > input.length) break;
      frames.push({
        type: input[at + 3] as number,
        flags: input[at + 4] as number,
        streamId: streamIdAt(input, at + 5),
        payload: input.subarray(at + HEADER_BYTES, end),
      });
      at = end;
    }
    this.#rest = input.subarray(at);
    return frames;
  }

  #skipPreface(octets: Buffer): Buffer {
    const count = Math.min(this.#prefaceLeft.length, octets.length);
    if (!this.#prefaceLeft.subarray(0, count).equals(octets.subarray(0, count))) {
      this.#isBroken = true;
      return Buffer.alloc(0);
    }
    this.#prefaceLeft = this.#prefaceLeft.subarray(count);
    return octets.subarray(count);
  }
}

function streamIdAt(octets: Buffer, at: number): number {
  return octets.readUInt32BE(at) % (MAX_STREAM_ID + 1);
}
