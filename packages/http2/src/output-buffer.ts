/**
 * The connection's output: frames are serialised straight into it, and the driver takes what is finished.
 *
 * It is made of segments from a pool that all connections share, so that an idle connection holds none. What lies before
 * `frameStart` is finished frames; what lies between `frameStart` and `position` is the frame being written, which moves to
 * a new segment when it does not fit. It does no I/O and knows nothing of frames beyond where the unfinished one begins.
 */
import type { ByteSink } from "./byte-sink.js";

/** The size of a pooled segment, in octets. A frame that is larger gets a segment of its own. */
export const SEGMENT_BYTES = 65_536;

/** At most this many segments wait in the pool (4 MiB); the rest is left to the garbage collector. */
const POOL_LIMIT = 64;

const pool: Buffer[] = [];
const EMPTY = Buffer.alloc(0);

/** What the driver takes: `bytes` to be written, and the segment to be given back by {@link OutputBuffer.recycle}. */
export interface OutputHooks {
  /** Finished frames are waiting, and the driver has not been told since it last took everything. */
  onPending(): void;
  /** A segment has filled up in the middle of a turn; taking it now keeps memory small and the peer busy. */
  onFull(): void;
}

export class OutputBuffer implements ByteSink {
  buffer: Buffer = EMPTY;
  position = 0;
  /** Where the unfinished frame begins. */
  frameStart = 0;
  /** Octets of finished frames that were not taken yet. */
  pendingBytes = 0;
  /** How often the driver has taken everything that was finished. */
  takes = 0;
  readonly #hooks: OutputHooks;
  readonly #full: Buffer[] = [];
  readonly #fullBytes: number[] = [];
  #announced = false;

  constructor(hooks: OutputHooks) {
    this.#hooks = hooks;
  }

  reserve(bytes: number): void {
    if (this.position + bytes > this.buffer.length) this.#makeRoom(bytes);
  }

  /** The frame that was being written is complete. */
  finishFrame(): void {
    this.pendingBytes += this.position - this.frameStart;
    this.frameStart = this.position;
    if (!this.#announced) {
      this.#announced = true;
      this.#hooks.onPending();
    }
  }

  /** Throws away the frame that was being written. */
  dropFrame(): void {
    this.position = this.frameStart;
    // Its own segment may be of any size, and the next frame may be a long time coming.
    if (this.buffer.length > SEGMENT_BYTES && this.position === 0) this.buffer = EMPTY;
  }

  /**
   * Takes the unfinished frame out, without its first `skip` octets; the caller owns the result. A frame that has a segment of
   * its own is handed over with that segment, a smaller one is copied.
   */
  detachFrame(skip: number): Buffer {
    const start = this.frameStart + skip;
    if (this.frameStart === 0 && this.buffer.length > SEGMENT_BYTES) {
      const detached = this.buffer.subarray(start, this.position);
      this.buffer = EMPTY;
      this.position = 0;
      return detached;
    }
    const copy = Buffer.allocUnsafeSlow(this.position - start);
    this.buffer.copy(copy, 0, start, this.position);
    this.position = this.frameStart;
    return copy;
  }

  /** The number of octets of the next segment to be written, 0 when nothing is finished. Call {@link take} next. */
  takeableBytes(): number {
    return this.#fullBytes.length > 0 ? (this.#fullBytes[0] as number) : this.frameStart;
  }

  /**
   * Hands the oldest segment over to the caller: its first {@link takeableBytes} octets (asked for before) are to be written.
   * The caller gives it back with {@link recycle} once the octets are no longer needed.
   */
  take(): Buffer {
    if (this.#full.length > 0) {
      this.pendingBytes -= this.#fullBytes.shift() as number;
      // Nothing may be finished behind a full segment, and the driver takes only what is.
      if (this.pendingBytes === 0) {
        this.#announced = false;
        this.takes += 1;
      }
      return this.#full.shift() as Buffer;
    }
    this.#announced = false;
    this.takes += 1;
    this.pendingBytes -= this.frameStart;
    const taken = this.buffer;
    const unfinished = this.position - this.frameStart;
    if (unfinished > 0) {
      const next = acquire(unfinished);
      taken.copy(next, 0, this.frameStart, this.position);
      this.buffer = next;
    } else {
      this.buffer = EMPTY;
    }
    this.position = unfinished;
    this.frameStart = 0;
    return taken;
  }

  /** Gives a taken segment back, for any connection to use. */
  recycle(segment: Buffer): void {
    release(segment);
  }

  #makeRoom(bytes: number): void {
    const unfinished = this.position - this.frameStart;
    const old = this.buffer;
    const next = acquire(unfinished === 0 ? bytes : Math.max(unfinished + bytes, unfinished * 2));
    if (unfinished > 0) old.copy(next, 0, this.frameStart, this.position);
    const finished = this.frameStart;
    this.buffer = next;
    this.position = unfinished;
    this.frameStart = 0;
    if (finished === 0) {
      release(old);
      return;
    }
    this.#full.push(old);
    this.#fullBytes.push(finished);
    this.#hooks.onFull();
  }
}

function acquire(bytes: number): Buffer {
  if (bytes > SEGMENT_BYTES) return Buffer.allocUnsafeSlow(bytes);
  return pool.pop() ?? Buffer.allocUnsafeSlow(SEGMENT_BYTES);
}

function release(segment: Buffer): void {
  if (segment.length === SEGMENT_BYTES && pool.length < POOL_LIMIT) pool.push(segment);
}
