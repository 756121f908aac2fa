/**
 * What the peer may send: the connection's window and each stream's, and the credit that is given back. RFC 9113 section 6.9.
 *
 * A stream's credit is given back when its octets are consumed, so a slow reader slows its own sender. The connection's is given
 * back as octets arrive, so that it slows nobody else; only when very much lies unread (`maxUnreadBytes`) is it kept back.
 * Credit is given in batches of half a window. Windows double, up to their caps, while a probe finds them to be what limits the peer.
 */
import { ErrorCode } from "../error.js";
import { WindowProbe } from "../flow/window-probe.js";
import { PING_BYTES, writePing } from "../frame/ping.js";
import { writeWindowUpdate } from "../frame/window-update.js";
import { Receiving } from "../stream/state.js";
import type { Stream } from "../stream/stream.js";
import type { Link } from "./link.js";
import { PROTOCOL_WINDOW_BYTES } from "./options.js";
import type { SettingsExchange } from "./settings-exchange.js";

const PROBE_PING = Buffer.from("window\0\0", "latin1");

/** Of a window, what may lie unread when the probe comes back. */
const READ_IN_TIME = 0.25;

export class ReceiveWindows<C> {
  readonly #link: Link<C>;
  readonly #settings: SettingsExchange<C>;
  readonly #probe = new WindowProbe();
  /** The size that the connection's window has when nothing is under way. */
  #connectionSize: number;
  readonly #maxConnectionSize: number;
  /** What the peer may still send on all streams together. */
  #connectionWindow = PROTOCOL_WINDOW_BYTES;
  #connectionUncredited = 0;

  constructor(link: Link<C>, settings: SettingsExchange<C>) {
    this.#link = link;
    this.#settings = settings;
    const { connectionWindowBytes, maxStreamWindowBytes, streamWindowBytes, maxUnreadBytes } = link.limits;
    this.#connectionSize = connectionWindowBytes;
    const grows = maxStreamWindowBytes > streamWindowBytes;
    this.#maxConnectionSize = grows ? Math.floor(maxUnreadBytes / 2) : connectionWindowBytes;
    link.onUnreadFreed = () => this.#creditConnection(0);
  }

  /** Raises the connection's window from the protocol's start to the configured size. */
  start(): void {
    const more = this.#connectionSize - PROTOCOL_WINDOW_BYTES;
    if (more > 0) this.#credit(0, more);
    this.#connectionWindow += more;
  }

  /** Counts a DATA frame against the connection's window. False when it does not fit, which ends the connection. */
  takeFromConnection(streamId: number, bytes: number): boolean {
    this.#connectionWindow -= bytes;
    if (this.#connectionWindow < 0) {
      return this.#link.fail(
        ErrorCode.FLOW_CONTROL_ERROR,
        `DATA of ${bytes} octets exceeds the connection's window by ${-this.#connectionWindow}`,
      );
    }
    this.#connectionUncredited += bytes;
    if (this.#probe.isWaiting) this.#probe.count(streamId, bytes);
    if (this.#connectionUncredited >= this.#connectionSize >>> 1) this.#creditConnection(bytes);
    return true;
  }

  /** Counts a DATA frame against its stream's window. False when it does not fit, which resets the stream. */
  takeFromStream(stream: Stream<C>, bytes: number): boolean {
    stream.receiveWindow -= bytes;
    if (stream.receiveWindow >= 0) {
      stream.unreadBytes += bytes;
      this.#link.unreadBytes += bytes;
      return true;
    }
    this.#link.failStream(
      stream,
      ErrorCode.FLOW_CONTROL_ERROR,
      `DATA of ${bytes} octets exceeds the window of stream ${stream.id} by ${-stream.receiveWindow}`,
    );
    return false;
  }

  /** The layer above has used up `bytes` octets of a stream, so the peer may send as many more. */
  consume(stream: Stream<C>, bytes: number): void {
    if (stream.isClosed) return;
    stream.unreadBytes -= bytes;
    this.#link.freeUnread(bytes);
    stream.uncredited += bytes;
    this.#creditStream(stream);
  }

  /** The peer has acknowledged another stream window: what was too little to be credited may be much of a smaller window. */
  onStreamWindowChanged(): void {
    for (const stream of this.#link.streams.values()) this.#creditStream(stream);
  }

  #creditStream(stream: Stream<C>): void {
    if (stream.uncredited === 0 || stream.uncredited < this.#settings.streamWindowBytes >>> 1) return;
    if (stream.receiving !== Receiving.OPEN) return;
    if (this.#settings.canGrow) this.#beginProbe(stream.id);
    this.#credit(stream.id, stream.uncredited);
    stream.receiveWindow += stream.uncredited;
    stream.uncredited = 0;
  }

  /** Whether an acknowledged PING was a probe; then the windows grow if they are what limits the peer. */
  onPingAck(buffer: Buffer, start: number): boolean {
    const probe = this.#probe;
    if (!probe.isWaiting || PROBE_PING.compare(buffer, start, start + PING_BYTES) !== 0) return false;
    probe.end();
    if (probe.isConnectionLimited(this.#connectionSize)) this.#growConnection();
    const windowBytes = this.#settings.streamWindowBytes;
    if (probe.isStreamLimited(windowBytes) && this.#isReadInTime(windowBytes)) this.#settings.growStreamWindow();
    return true;
  }

  /** A reader that does not keep up has no use for a larger window. */
  #isReadInTime(windowBytes: number): boolean {
    const stream = this.#link.streams.find(this.#probe.streamId);
    return stream === undefined || stream.unreadBytes < windowBytes * READ_IN_TIME;
  }

  /** Before the credit: else the peer would answer with DATA first, and that would tell nothing. */
  #beginProbe(streamId: number): void {
    if (this.#probe.isWaiting) return;
    this.#probe.begin(streamId);
    writePing(this.#link.out, false, PROBE_PING, 0);
    this.#link.out.finishFrame();
  }

  #growConnection(): void {
    const more = Math.min(this.#connectionSize, this.#maxConnectionSize - this.#connectionSize);
    if (more <= 0) return;
    this.#connectionSize += more;
    this.#connectionUncredited += more;
    this.#creditConnection(0);
  }

  /**
   * Gives credit in batches, as long as what may then be under way and what is unread (with `arriving` octets that are not counted
   * yet) stay within the limit.
   */
  #creditConnection(arriving: number): void {
    const batch = this.#connectionSize >>> 1;
    if (this.#connectionUncredited < batch) return;
    const room = this.#link.limits.maxUnreadBytes - this.#link.unreadBytes - arriving - this.#connectionWindow;
    const bytes = Math.min(this.#connectionUncredited, room);
    this.#link.creditWithheld = bytes < batch;
    if (bytes < batch) return;
    if (this.#connectionSize < this.#maxConnectionSize) this.#beginProbe(0);
    this.#credit(0, bytes);
    this.#connectionWindow += bytes;
    this.#connectionUncredited -= bytes;
  }

  #credit(streamId: number, bytes: number): void {
    writeWindowUpdate(this.#link.out, streamId, bytes);
    this.#link.out.finishFrame();
  }
}
