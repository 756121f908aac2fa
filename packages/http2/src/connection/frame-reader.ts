/**
 * Cuts the received octets into frames. Frames are parsed in place; only one that straddles two chunks is put together in a
 * buffer of its own, and the payload of DATA never is: it is passed on in the parts in which it comes.
 * It knows the form of a frame and nothing of its meaning. RFC 9113 section 4.
 */
import { FRAME_HEADER_BYTES, FrameType, getUint31 } from "../frame/frame-header.js";

/** Receives what was read. Each method returns false to stop the reader for good. */
export interface FrameHandler {
  /** Whether a frame's header is acceptable, asked before its payload is looked at or kept; perhaps more than once. */
  acceptHeader(length: number, type: number, flags: number, streamId: number): boolean;
  /** A complete frame of any type but DATA; the payload is `[start, end)` of `buffer`. */
  onFrame(type: number, flags: number, streamId: number, buffer: Buffer, start: number, end: number): boolean;
  /** A DATA frame begins. `length` counts its padding. */
  onDataStart(length: number, flags: number, streamId: number): boolean;
  /** Part of a DATA frame's payload, padding fields included. */
  onDataPart(buffer: Buffer, start: number, end: number): boolean;
  /** The DATA frame is complete. */
  onDataEnd(): boolean;
}

const EMPTY = Buffer.alloc(0);

export class FrameReader {
  readonly #handler: FrameHandler;
  /** The beginning of a frame that did not fit into its chunk: `#heldBytes` octets of `#held`. */
  #held: Buffer = EMPTY;
  #heldBytes = 0;
  /** Octets of the current DATA frame's payload that are still to come. */
  #dataLeft = 0;

  constructor(handler: FrameHandler) {
    this.#handler = handler;
  }

  /** Reads `chunk` from `at` to its end. The chunk is not kept. */
  read(chunk: Buffer, at: number): void {
    let position = at;
    if (this.#dataLeft > 0 || this.#heldBytes > 0) {
      position = this.#resume(chunk, position);
      if (position < 0) return;
    }
    const end = chunk.length;
    while (end - position >= FRAME_HEADER_BYTES) {
      const length =
        ((chunk[position] as number) << 16) | ((chunk[position + 1] as number) << 8) | (chunk[position + 2] as number);
      const type = chunk[position + 3] as number;
      const flags = chunk[position + 4] as number;
      const streamId = getUint31(chunk, position + 5);
      const payload = position + FRAME_HEADER_BYTES;
      if (!this.#handler.acceptHeader(length, type, flags, streamId)) return;
      if (type === FrameType.DATA) {
        position = this.#startData(chunk, payload, length, flags, streamId);
        if (position < 0) return;
        continue;
      }
      if (end - payload < length) break;
      if (!this.#handler.onFrame(type, flags, streamId, chunk, payload, payload + length)) return;
      position = payload + length;
    }
    if (position < end) this.#hold(chunk, position);
  }

  /** Goes on with a frame that began in an earlier chunk. Returns where the next frame begins, or -1 when there is none. */
  #resume(chunk: Buffer, at: number): number {
    if (this.#dataLeft > 0) return this.#continueData(chunk, at);
    let position = this.#fill(chunk, at, FRAME_HEADER_BYTES);
    if (this.#heldBytes < FRAME_HEADER_BYTES) return -1;
    const held = this.#held;
    const length = ((held[0] as number) << 16) | ((held[1] as number) << 8) | (held[2] as number);
    const type = held[3] as number;
    const flags = held[4] as number;
    const streamId = getUint31(held, 5);
    if (!this.#handler.acceptHeader(length, type, flags, streamId)) return -1;
    if (type === FrameType.DATA) {
      this.#release();
      return this.#startData(chunk, position, length, flags, streamId);
    }
    position = this.#fill(chunk, position, FRAME_HEADER_BYTES + length);
    if (this.#heldBytes < FRAME_HEADER_BYTES + length) return -1;
    const frame = this.#held;
    this.#release();
    if (!this.#handler.onFrame(type, flags, streamId, frame, FRAME_HEADER_BYTES, FRAME_HEADER_BYTES + length))
      return -1;
    return position;
  }

  #startData(chunk: Buffer, at: number, length: number, flags: number, streamId: number): number {
    if (!this.#handler.onDataStart(length, flags, streamId)) return -1;
    this.#dataLeft = length;
    if (length === 0) return this.#handler.onDataEnd() ? at : -1;
    return this.#continueData(chunk, at);
  }

  #continueData(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#dataLeft);
    if (end > at) {
      this.#dataLeft -= end - at;
      if (!this.#handler.onDataPart(chunk, at, end)) return -1;
    }
    if (this.#dataLeft > 0) return -1;
    return this.#handler.onDataEnd() ? end : -1;
  }

  #hold(chunk: Buffer, at: number): void {
    this.#fill(chunk, at, chunk.length - at);
  }

  /** Copies octets until `wanted` are held or the chunk ends; returns the index behind the last one that was copied. */
  #fill(chunk: Buffer, at: number, wanted: number): number {
    const count = Math.min(wanted - this.#heldBytes, chunk.length - at);
    if (count <= 0) return at;
    if (this.#held.length < wanted) {
      const bigger = Buffer.allocUnsafe(Math.max(wanted, 64));
      this.#held.copy(bigger, 0, 0, this.#heldBytes);
      this.#held = bigger;
    }
    chunk.copy(this.#held, this.#heldBytes, at, at + count);
    this.#heldBytes += count;
    return at + count;
  }

  #release(): void {
    this.#held = EMPTY;
    this.#heldBytes = 0;
  }
}
