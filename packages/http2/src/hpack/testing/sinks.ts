/** Byte sinks for tests, the one simple and the other as unpleasant as the contract allows. */
import type { ByteSink } from "../../byte-sink.js";

/** A sink whose octets can be taken out. */
export interface TestSink extends ByteSink {
  /** Gives what was written since the last call. */
  take(): Buffer;
}

/**
 * With each `reserve`, moves what was written to a new buffer, at another position, with no more room than was asked for; and
 * fills the old buffer with garbage.
 */
export function createMovingSink(): TestSink {
  let start = 0;
  let moves = 0;
  return {
    buffer: Buffer.alloc(0),
    position: 0,
    reserve(bytes) {
      const written = Buffer.from(this.buffer.subarray(start, this.position));
      this.buffer.fill(0xaa);
      start = ++moves % 5;
      this.buffer = Buffer.alloc(start + written.length + bytes, 0xaa);
      this.buffer.set(written, start);
      this.position = start + written.length;
    },
    take() {
      if (this.position > this.buffer.length) throw new Error("more was written than was reserved");
      const written = Buffer.from(this.buffer.subarray(start, this.position));
      start = this.position;
      return written;
    },
  };
}
