/** Octets of a stream that wait to be read as they came, close together. They are owned by it. */

/** Small parts are gathered in blocks of this size: a peer may send its octets one by one. */
const BLOCK_BYTES = 4096;

export class HeldOctets {
  readonly #blocks: { readonly buffer: Buffer; start: number; end: number }[] = [];

  get isEmpty(): boolean {
    return this.#blocks.length === 0;
  }

  /** Appends a copy of `[start, end)` of `chunk`. */
  append(chunk: Buffer, start: number, end: number): void {
    const last = this.#blocks.at(-1);
    let at = start;
    if (last !== undefined && last.end < last.buffer.length) {
      const count = Math.min(last.buffer.length - last.end, end - at);
      chunk.copy(last.buffer, last.end, at, at + count);
      last.end += count;
      at += count;
    }
    if (at === end) return;
    const buffer = Buffer.allocUnsafeSlow(Math.max(end - at, BLOCK_BYTES));
    chunk.copy(buffer, 0, at, end);
    this.#blocks.push({ buffer, start: 0, end: end - at });
  }

  /**
   * Gives the oldest octets, `[start, end)` of a buffer, to `read`, which gives the index up to which it has read them, or -1 for
   * all of them. What it has not read stays.
   */
  readFirst(read: (buffer: Buffer, start: number, end: number) => number): void {
    const first = this.#blocks[0];
    if (first === undefined) return;
    const readTo = read(first.buffer, first.start, first.end);
    if (readTo < 0 || readTo === first.end) this.#blocks.shift();
    else first.start = readTo;
  }

  clear(): void {
    this.#blocks.length = 0;
  }
}
