/**
 * The outgoing direction: header blocks, DATA within the peer's windows, and the line of streams that wait for them.
 *
 * A message is written straight into the output behind a reserved frame header. If the windows allow it, patching that header is
 * all there is to do; if not, the message moves to the stream's queue and leaves frame by frame, in turn with other streams.
 * RFC 9113 sections 4.3, 5.2, 6.1, 6.2, 6.9 and 6.10.
 */
import type { Scheduler } from "../flow/scheduler.js";
import { Flag, FRAME_HEADER_BYTES, FrameType, putFrameHeader, writeFrameHeader } from "../frame/frame-header.js";
import { MAX_WINDOW_BYTES } from "../frame/settings.js";
import { HpackEncoder } from "../hpack/encoder.js";
import type { HeaderList } from "../hpack/header-list.js";
import type { OutputBuffer } from "../output-buffer.js";
import { Receiving, Sending } from "../stream/state.js";
import type { Stream } from "../stream/stream.js";
import type { Link } from "./link.js";
import { PROTOCOL_WINDOW_BYTES } from "./options.js";
import type { Timeouts } from "./timeouts.js";

export class SendingSide<C> {
  readonly encoder = new HpackEncoder();
  readonly #link: Link<C>;
  readonly #out: OutputBuffer;
  readonly #scheduler: Scheduler<Stream<C>>;
  /** What the peer lets us send on all streams together. */
  #window = PROTOCOL_WINDOW_BYTES;
  #blocked = false;
  readonly #timeouts: Timeouts<C>;

  constructor(link: Link<C>, timeouts: Timeouts<C>) {
    this.#link = link;
    this.#timeouts = timeouts;
    this.#out = link.out;
    this.#scheduler = link.scheduler;
  }

  beginHeaders(): void {
    this.#out.reserve(FRAME_HEADER_BYTES);
    this.#out.position += FRAME_HEADER_BYTES;
    this.encoder.beginBlock(this.#out);
  }

  endHeaders(stream: Stream<C>, endStream: boolean): void {
    const out = this.#out;
    const length = out.position - out.frameStart - FRAME_HEADER_BYTES;
    const flags = endStream ? Flag.END_STREAM : 0;
    if (length <= this.#link.remote.maxFrameBytes) {
      putFrameHeader(out.buffer, out.frameStart, length, FrameType.HEADERS, flags | Flag.END_HEADERS, stream.id);
      out.finishFrame();
    } else {
      this.#writeContinued(stream.id, out.detachFrame(FRAME_HEADER_BYTES), flags);
    }
    this.#link.noteUse();
    stream.sending = Sending.OPEN;
    if (endStream) this.#sendingEnded(stream);
  }

  beginData(): OutputBuffer {
    this.#out.reserve(FRAME_HEADER_BYTES);
    this.#out.position += FRAME_HEADER_BYTES;
    return this.#out;
  }

  endData(stream: Stream<C>, endStream: boolean): boolean {
    const out = this.#out;
    const length = out.position - out.frameStart - FRAME_HEADER_BYTES;
    if (length === 0) {
      out.dropFrame();
      if (endStream) this.end(stream, undefined);
      return true;
    }
    if (
      length <= stream.sendWindow &&
      length <= this.#window &&
      length <= this.#link.remote.maxFrameBytes &&
      !this.#blocked &&
      this.#scheduler.isEmpty &&
      stream.queuedBytes === 0
    ) {
      putFrameHeader(out.buffer, out.frameStart, length, FrameType.DATA, endStream ? Flag.END_STREAM : 0, stream.id);
      out.finishFrame();
      stream.sendWindow -= length;
      this.#window -= length;
      this.#link.noteUse();
      if (endStream) this.#sendingEnded(stream);
      return stream.isClosed || !this.#mustWait(stream);
    }
    return this.#queue(stream, out.detachFrame(FRAME_HEADER_BYTES), endStream);
  }

  #queue(stream: Stream<C>, data: Buffer, endStream: boolean): boolean {
    const link = this.#link;
    stream.queue.push(data);
    link.queuedBytes += data.length;
    if (endStream) stream.sending = Sending.ENDING;
    this.#scheduler.add(stream);
    this.pump();
    if (link.queuedBytes > link.limits.maxQueuedBytes) {
      link.isOverfull = true;
      this.#timeouts.expectProgress();
    }
    return stream.isClosed || !this.#mustWait(stream);
  }

  /** Whether the stream should send no more for now; it is then told when it may. */
  #mustWait(stream: Stream<C>): boolean {
    if (stream.queuedBytes === 0 && !this.#link.isOverfull) return false;
    stream.wantsRoom = true;
    return true;
  }

  /** Ends our direction behind whatever is queued: with trailers, or with an empty DATA frame. */
  end(stream: Stream<C>, trailers: HeaderList | undefined): void {
    if (stream.queuedBytes > 0) {
      stream.trailers = trailers;
      stream.sending = Sending.ENDING;
      return;
    }
    this.#writeEnd(stream, trailers);
  }

  setBlocked(blocked: boolean): void {
    this.#blocked = blocked;
    if (!blocked) this.pump();
  }

  /** Credit from the peer for all streams. Returns what is wrong with it, or `undefined`. */
  addConnectionCredit(bytes: number): string | undefined {
    if (this.#window + bytes > MAX_WINDOW_BYTES) {
      return `WINDOW_UPDATE of ${bytes} makes the connection's window exceed ${MAX_WINDOW_BYTES} octets`;
    }
    this.#window += bytes;
    this.pump();
    return undefined;
  }

  /** Credit (or, after a change of SETTINGS, debit) for one stream. False when its window would exceed the largest one. */
  addStreamCredit(stream: Stream<C>, bytes: number): boolean {
    if (stream.sendWindow + bytes > MAX_WINDOW_BYTES) return false;
    stream.sendWindow += bytes;
    if (stream.queuedBytes > 0 && stream.sendWindow > 0) this.#scheduler.add(stream);
    return true;
  }

  /** Sends what the windows and the socket allow, one frame for each stream in turn. */
  pump(): void {
    while (!this.#blocked && this.#window > 0 && !this.#scheduler.isEmpty) {
      const stream = this.#scheduler.shift() as Stream<C>;
      const bytes = Math.min(stream.queuedBytes, stream.sendWindow, this.#window, this.#link.remote.maxFrameBytes);
      // A stream whose own window is closed comes back with WINDOW_UPDATE.
      if (bytes > 0) this.#writeQueued(stream, bytes);
    }
    if (this.#link.isOverfull) this.#link.wakeIfRoom();
  }

  #writeQueued(stream: Stream<C>, bytes: number): void {
    const ends = bytes === stream.queuedBytes && stream.sending === Sending.ENDING;
    const endStream = ends && stream.trailers === undefined;
    writeFrameHeader(this.#out, bytes, FrameType.DATA, endStream ? Flag.END_STREAM : 0, stream.id);
    stream.queue.moveTo(this.#out.buffer, this.#out.position, bytes);
    this.#out.position += bytes;
    this.#out.finishFrame();
    stream.sendWindow -= bytes;
    this.#window -= bytes;
    this.#link.freeQueued(bytes);
    this.#link.noteUse();
    if (stream.queuedBytes > 0) {
      this.#scheduler.add(stream);
      return;
    }
    if (endStream) this.#sendingEnded(stream);
    else if (ends) this.#writeEnd(stream, stream.trailers);
    if (stream.wantsRoom && !stream.isClosed && !this.#link.isOverfull) {
      stream.wantsRoom = false;
      this.#link.sink.onRoom(stream);
    }
  }

  #writeEnd(stream: Stream<C>, trailers: HeaderList | undefined): void {
    if (trailers !== undefined) {
      this.beginHeaders();
      this.encoder.addList(trailers, this.#out);
      this.endHeaders(stream, true);
      return;
    }
    writeFrameHeader(this.#out, 0, FrameType.DATA, Flag.END_STREAM, stream.id);
    this.#out.finishFrame();
    this.#link.noteUse();
    this.#sendingEnded(stream);
  }

  #sendingEnded(stream: Stream<C>): void {
    stream.sending = Sending.ENDED;
    if (stream.receiving === Receiving.ENDED) this.#link.closeIfEnded(stream);
    // A server that has answered has no use for the rest of the request.
    else if (this.#link.role === "server" && stream.receiving === Receiving.OPEN) this.#link.stopReceiving(stream);
  }

  /** A block that is larger than a frame: HEADERS and CONTINUATION, with nothing in between. */
  #writeContinued(streamId: number, block: Buffer, flags: number): void {
    const max = this.#link.remote.maxFrameBytes;
    for (let at = 0; at < block.length; at += max) {
      const bytes = Math.min(max, block.length - at);
      const last = at + bytes === block.length ? Flag.END_HEADERS : 0;
      const type = at === 0 ? FrameType.HEADERS : FrameType.CONTINUATION;
      writeFrameHeader(this.#out, bytes, type, (at === 0 ? flags : 0) | last, streamId);
      block.copy(this.#out.buffer, this.#out.position, at, at + bytes);
      this.#out.position += bytes;
      this.#out.finishFrame();
    }
  }
}
