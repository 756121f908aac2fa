/** The octets of DATA that a stream may not send yet, because of a window or of a full socket. They are owned by the queue. */

export class SendQueue {
  /** Octets in the queue. */
  bytes = 0;
  readonly #chunks: Buffer[] = [];
  /** Octets of the first chunk that were taken already. */
  #taken = 0;

  /** Appends a chunk that nobody else will change. */
  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.bytes += chunk.length;
  }

  /** Moves the first `count` octets to `target` at `at`. There must be as many in the queue. */
  moveTo(target: Buffer, at: number, count: number): void {
    this.bytes -= count;
    let position = at;
    let left = count;
    while (left > 0) {
      const first = this.#chunks[0] as Buffer;
      const step = Math.min(left, first.length - this.#taken);
      first.copy(target, position, this.#taken, this.#taken + step);
      position += step;
      left -= step;
      this.#taken += step;
      if (this.#taken === first.length) {
        this.#chunks.shift();
        this.#taken = 0;
      }
    }
  }

  clear(): void {
    this.#chunks.length = 0;
    this.#taken = 0;
    this.bytes = 0;
  }
}
