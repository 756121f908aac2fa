/**
 * The open streams of a connection, and what is known of the closed ones.
 *
 * A closed stream is forgotten, except that the ids which we have reset are kept for a while (the last 512), because the
 * peer may have had frames of them under way: those are ignored, while frames after an orderly end are an error.
 * RFC 9113 section 5.1.
 */
import { CloseCause } from "./state.js";
import type { Stream } from "./stream.js";
import { StreamTable } from "./stream-table.js";

const REMEMBERED_RESETS = 512;

export class StreamStore<C> {
  readonly #open = new StreamTable<C>();
  readonly #resets = new Map<number, CloseCause>();
  /** The stream that was looked up last: HEADERS and DATA of a small call lie side by side. */
  #last: Stream<C> | undefined = undefined;
  /** The highest id of a reset that is not remembered any more. */
  #highestForgotten = 0;

  get size(): number {
    return this.#open.size;
  }

  add(stream: Stream<C>): void {
    this.#open.add(stream);
    this.#last = stream;
  }

  find(id: number): Stream<C> | undefined {
    const last = this.#last;
    if (last !== undefined && last.id === id) return last;
    const stream = this.#open.get(id);
    if (stream !== undefined) this.#last = stream;
    return stream;
  }

  /** Forgets a stream, whose close cause must be set. */
  remove(stream: Stream<C>): void {
    this.#open.delete(stream.id);
    if (this.#last === stream) this.#last = undefined;
    if (stream.closeCause !== CloseCause.ENDED) this.#remember(stream.id, stream.closeCause);
  }

  /** Remembers that we have reset a stream which was refused before it was made. */
  noteReset(id: number): void {
    this.#remember(id, CloseCause.RESET_SENT);
  }

  /** Remembers that a stream which the peer had reset was answered with another reset. */
  noteAnswer(id: number): void {
    this.#remember(id, CloseCause.RESET_ANSWERED);
  }

  /**
   * Why a stream that is not open was closed; orderly unless remembered otherwise. Where resets have been forgotten, it may have
   * been one of them: so many resets at a time are no reason to end the connection over a late frame. Only for ids that were in use.
   */
  causeOf(id: number): CloseCause {
    return this.#resets.get(id) ?? (id > this.#highestForgotten ? CloseCause.ENDED : CloseCause.RESET_SENT);
  }

  /** The open streams, in no order. The list is new, so that streams may be removed while they are visited. */
  values(): Stream<C>[] {
    return this.#open.values();
  }

  #remember(id: number, cause: CloseCause): void {
    this.#resets.set(id, cause);
    if (this.#resets.size > REMEMBERED_RESETS) {
      for (const oldest of this.#resets.keys()) {
        this.#resets.delete(oldest);
        if (oldest > this.#highestForgotten) this.#highestForgotten = oldest;
        break;
      }
    }
  }
}
