/** Finds the frames in what the victim answers, and keeps of each payload only the beginning. RFC 9113 section 4.1. */
import { FRAME_HEADER_BYTES } from "./frame.js";

/** Enough for every frame but DATA and header blocks, and for the debug data of a GOAWAY. */
const KEPT_BYTES = 512;

/** A frame that has come. `payload` holds at most its first 512 octets. */
export type OnFrame = (type: number, flags: number, streamId: number, payload: Buffer) => void;

export class FrameScanner {
  readonly #onFrame: OnFrame;
  readonly #header = Buffer.alloc(FRAME_HEADER_BYTES);
  #headerBytes = 0;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  /** Octets of the payload that are still to come. */
  #payloadLeft = 0;
  /** Octets that come before the first frame. */
  #skipBytes: number;

  /** The first `skipBytes` octets are no frames: 24 when they are a client's, for its preface. */
  constructor(skipBytes: number, onFrame: OnFrame) {
    this.#skipBytes = skipBytes;
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    let at = Math.min(this.#skipBytes, chunk.length);
    this.#skipBytes -= at;
    while (at < chunk.length) {
      if (this.#headerBytes < FRAME_HEADER_BYTES) {
        const copied = chunk.copy(this.#header, this.#headerBytes, at);
        this.#headerBytes += copied;
        at += copied;
        if (this.#headerBytes < FRAME_HEADER_BYTES) return;
        this.#payloadLeft = this.#header.readUIntBE(0, 3);
      }
      const end = Math.min(chunk.length, at + this.#payloadLeft);
      this.#keep(chunk, at, end);
      this.#payloadLeft -= end - at;
      at = end;
      if (this.#payloadLeft === 0) this.#finish();
    }
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    const bytes = Math.min(end - start, KEPT_BYTES - this.#keptBytes);
    if (bytes <= 0) return;
    // The chunk is Node's own, so that a copy is needed only when the frame goes on in the next one; it is cheap enough always.
    this.#kept.push(Buffer.from(chunk.subarray(start, start + bytes)));
    this.#keptBytes += bytes;
  }

  #finish(): void {
    const header = this.#header;
    const payload = this.#kept.length === 1 ? (this.#kept[0] as Buffer) : Buffer.concat(this.#kept);
    this.#headerBytes = 0;
    this.#kept = [];
    this.#keptBytes = 0;
    this.#onFrame(header[3] as number, header[4] as number, header.readUInt32BE(5) & 0x7fffffff, payload);
  }
}
