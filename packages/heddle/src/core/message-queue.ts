/**
 * Messages that have arrived and wait to be read, as an async iterable. It is the reading side of a call: `for await` takes from
 * it, and leaving the loop early tells the call that nobody reads any more.
 */

/** Told what its reader does. */
export interface MessageQueueOwner {
  /** A message was taken, or all that waited were dropped; `owedBytes` may be credited to the sender. */
  onTaken(owedBytes: number): void;
  /** The reader has left before the end. Called once, and not after the end or an error. */
  onAbandoned(): void;
}

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

type Ending =
  | { readonly kind: "open" }
  | { readonly kind: "ended" }
  | { readonly kind: "failed"; readonly error: unknown };

const OPEN: Ending = { kind: "open" };
const ENDED: Ending = { kind: "ended" };
const DONE: IteratorResult<never, undefined> = { done: true, value: undefined };

/** A queue that is never empty is cut when so many of its messages have been taken, and they are half of what it holds. */
const CUT_AT = 256;

/** A queue with so many messages should get no more until it is empty. */
const FULL_AT = 256;

export class MessageQueue<T> implements AsyncIterableIterator<T, undefined> {
  readonly #owner: MessageQueueOwner;
  #messages: T[] = [];
  #owed: number[] = [];
  /** The index of the first message that was not taken; those in front are cut off now and then. */
  #head = 0;
  #waiters: Waiter<T>[] = [];
  #ending: Ending = OPEN;

  constructor(owner: MessageQueueOwner) {
    this.#owner = owner;
  }

  /** Nothing waits to be read. */
  get isEmpty(): boolean {
    return this.#head === this.#messages.length;
  }

  /** So many wait that it is time to stop. */
  get isFull(): boolean {
    return this.#messages.length - this.#head >= FULL_AT;
  }

  /** Neither the end nor an error has come, and the reader has not left. */
  get isOpen(): boolean {
    return this.#ending === OPEN;
  }

  /** Adds a message, or hands it to a reader that waits. False when the queue is not open, and the message was dropped. */
  push(message: T, owedBytes: number): boolean {
    if (this.#ending !== OPEN) return false;
    const waiter = this.#waiters.shift();
    if (waiter === undefined) {
      this.#messages.push(message);
      this.#owed.push(owedBytes);
      return true;
    }
    waiter.resolve({ done: false, value: message });
    this.#owner.onTaken(owedBytes);
    return true;
  }

  /** No more messages; those that wait are still read. */
  end(): void {
    if (this.#ending !== OPEN) return;
    this.#ending = ENDED;
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(DONE);
  }

  /** The call has failed; messages that wait are still read, then the iteration rejects, once. */
  fail(error: unknown): void {
    if (this.#ending !== OPEN) return;
    const [first, ...others] = this.#waiters.splice(0);
    this.#ending = first === undefined ? { kind: "failed", error } : ENDED;
    first?.reject(error);
    for (const waiter of others) waiter.resolve(DONE);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (!this.isEmpty) return Promise.resolve(this.#take());
    const ending = this.#ending;
    if (ending.kind === "failed") {
      this.#ending = ENDED;
      return Promise.reject(ending.error);
    }
    if (ending.kind === "ended") return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
    });
  }

  /** Called by `for await` when its loop is left early. What waits to be read is dropped, and counts as taken. */
  return(): Promise<IteratorResult<T, undefined>> {
    if (this.#ending !== ENDED || !this.isEmpty) {
      const wasOpen = this.#ending === OPEN;
      const owed = this.#owed.slice(this.#head).reduce((sum, bytes) => sum + bytes, 0);
      this.#ending = ENDED;
      this.#messages = [];
      this.#owed = [];
      this.#head = 0;
      for (const waiter of this.#waiters.splice(0)) waiter.resolve(DONE);
      if (wasOpen) this.#owner.onAbandoned();
      // The owner may let the sender go on, who is not to be held up by what was dropped.
      if (owed > 0) this.#owner.onTaken(owed);
    }
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): IteratorResult<T, undefined> {
    const index = this.#head;
    const value = this.#messages[index] as T;
    const owed = this.#owed[index] as number;
    this.#messages[index] = undefined as T;
    this.#head = index + 1;
    if (this.#head === this.#messages.length) {
      this.#messages.length = 0;
      this.#owed.length = 0;
      this.#head = 0;
    } else if (this.#head >= CUT_AT && this.#head * 2 >= this.#messages.length) {
      this.#messages.splice(0, this.#head);
      this.#owed.splice(0, this.#head);
      this.#head = 0;
    }
    this.#owner.onTaken(owed);
    return { done: false, value };
  }
}
