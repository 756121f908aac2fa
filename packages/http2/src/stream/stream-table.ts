/**
 * Streams by id: a hash table with open addressing, made for ids that rise one by one.
 *
 * It stands in for a `Map`, whose discarded backing stores point to their successors: once one of them is in the old generation, the
 * collector takes every later one, and the calls in it, for alive. With a hundred calls in flight that was half of a client's time.
 */
import type { Stream } from "./stream.js";

/** A power of two. */
const FIRST_CAPACITY = 16;

export class StreamTable<C> {
  #slots: (Stream<C> | undefined)[] = emptySlots(FIRST_CAPACITY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: number): Stream<C> | undefined {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let i = home(id, mask); ; i = (i + 1) & mask) {
      const stream = slots[i];
      if (stream === undefined || stream.id === id) return stream;
    }
  }

  /** Adds a stream whose id is not in the table. */
  add(stream: Stream<C>): void {
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    place(this.#slots, stream);
    this.#size += 1;
  }

  /** Removes a stream; does nothing if it is not in the table. */
  delete(id: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let hole = home(id, mask);
    for (let stream = slots[hole]; stream?.id !== id; stream = slots[hole]) {
      if (stream === undefined) return;
      hole = (hole + 1) & mask;
    }
    this.#size -= 1;
    // What stands behind the hole moves up, unless it would then stand in front of its home.
    for (let i = (hole + 1) & mask; ; i = (i + 1) & mask) {
      const stream = slots[i];
      if (stream === undefined) break;
      if (((i - home(stream.id, mask)) & mask) < ((i - hole) & mask)) continue;
      slots[hole] = stream;
      hole = i;
    }
    slots[hole] = undefined;
  }

  /** The streams, in no order; the list is new. */
  values(): Stream<C>[] {
    return this.#slots.filter((stream) => stream !== undefined);
  }

  #grow(): void {
    const slots = emptySlots<C>(this.#slots.length * 2);
    for (const stream of this.#slots) if (stream !== undefined) place(slots, stream);
    this.#slots = slots;
  }
}

/** Client ids are all odd, so that neighbours in time are neighbours in the table. */
function home(id: number, mask: number): number {
  return (id >>> 1) & mask;
}

function place<C>(slots: (Stream<C> | undefined)[], stream: Stream<C>): void {
  const mask = slots.length - 1;
  let i = home(stream.id, mask);
  while (slots[i] !== undefined) i = (i + 1) & mask;
  slots[i] = stream;
}

function emptySlots<C>(capacity: number): (Stream<C> | undefined)[] {
  return new Array<Stream<C> | undefined>(capacity).fill(undefined);
}
