/**
 * Octets that were written and not yet delivered: copied into segments, so that the writer has its buffer back at once and writes
 * that are close together arrive as one. Segments come from a pool, since who takes octets needs them only for the moment.
 */

const SEGMENT_BYTES = 65_536;
/** At most this many segments wait in the pool (1 MiB). */
const POOL_LIMIT = 16;

const pool: Buffer[] = [];

interface Segment {
  readonly buffer: Buffer;
  usedBytes: number;
}

export class OctetQueue {
  #segments: Segment[] = [];
  /** Octets that wait. */
  bytes = 0;

  /** Adds a copy of `octets`. */
  push(octets: Buffer): void {
    this.bytes += octets.length;
    for (let at = 0; at < octets.length; ) {
      const segment = this.#writable();
      const copied = octets.copy(segment.buffer, segment.usedBytes, at);
      segment.usedBytes += copied;
      at += copied;
    }
  }

  /** The segments that wait at this moment. */
  get segments(): number {
    return this.#segments.length;
  }

  /** Gives the oldest segment to `take`, for which it is valid until that returns. There must be one. */
  deliver(take: (octets: Buffer) => void): void {
    const { buffer, usedBytes } = this.#segments.shift() as Segment;
    this.bytes -= usedBytes;
    take(buffer.subarray(0, usedBytes));
    if (pool.length < POOL_LIMIT) pool.push(buffer);
  }

  /** Forgets what waits. */
  clear(): void {
    this.#segments = [];
    this.bytes = 0;
  }

  #writable(): Segment {
    const last = this.#segments.at(-1);
    if (last !== undefined && last.usedBytes < SEGMENT_BYTES) return last;
    const segment = { buffer: pool.pop() ?? Buffer.allocUnsafeSlow(SEGMENT_BYTES), usedBytes: 0 };
    this.#segments.push(segment);
    return segment;
  }
}
