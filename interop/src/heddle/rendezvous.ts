/** Lets the handlers of different calls wait for each other. */

interface Slot<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

/** Holds one value for each call id; whoever asks before it was posted waits for it. */
export class Board<T> {
  readonly #slots = new Map<string, Slot<T>>();

  post(callId: string, value: T): void {
    this.#slot(callId).resolve(value);
  }

  take(callId: string): Promise<T> {
    return this.#slot(callId).promise;
  }

  #slot(callId: string): Slot<T> {
    const known = this.#slots.get(callId);
    if (known) return known;
    let resolve: (value: T) => void = () => {};
    const promise = new Promise<T>((settle) => {
      resolve = settle;
    });
    const slot = { promise, resolve };
    this.#slots.set(callId, slot);
    return slot;
  }
}

/** Lets calls with the same id go on only when all of them are there. */
export class Meetings {
  readonly #present = new Map<string, number>();
  readonly #complete = new Board<void>();

  join(callId: string, parties: number): Promise<void> {
    const present = (this.#present.get(callId) ?? 0) + 1;
    this.#present.set(callId, present);
    if (present === parties) this.#complete.post(callId);
    return this.#complete.take(callId);
  }
}
