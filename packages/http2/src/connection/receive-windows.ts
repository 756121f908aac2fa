/**
 * What the peer may send: the connection's window and each stream's, and the credit that is given back. RFC 9113 section 6.9.
 *
 * The connection's credit is given back as octets arrive, so that one stream that nobody reads never holds up the others; what
 * a stream may have under way is bounded by its own window, whose credit is given back when its octets are consumed.
 * Credit is given in batches of half a window.
 */
import { ErrorCode } from "../error.js";
import { writeWindowUpdate } from "../frame/window-update.js";
import { Receiving } from "../stream/state.js";
import type { Stream } from "../stream/stream.js";
import type { Link } from "./link.js";
import { PROTOCOL_WINDOW_BYTES } from "./options.js";
import type { SettingsExchange } from "./settings-exchange.js";

export class ReceiveWindows<C> {
  readonly #link: Link<C>;
  readonly #settings: SettingsExchange<C>;
  readonly #connectionBatch: number;
  #connectionWindow = PROTOCOL_WINDOW_BYTES;
  #connectionUncredited = 0;

  constructor(link: Link<C>, settings: SettingsExchange<C>) {
    this.#link = link;
    this.#settings = settings;
    this.#connectionBatch = link.limits.connectionWindowBytes >>> 1;
  }

  /** Raises the connection's window from the protocol's start to the configured size. */
  start(): void {
    const more = this.#link.limits.connectionWindowBytes - PROTOCOL_WINDOW_BYTES;
    if (more > 0) this.#credit(0, more);
    this.#connectionWindow += more;
  }

  /** Counts a DATA frame against the connection's window. False when it does not fit, which ends the connection. */
  takeFromConnection(bytes: number): boolean {
    this.#connectionWindow -= bytes;
    if (this.#connectionWindow < 0) {
      return this.#link.fail(
        ErrorCode.FLOW_CONTROL_ERROR,
        `DATA of ${bytes} octets exceeds the connection's window by ${-this.#connectionWindow}`,
      );
    }
    this.#connectionUncredited += bytes;
    if (this.#connectionUncredited >= this.#connectionBatch) {
      this.#credit(0, this.#connectionUncredited);
      this.#connectionWindow += this.#connectionUncredited;
      this.#connectionUncredited = 0;
    }
    return true;
  }

  /** Counts a DATA frame against its stream's window. False when it does not fit, which resets the stream. */
  takeFromStream(stream: Stream<C>, bytes: number): boolean {
    stream.receiveWindow -= bytes;
    if (stream.receiveWindow >= 0) return true;
    this.#link.failStream(
      stream,
      ErrorCode.FLOW_CONTROL_ERROR,
      `DATA of ${bytes} octets exceeds the window of stream ${stream.id} by ${-stream.receiveWindow}`,
    );
    return false;
  }

  /** The layer above has used up `bytes` octets of a stream, so the peer may send as many more. */
  consume(stream: Stream<C>, bytes: number): void {
    stream.uncredited += bytes;
    if (stream.uncredited === 0 || stream.uncredited < this.#settings.streamWindowBytes >>> 1) return;
    if (stream.isClosed || stream.receiving !== Receiving.OPEN) return;
    this.#credit(stream.id, stream.uncredited);
    stream.receiveWindow += stream.uncredited;
    stream.uncredited = 0;
  }

  #credit(streamId: number, bytes: number): void {
    writeWindowUpdate(this.#link.out, streamId, bytes);
    this.#link.out.finishFrame();
  }
}
