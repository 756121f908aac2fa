/**
 * One HTTP/2 connection as a pure state machine: octets in, callbacks and octets out. No I/O, no clock, no promises.
 *
 * It joins the parts: the frame reader feeds the receiving side, the sending side writes the output, and both share the link
 * (streams, limits, endings). Everything is synchronous; a chunk belongs to the engine only until `receive` returns.
 * RFC 9113.
 */
import { type ErrorCode, type Http2Error, streamError } from "../error.js";
import { FRAME_HEADER_BYTES } from "../frame/frame-header.js";
import { writePing } from "../frame/ping.js";
import type { HeaderList } from "../hpack/header-list.js";
import type { OutputBuffer } from "../output-buffer.js";
import type { Sink } from "../sink.js";
import { Sending } from "../stream/state.js";
import { Stream } from "../stream/stream.js";
import { Drain } from "./drain.js";
import { FrameReader } from "./frame-reader.js";
import { Link } from "./link.js";
import { type ConnectionOptions, type Limits, limitsOf, MAX_STREAM_ID, type Role } from "./options.js";
import { PREFACE, PrefaceMatcher } from "./preface.js";
import { ReceiveWindows } from "./receive-windows.js";
import { ReceivingSide } from "./receiving.js";
import { RequestHeaders, ResponseHeaders } from "./roles.js";
import { SendingSide } from "./sending.js";
import { SettingsExchange } from "./settings-exchange.js";
import { Timeouts } from "./timeouts.js";

/** `C` is what the layer above attaches to a stream. */
export class Connection<C> {
  /** The output. Write messages into it between {@link beginData} and {@link endData}; take what is finished from it. */
  readonly out: OutputBuffer;
  readonly #link: Link<C>;
  readonly #sending: SendingSide<C>;
  readonly #settings: SettingsExchange<C>;
  readonly #windows: ReceiveWindows<C>;
  readonly #drain: Drain<C>;
  readonly #timeouts: Timeouts<C>;
  readonly #reader: FrameReader;
  readonly #preface: PrefaceMatcher;

  /** Nothing is sent before {@link start}. */
  constructor(role: Role, sink: Sink<C>, options: ConnectionOptions | Limits = {}) {
    const link = new Link(role, sink, "resolvedFor" in options ? options : limitsOf(options, role));
    this.#link = link;
    this.out = link.out;
    this.#timeouts = new Timeouts(link, {
      onIdle: () => this.#drain.begin("max_idle"),
      onDrainPingLost: () => this.#drain.finish(),
      awaitedSettings: () => this.#settings.awaited,
    });
    this.#sending = new SendingSide(link, this.#timeouts);
    this.#settings = new SettingsExchange(link, this.#sending, this.#timeouts);
    this.#windows = new ReceiveWindows(link, this.#settings);
    this.#drain = new Drain(link, this.#timeouts);
    const headers =
      role === "server" ? new RequestHeaders(link, this.#settings, this.#drain) : new ResponseHeaders(link);
    this.#reader = new FrameReader(
      new ReceivingSide(link, this.#sending, this.#settings, this.#windows, this.#drain, headers),
    );
    this.#preface = new PrefaceMatcher(role);
  }

  /**
   * Sends what a connection begins with: the preface (client), SETTINGS, and the connection's window. `nowMs` is the time, by any
   * clock that does not go backwards; {@link advance} goes on from there.
   */
  start(nowMs = 0): void {
    this.#timeouts.start(nowMs);
    if (this.#link.role === "client") {
      this.out.reserve(PREFACE.length);
      this.out.buffer.set(PREFACE, this.out.position);
      this.out.position += PREFACE.length;
      this.out.finishFrame();
    }
    this.#settings.start();
    this.#windows.start();
  }

  /**
   * Tells the time: before each {@link receive}, before {@link drain}, and by a timer when the sink was asked for it (`onDue`). What
   * has not happened in time has its consequences now.
   */
  advance(nowMs: number): void {
    this.#timeouts.advance(nowMs);
  }

  /** Takes received octets. The sink is called for what they complete. After a fatal error they are ignored. */
  receive(chunk: Buffer): void {
    let at = 0;
    if (!this.#preface.isComplete) {
      at = this.#preface.match(chunk);
      if (at < 0) {
        this.#link.failPreface(chunk);
        return;
      }
    }
    if (at < chunk.length && this.#link.fatal === undefined) this.#reader.read(chunk, at);
  }

  /** What ended the connection; `undefined` while it lives. */
  get fatal(): Http2Error | undefined {
    return this.#link.fatal;
  }

  /** Streams that are open in at least one direction. */
  get openStreams(): number {
    return this.#link.streams.size;
  }

  /** Whether less is queued than `maxQueuedBytes`. If not, who has much to send should wait for `onCapacity`. */
  get hasRoom(): boolean {
    return !this.#link.isOverfull;
  }

  /** The peer's SETTINGS have arrived. */
  get isEstablished(): boolean {
    return this.#settings.received;
  }

  /** The peer's SETTINGS_MAX_HEADER_LIST_SIZE; advisory. */
  get remoteMaxHeaderListBytes(): number {
    return this.#link.remote.maxHeaderListBytes;
  }

  /**
   * Whether a client may open a stream now. It may not after GOAWAY, at the peer's limit, when too much is queued, or when the
   * ids are used up.
   */
  get canOpenStream(): boolean {
    const link = this.#link;
    return (
      link.fatal === undefined &&
      this.#drain.received === undefined &&
      !link.isOverfull &&
      link.streams.size < link.remote.maxConcurrentStreams &&
      link.nextLocalId <= MAX_STREAM_ID
    );
  }

  /** Whether a client can never open another stream on this connection. */
  get isExhausted(): boolean {
    return (
      this.#link.fatal !== undefined || this.#drain.received !== undefined || this.#link.nextLocalId > MAX_STREAM_ID
    );
  }

  /** Opens a client's stream; only when {@link canOpenStream}. Its HEADERS must follow at once, since ids go up on the wire. */
  openStream(context: C): Stream<C> {
    const link = this.#link;
    const stream = new Stream<C>(link.nextLocalId, link.remote.initialWindowBytes, this.#settings.streamWindowBytes);
    stream.context = context;
    link.nextLocalId += 2;
    link.streams.add(stream);
    return stream;
  }

  /** Whether messages may still be sent on a stream. */
  canSend(stream: Stream<C>): boolean {
    return stream.sending === Sending.OPEN && !stream.isClosed;
  }

  /** Whether the first header block may still be sent on a stream. */
  canSendHeaders(stream: Stream<C>): boolean {
    return stream.sending === Sending.IDLE && !stream.isClosed;
  }

  /** Begins a header block; {@link addHeaders} and {@link addHeader} fill it, {@link endHeaders} sends it. */
  beginHeaders(): void {
    this.#sending.beginHeaders();
  }

  /** Adds a list to the block. Lists made by `HeaderList.template` are encoded once and then copied. */
  addHeaders(list: HeaderList): void {
    this.#sending.encoder.addList(list, this.out);
  }

  /** Adds one field. A `sensitive` one is kept out of the dynamic tables, here and at intermediaries. RFC 7541 section 7.1.3. */
  addHeader(name: string, value: string, sensitive = false): void {
    this.#sending.encoder.addField(name, value, sensitive, this.out);
  }

  endHeaders(stream: Stream<C>, endStream: boolean): void {
    this.#sending.endHeaders(stream, endStream);
  }

  /** Sends a header block of one list. */
  sendHeaders(stream: Stream<C>, list: HeaderList, endStream: boolean): void {
    this.#sending.beginHeaders();
    this.#sending.encoder.addList(list, this.out);
    this.#sending.endHeaders(stream, endStream);
  }

  /**
   * Begins DATA: the caller writes into {@link out}, then calls {@link endData}, or `out.dropFrame()` to think better of it.
   * Nothing else may be called on the connection in between. Only when {@link canSend}.
   */
  beginData(): OutputBuffer {
    return this.#sending.beginData();
  }

  /** Where, in `out.buffer`, the octets begin that were written since {@link beginData}. It moves when `out` grows. */
  get dataStart(): number {
    return this.out.frameStart + FRAME_HEADER_BYTES;
  }

  /**
   * Sends what was written since {@link beginData}, of any length, as the windows allow. False when part of it had to be
   * queued: the caller should wait for `onRoom` before it sends more.
   */
  endData(stream: Stream<C>, endStream: boolean): boolean {
    return this.#sending.endData(stream, endStream);
  }

  /** Ends our direction, behind everything queued, with trailers or (undefined) with END_STREAM alone. Only when {@link canSend}. */
  end(stream: Stream<C>, trailers: HeaderList | undefined): void {
    this.#sending.end(stream, trailers);
  }

  /** Gives a stream up: RST_STREAM, and `onReset` with the initiator `user`. Nothing happens if it is closed. */
  reset(stream: Stream<C>, code: ErrorCode, reason: string): void {
    this.#link.reset(stream, streamError(code, "user", reason));
  }

  /** Gives credit back for octets that `onData` has delivered. RFC 9113 section 6.9. */
  consume(stream: Stream<C>, bytes: number): void {
    this.#windows.consume(stream, bytes);
  }

  /** Sends a PING with the eight octets of `payload`; `onPingAck` brings them back. */
  ping(payload: Uint8Array): void {
    if (this.#link.fatal !== undefined) return;
    writePing(this.out, false, payload, 0);
    this.out.finishFrame();
  }

  /** An orderly leave, in two steps; `onDrained` follows when no new stream can begin. The streams go on. */
  drain(reason: string): void {
    this.#drain.begin(reason);
  }

  /** Takes the second step of {@link drain} without waiting for the peer's answer; `onDrained` is called from within. */
  finishDrain(): void {
    this.#drain.finish();
  }

  /** Ends the connection: GOAWAY, every stream reset, `onFatal`. */
  close(code: ErrorCode, reason: string): void {
    this.#link.close(code, reason);
  }

  /**
   * The transport is gone: every stream is reset with this error, and `onFatal` follows. Nothing is sent. If the peer has said why it
   * leaves (GOAWAY), the reason tells that too.
   */
  abort(error: Http2Error): void {
    this.#link.end(this.#drain.explain(error));
  }

  /** While the transport is blocked, DATA is kept in the streams' queues; everything else is still written to the output. */
  setBlocked(blocked: boolean): void {
    this.#sending.setBlocked(blocked);
  }
}
