/** A sink of its own: a buffer that grows. It keeps its memory between messages. */
import { copyBytes } from "./runtime/copy-bytes.js";
import type { ByteSink } from "./sink.js";

const INITIAL_BYTES = 512;

/**
 * Collects the bytes of one message, or of several one after the other.
 *
 * The buffer doubles when it is full and never shrinks; drop the writer to give the memory back.
 */
export class Writer implements ByteSink {
  buffer: Buffer;
  position: number;

  /** @param initialBytes how much to allocate at first; 512 by default */
  constructor(initialBytes: number = INITIAL_BYTES) {
    this.buffer = Buffer.allocUnsafeSlow(initialBytes);
    this.position = 0;
  }

  /** Makes room for `bytes` more bytes. What was written stays at its index. */
  reserve(bytes: number): void {
    const needed = this.position + bytes;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.position);
    this.buffer = larger;
  }

  /** A copy of what was written, owned by the caller. The writer is empty afterwards and can be used again. */
  finish(): Uint8Array {
    const bytes = copyBytes(this.buffer, 0, this.position);
    this.position = 0;
    return bytes;
  }
}
