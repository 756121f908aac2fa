/**
 * One stream: its two directions, its windows, and what it still has to send. RFC 9113 section 5.
 * It holds state and makes no decision; the connection does.
 */
import type { HeaderList } from "../hpack/header-list.js";
import { SendQueue } from "./send-queue.js";
import { CloseCause, Receiving, Sending } from "./state.js";

/** `C` is what the layer above attaches to a stream: its call. */
export class Stream<C> {
  readonly id: number;
  /** The slot of the layer above; the engine never reads it. */
  context: C | undefined = undefined;
  receiving: Receiving = Receiving.OPEN;
  sending: Sending = Sending.IDLE;
  closeCause: CloseCause = CloseCause.NONE;
  /** The first header block (after 1xx ones) has arrived; the next one is the trailers. */
  headersReceived = false;
  /** What the peer lets us send. Negative after it has shrunk its SETTINGS_INITIAL_WINDOW_SIZE. RFC 9113 section 6.9.2. */
  sendWindow: number;
  /** What we let the peer send. */
  receiveWindow: number;
  /** Octets that the layer above has consumed and for which no credit was given back yet. */
  uncredited = 0;
  /** Octets that were received and that the layer above has not consumed. */
  unreadBytes = 0;
  /** Octets of body that are still to come by the peer's `content-length`; -1 when it has sent none. */
  bodyLeft = -1;
  /** Trailers that wait behind queued data; `undefined` with {@link Sending.ENDING} means a bare END_STREAM. */
  trailers: HeaderList | undefined = undefined;
  /** The layer above was told to wait, and wants to hear when there is room. */
  wantsRoom = false;
  /** The scheduler's list. */
  next: Stream<C> | undefined = undefined;
  previous: Stream<C> | undefined = undefined;
  scheduled = false;
  #queue: SendQueue | undefined = undefined;

  constructor(id: number, sendWindow: number, receiveWindow: number) {
    this.id = id;
    this.sendWindow = sendWindow;
    this.receiveWindow = receiveWindow;
  }

  /** Made on first need: most calls never queue. */
  get queue(): SendQueue {
    this.#queue ??= new SendQueue();
    return this.#queue;
  }

  /** Octets of DATA that wait to be sent. */
  get queuedBytes(): number {
    return this.#queue === undefined ? 0 : this.#queue.bytes;
  }

  get isClosed(): boolean {
    return this.closeCause !== CloseCause.NONE;
  }

  dropQueue(): void {
    this.#queue?.clear();
    this.trailers = undefined;
  }
}
