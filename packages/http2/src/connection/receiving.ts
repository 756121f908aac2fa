/**
 * The incoming direction: what each frame means in each state, and what is answered when it is not allowed.
 * RFC 9113 sections 5.1 (states), 5.4 (errors) and 6 (frames).
 */
import { Charge } from "../budget/peer-budgets.js";
import { ErrorCode, errorCodeName, streamError } from "../error.js";
import { Flag, FrameType, frameTypeName, getUint31, getUint32 } from "../frame/frame-header.js";
import { GOAWAY_MIN_BYTES, parseGoAway } from "../frame/goaway.js";
import { type Fragment, locateFragment } from "../frame/padding.js";
import { PING_BYTES, writePing } from "../frame/ping.js";
import { PRIORITY_BYTES } from "../frame/priority.js";
import { RST_STREAM_BYTES } from "../frame/rst-stream.js";
import { SETTING_BYTES } from "../frame/settings.js";
import { WINDOW_UPDATE_BYTES } from "../frame/window-update.js";
import { type HeaderList, OversizedHeaderList } from "../hpack/header-list.js";
import { CloseCause, Receiving, Sending } from "../stream/state.js";
import type { Stream } from "../stream/stream.js";
import type { Drain } from "./drain.js";
import type { FrameHandler } from "./frame-reader.js";
import { HeaderAssembly } from "./header-assembly.js";
import { oversizeReason, trailersFault } from "./header-rules.js";
import type { Link } from "./link.js";
import type { ReceiveWindows } from "./receive-windows.js";
import type { RequestHeaders, ResponseHeaders } from "./roles.js";
import type { SendingSide } from "./sending.js";
import type { SettingsExchange } from "./settings-exchange.js";

export class ReceivingSide<C> implements FrameHandler {
  readonly #link: Link<C>;
  readonly #sending: SendingSide<C>;
  readonly #settings: SettingsExchange<C>;
  readonly #windows: ReceiveWindows<C>;
  readonly #drain: Drain<C>;
  readonly #roleHeaders: RequestHeaders<C> | ResponseHeaders<C>;
  readonly #assembly: HeaderAssembly<C>;
  readonly #fragment: Fragment = { start: 0, end: 0 };
  /** The stream of the DATA frame that is being read; `undefined` when its payload is thrown away. */
  #dataStream: Stream<C> | undefined = undefined;
  #dataFlags = 0;
  /** Octets of padding behind the data of the current frame; -1 while its pad length has not been read. */
  #padding = 0;
  /** Octets of data of the current frame that are still to come, without padding. */
  #dataLeft = 0;

  constructor(
    link: Link<C>,
    sending: SendingSide<C>,
    settings: SettingsExchange<C>,
    windows: ReceiveWindows<C>,
    drain: Drain<C>,
    roleHeaders: RequestHeaders<C> | ResponseHeaders<C>,
  ) {
    this.#link = link;
    this.#sending = sending;
    this.#settings = settings;
    this.#windows = windows;
    this.#drain = drain;
    this.#roleHeaders = roleHeaders;
    this.#assembly = new HeaderAssembly(link, settings.decoder);
  }

  acceptHeader(length: number, type: number, flags: number, streamId: number): boolean {
    const link = this.#link;
    if (link.fatal !== undefined) return false;
    if (length > this.#settings.maxFrameBytes) {
      return link.fail(
        ErrorCode.FRAME_SIZE_ERROR,
        `${frameTypeName(type)} of ${length} octets on stream ${streamId}; the limit is ${this.#settings.maxFrameBytes}`,
      );
    }
    if (!this.#settings.received && (type !== FrameType.SETTINGS || (flags & Flag.ACK) !== 0)) {
      const what = type === FrameType.SETTINGS ? "an acknowledgement" : frameTypeName(type);
      return link.fail(ErrorCode.PROTOCOL_ERROR, `the first frame is ${what} instead of SETTINGS`);
    }
    if (this.#assembly.isOpen && (type !== FrameType.CONTINUATION || streamId !== this.#assembly.streamId)) {
      return link.fail(
        ErrorCode.PROTOCOL_ERROR,
        `${frameTypeName(type)} on stream ${streamId} in the middle of the header block of stream ${this.#assembly.streamId}`,
      );
    }
    return true;
  }

  onFrame(type: number, flags: number, streamId: number, buffer: Buffer, start: number, end: number): boolean {
    switch (type) {
      case FrameType.HEADERS:
        return this.#onHeaders(flags, streamId, buffer, start, end);
      case FrameType.WINDOW_UPDATE:
        return this.#onWindowUpdate(streamId, buffer, start, end - start);
      case FrameType.RST_STREAM:
        return this.#onRstStream(streamId, buffer, start, end - start);
      case FrameType.SETTINGS:
        return this.#onSettings(flags, streamId, buffer, start, end);
      case FrameType.PING:
        return this.#onPing(flags, streamId, buffer, start, end - start);
      case FrameType.GOAWAY:
        return this.#onGoAway(streamId, buffer, start, end);
      case FrameType.PRIORITY:
        return this.#onPriority(streamId, end - start);
      case FrameType.CONTINUATION:
        return this.#onContinuation(flags, streamId, buffer, start, end);
      case FrameType.PUSH_PROMISE:
        return this.#link.fail(ErrorCode.PROTOCOL_ERROR, "PUSH_PROMISE, which this side has not allowed");
      default:
        return this.#link.charge(Charge.IGNORED); // Frames of unknown types. RFC 9113 section 5.5.
    }
  }

  onDataStart(length: number, flags: number, streamId: number): boolean {
    const link = this.#link;
    if (streamId === 0) return link.fail(ErrorCode.PROTOCOL_ERROR, "DATA on stream 0");
    if (!this.#windows.takeFromConnection(streamId, length)) return false;
    const stream = link.streams.find(streamId);
    if ((flags & Flag.PADDED) === 0 && stream !== undefined && !this.#weigh(length, flags)) return false;
    this.#dataFlags = flags;
    this.#padding = (flags & Flag.PADDED) !== 0 ? -1 : 0;
    this.#dataLeft = length;
    this.#dataStream = stream;
    if (this.#padding < 0 && length === 0) {
      return link.fail(ErrorCode.FRAME_SIZE_ERROR, `padded DATA without a pad length on stream ${streamId}`);
    }
    if (stream === undefined) return this.#onClosedStream(streamId, FrameType.DATA);
    if (stream.receiving === Receiving.ENDED) {
      link.failStream(stream, ErrorCode.STREAM_CLOSED, `DATA after END_STREAM on stream ${streamId}`);
      this.#dataStream = undefined;
    } else if (!stream.headersReceived) {
      link.failStream(stream, ErrorCode.PROTOCOL_ERROR, `DATA before HEADERS on stream ${streamId}`);
      this.#dataStream = undefined;
    } else if (
      !this.#windows.takeFromStream(stream, length) ||
      (this.#padding === 0 && !this.#fitsBody(stream, length))
    ) {
      this.#dataStream = undefined;
    } else if ((flags & Flag.END_STREAM) !== 0) {
      stream.receiving = Receiving.ENDING;
    }
    return link.fatal === undefined;
  }

  onDataPart(buffer: Buffer, start: number, end: number): boolean {
    let at = start;
    if (this.#padding < 0) {
      this.#padding = buffer[at] as number;
      at += 1;
      this.#dataLeft -= 1 + this.#padding;
      if (this.#dataLeft < 0) {
        return this.#link.fail(ErrorCode.PROTOCOL_ERROR, `DATA with more padding (${this.#padding}) than payload`);
      }
      const stream = this.#dataStream;
      if (stream !== undefined && !stream.isClosed) {
        this.#windows.consume(stream, 1 + this.#padding);
        this.#fitsBody(stream, this.#dataLeft);
      }
      if (stream !== undefined && !this.#weigh(this.#dataLeft, this.#dataFlags)) return false;
    }
    const bytes = Math.min(this.#dataLeft, end - at);
    if (bytes > 0) {
      this.#dataLeft -= bytes;
      const stream = this.#dataStream;
      if (stream !== undefined && !stream.isClosed) this.#link.sink.onData(stream, buffer, at, at + bytes);
    }
    return this.#link.fatal === undefined;
  }

  onDataEnd(): boolean {
    const stream = this.#dataStream;
    this.#dataStream = undefined;
    if (stream !== undefined && (this.#dataFlags & Flag.END_STREAM) !== 0) this.#endReceiving(stream);
    return this.#link.fatal === undefined;
  }

  /** DATA without data (padding is none) is of no use, unless it ends the stream. False when there was too much of it. */
  #weigh(bytes: number, flags: number): boolean {
    if (bytes > 0) this.#link.noteUse();
    else if ((flags & Flag.END_STREAM) === 0) return this.#link.charge(Charge.EMPTY_DATA);
    return true;
  }

  /** Counts the octets of a frame against the announced length of the body. RFC 9113 section 8.1.1. */
  #fitsBody(stream: Stream<C>, bytes: number): boolean {
    if (stream.bodyLeft < 0) return true;
    stream.bodyLeft -= bytes;
    if (stream.bodyLeft >= 0) return true;
    const reason = `the body of stream ${stream.id} is longer than its content-length`;
    this.#link.failStream(stream, ErrorCode.PROTOCOL_ERROR, reason);
    return false;
  }

  #endReceiving(stream: Stream<C>): void {
    if (stream.isClosed) return;
    if (stream.bodyLeft > 0) {
      const reason = `the body of stream ${stream.id} ends ${stream.bodyLeft} octets before its content-length`;
      this.#link.failStream(stream, ErrorCode.PROTOCOL_ERROR, reason);
      return;
    }
    stream.receiving = Receiving.ENDED;
    this.#link.sink.onEnd(stream);
    this.#link.closeIfEnded(stream);
  }

  #onHeaders(flags: number, streamId: number, buffer: Buffer, start: number, end: number): boolean {
    if (streamId === 0) return this.#link.fail(ErrorCode.PROTOCOL_ERROR, "HEADERS on stream 0");
    const fragment = this.#fragment;
    const fault = locateFragment(buffer, start, end, flags, fragment);
    if (fault !== undefined) return this.#link.fail(fault.code, `${fault.reason} (stream ${streamId})`);
    const endStream = (flags & Flag.END_STREAM) !== 0;
    if ((flags & Flag.END_HEADERS) === 0) {
      return this.#assembly.begin(streamId, endStream, buffer, fragment.start, fragment.end);
    }
    return this.#onBlock(streamId, endStream, buffer, fragment.start, fragment.end);
  }

  #onContinuation(flags: number, streamId: number, buffer: Buffer, start: number, end: number): boolean {
    const assembly = this.#assembly;
    if (!assembly.isOpen) {
      return this.#link.fail(ErrorCode.PROTOCOL_ERROR, `CONTINUATION on stream ${streamId} without HEADERS before it`);
    }
    if (!assembly.proceed(buffer, start, end)) return false;
    if ((flags & Flag.END_HEADERS) === 0) return true;
    const block = assembly.finish();
    return this.#onBlock(streamId, assembly.endStream, block, 0, block.length);
  }

  /** A complete header block. It is always decoded, so that the dynamic tables of both sides stay in step. */
  #onBlock(streamId: number, endStream: boolean, buffer: Buffer, start: number, end: number): boolean {
    const link = this.#link;
    const headers = this.#assembly.decode(buffer, start, end);
    if (headers === undefined) return false;
    const stream = link.streams.find(streamId);
    if (headers instanceof OversizedHeaderList) return this.#onOversized(streamId, stream, headers);
    if (stream === undefined) {
      if (!this.#roleHeaders.isNew(streamId)) return this.#onLateHeaders(streamId);
      const opened = this.#roleHeaders.open(streamId, headers, endStream);
      if (opened !== undefined && endStream) this.#endReceiving(opened);
      return link.fatal === undefined;
    }
    if (stream.receiving === Receiving.ENDED) {
      link.failStream(stream, ErrorCode.STREAM_CLOSED, `HEADERS after END_STREAM on stream ${streamId}`);
    } else if (!stream.headersReceived) {
      this.#roleHeaders.first(stream, headers, endStream);
      if (endStream) this.#endReceiving(stream);
    } else {
      this.#onTrailers(stream, headers, endStream);
    }
    return link.fatal === undefined;
  }

  /** Too many headers cost the stream that has them; the block was decoded all the same, so the connection goes on. */
  #onOversized(streamId: number, stream: Stream<C> | undefined, headers: OversizedHeaderList): boolean {
    const link = this.#link;
    if (stream !== undefined) {
      link.failStream(stream, ErrorCode.ENHANCE_YOUR_CALM, oversizeReason(streamId, headers, link.limits));
    } else if (this.#roleHeaders.isNew(streamId)) {
      this.#roleHeaders.refuse(streamId, ErrorCode.ENHANCE_YOUR_CALM);
    } else {
      return this.#onLateHeaders(streamId);
    }
    return link.fatal === undefined;
  }

  /** HEADERS on a stream that is not open and not new. */
  #onLateHeaders(streamId: number): boolean {
    const link = this.#link;
    if (this.#roleHeaders.wasSkipped(streamId)) {
      const reason = `HEADERS on stream ${streamId} after stream ${link.lastRemoteId}; ids must rise`;
      return link.fail(ErrorCode.PROTOCOL_ERROR, reason);
    }
    return this.#onClosedStream(streamId, FrameType.HEADERS) && link.charge(Charge.IGNORED);
  }

  #onTrailers(stream: Stream<C>, headers: HeaderList, endStream: boolean): void {
    const fault = endStream ? trailersFault(headers) : "a second header block without END_STREAM";
    if (fault !== undefined) {
      this.#link.failStream(stream, ErrorCode.PROTOCOL_ERROR, `malformed trailers on stream ${stream.id}: ${fault}`);
      return;
    }
    stream.receiving = Receiving.ENDING;
    // A body that is too short is found before anybody takes the trailers for its end.
    if (stream.bodyLeft <= 0) this.#link.sink.onTrailers(stream, headers);
    this.#endReceiving(stream);
  }

  #onWindowUpdate(streamId: number, buffer: Buffer, start: number, length: number): boolean {
    const link = this.#link;
    if (length !== WINDOW_UPDATE_BYTES) return this.#wrongSize(FrameType.WINDOW_UPDATE, streamId, length);
    if (!link.charge(Charge.WINDOW_UPDATE)) return false;
    const bytes = getUint31(buffer, start);
    if (streamId === 0) {
      if (bytes === 0) return link.fail(ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of 0 on the connection");
      const fault = this.#sending.addConnectionCredit(bytes);
      return fault === undefined || link.fail(ErrorCode.FLOW_CONTROL_ERROR, fault);
    }
    const stream = link.streams.find(streamId);
    if (stream === undefined) return !link.isIdle(streamId) || this.#idle(FrameType.WINDOW_UPDATE, streamId);
    if (bytes === 0) {
      link.failStream(stream, ErrorCode.PROTOCOL_ERROR, `WINDOW_UPDATE of 0 on stream ${streamId}`);
    } else if (this.#sending.addStreamCredit(stream, bytes)) {
      this.#sending.pump();
    } else {
      link.failStream(
        stream,
        ErrorCode.FLOW_CONTROL_ERROR,
        `WINDOW_UPDATE of ${bytes} overflows stream ${streamId}'s window`,
      );
    }
    return link.fatal === undefined;
  }

  #onRstStream(streamId: number, buffer: Buffer, start: number, length: number): boolean {
    if (streamId === 0) return this.#link.fail(ErrorCode.PROTOCOL_ERROR, "RST_STREAM on stream 0");
    if (length !== RST_STREAM_BYTES) return this.#wrongSize(FrameType.RST_STREAM, streamId, length);
    const stream = this.#link.streams.find(streamId);
    if (stream === undefined) {
      if (this.#link.isIdle(streamId)) return this.#idle(FrameType.RST_STREAM, streamId);
      return this.#link.charge(Charge.IGNORED);
    }
    // A request that was given up before it was answered may have cost us work for nothing.
    if (this.#link.role === "server" && stream.sending === Sending.IDLE && !this.#link.charge(Charge.RESET))
      return false;
    const code = getUint32(buffer, start);
    const error = streamError(
      code,
      "remote",
      `the peer reset stream ${streamId} with ${errorCodeName(code)}`,
      code === ErrorCode.REFUSED_STREAM,
    );
    this.#link.resetByPeer(stream, error, CloseCause.RESET_RECEIVED);
    return this.#link.fatal === undefined;
  }

  #onSettings(flags: number, streamId: number, buffer: Buffer, start: number, end: number): boolean {
    const link = this.#link;
    if (streamId !== 0) return link.fail(ErrorCode.PROTOCOL_ERROR, `SETTINGS on stream ${streamId}`);
    const length = end - start;
    if ((flags & Flag.ACK) !== 0) {
      if (length !== 0) return this.#wrongSize(FrameType.SETTINGS, 0, length);
      if (!this.#settings.onAck()) return false;
      this.#windows.onStreamWindowChanged();
      return true;
    }
    if (length % SETTING_BYTES !== 0) return this.#wrongSize(FrameType.SETTINGS, 0, length);
    return this.#settings.onSettings(buffer, start, end);
  }

  #onPing(flags: number, streamId: number, buffer: Buffer, start: number, length: number): boolean {
    const link = this.#link;
    if (streamId !== 0) return link.fail(ErrorCode.PROTOCOL_ERROR, `PING on stream ${streamId}`);
    if (length !== PING_BYTES) return this.#wrongSize(FrameType.PING, 0, length);
    if ((flags & Flag.ACK) === 0) {
      if (!link.charge(Charge.PING) || !link.noteAnswer()) return false;
      writePing(link.out, true, buffer, start);
      link.out.finishFrame();
    } else if (!this.#drain.onPingAck(buffer, start) && !this.#windows.onPingAck(buffer, start)) {
      if (!link.charge(Charge.PING)) return false;
      link.sink.onPingAck(buffer.subarray(start, start + PING_BYTES));
    }
    return link.fatal === undefined;
  }

  #onGoAway(streamId: number, buffer: Buffer, start: number, end: number): boolean {
    if (streamId !== 0) return this.#link.fail(ErrorCode.PROTOCOL_ERROR, `GOAWAY on stream ${streamId}`);
    if (end - start < GOAWAY_MIN_BYTES) return this.#wrongSize(FrameType.GOAWAY, 0, end - start);
    // The first two belong to an orderly leave.
    if (this.#drain.received !== undefined && !this.#link.charge(Charge.IGNORED)) return false;
    return this.#drain.onGoAway(parseGoAway(buffer, start, end));
  }

  #onPriority(streamId: number, length: number): boolean {
    if (streamId === 0) return this.#link.fail(ErrorCode.PROTOCOL_ERROR, "PRIORITY on stream 0");
    if (!this.#link.charge(Charge.IGNORED)) return false;
    if (length === PRIORITY_BYTES) return true;
    const stream = this.#link.streams.find(streamId);
    // Only a stream that is open can be reset.
    if (stream === undefined) return this.#wrongSize(FrameType.PRIORITY, streamId, length);
    this.#link.failStream(stream, ErrorCode.FRAME_SIZE_ERROR, `PRIORITY of ${length} octets on stream ${streamId}`);
    return this.#link.fatal === undefined;
  }

  /** DATA or HEADERS on a stream that is not open. */
  #onClosedStream(streamId: number, type: number): boolean {
    if (this.#link.isIdle(streamId)) return this.#idle(type, streamId);
    const cause = this.#link.streams.causeOf(streamId);
    // Who has reset a stream cannot go on with it.
    if (cause === CloseCause.RESET_RECEIVED) return this.#link.refuseClosed(streamId);
    if (cause === CloseCause.RESET_ANSWERED) return this.#link.charge(Charge.IGNORED);
    // Frames of a stream that we have reset may have been under way; of one that ended in order, they may not.
    if (cause !== CloseCause.ENDED) return true;
    return this.#link.fail(ErrorCode.STREAM_CLOSED, `${frameTypeName(type)} on stream ${streamId}, which has ended`);
  }

  #idle(type: number, streamId: number): false {
    return this.#link.fail(ErrorCode.PROTOCOL_ERROR, `${frameTypeName(type)} on stream ${streamId}, which is idle`);
  }

  #wrongSize(type: number, streamId: number, length: number): false {
    const where = streamId === 0 ? "" : ` on stream ${streamId}`;
    return this.#link.fail(ErrorCode.FRAME_SIZE_ERROR, `${frameTypeName(type)} of ${length} octets${where}`);
  }
}
