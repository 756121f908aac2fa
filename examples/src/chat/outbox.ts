/**
 * The queue between a room, which never waits, and one member's responses, which go out as fast as the member reads.
 *
 * It is bounded: when it is full, `push` says so, and the room decides what happens to the member.
 */
export class Outbox<T> implements AsyncIterable<T> {
  readonly #capacity: number;
  #queue: T[] = [];
  #state: { kind: "open" } | { kind: "ended" } | { kind: "failed"; error: unknown } = { kind: "open" };
  #wake: () => void = () => {};

  /** `capacity` is how many values may wait. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Adds a value. Returns false, and adds nothing, when the queue is full. Once the outbox has ended, values are dropped. */
  push(value: T): boolean {
    if (this.#state.kind !== "open") return true;
    if (this.#queue.length >= this.#capacity) return false;
    this.#queue.push(value);
    this.#wake();
    return true;
  }

  /** No more values: the reader gets what waits, then the end. Does nothing after the first `end` or `fail`. */
  end(): void {
    if (this.#state.kind !== "open") return;
    this.#state = { kind: "ended" };
    this.#wake();
  }

  /** Gives up: what waits is thrown away, and the reader gets the error. Does nothing after the first `fail`. */
  fail(error: unknown): void {
    if (this.#state.kind === "failed") return;
    this.#state = { kind: "failed", error };
    this.#queue = [];
    this.#wake();
  }

  /** For one reader. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) {
      const next = this.#queue.shift();
      if (next !== undefined) yield next;
      else if (this.#state.kind === "failed") throw this.#state.error;
      else if (this.#state.kind === "ended") return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
