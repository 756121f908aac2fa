/**
 * Whose turn it is to send queued DATA: streams that may send stand in a line, send one frame each, and go to its end. So a
 * large message never holds up a small one for longer than a frame.
 */

/** Something that can stand in line: a stream. The links are fields of its own, so that standing in line allocates nothing. */
export interface InLine<T> {
  next: T | undefined;
  previous: T | undefined;
  scheduled: boolean;
}

export class Scheduler<T extends InLine<T>> {
  #first: T | undefined = undefined;
  #last: T | undefined = undefined;

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  /** Puts a stream at the end of the line, unless it stands in it. */
  add(stream: T): void {
    if (stream.scheduled) return;
    stream.scheduled = true;
    stream.previous = this.#last;
    if (this.#last === undefined) this.#first = stream;
    else this.#last.next = stream;
    this.#last = stream;
  }

  /** Takes the stream whose turn it is out of the line. */
  shift(): T | undefined {
    const stream = this.#first;
    if (stream !== undefined) this.remove(stream);
    return stream;
  }

  /** Takes a stream that stands in the line out of it. */
  remove(stream: T): void {
    const { previous, next } = stream;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    stream.previous = undefined;
    stream.next = undefined;
    stream.scheduled = false;
  }
}
