/**
 * What the two directions of a connection share: the output, the streams, the limits of both sides, and the ways in which a
 * stream or the connection ends. Each ending is told to the layer above exactly once.
 */
import { Charge, PeerBudgets } from "../budget/peer-budgets.js";
import { connectionError, ErrorCode, type Http2Error, streamError } from "../error.js";
import { Scheduler } from "../flow/scheduler.js";
import { writeGoAway } from "../frame/goaway.js";
import { writeRstStream } from "../frame/rst-stream.js";
import { MAX_WINDOW_BYTES } from "../frame/settings.js";
import { OutputBuffer } from "../output-buffer.js";
import type { Sink } from "../sink.js";
import { CloseCause, Receiving, Sending } from "../stream/state.js";
import type { Stream } from "../stream/stream.js";
import { StreamStore } from "../stream/stream-store.js";
import { type Limits, MAX_STREAM_ID, PROTOCOL_MAX_FRAME_BYTES, PROTOCOL_WINDOW_BYTES, type Role } from "./options.js";
import { looksLikeTls } from "./preface.js";

/** What the peer has announced; the protocol's own values until it has. */
export interface RemoteSettings {
  /** Streams that we may have open; 100 is assumed until the peer has said something, and no limit if it then names none. */
  maxConcurrentStreams: number;
  initialWindowBytes: number;
  maxFrameBytes: number;
  /** Advisory. RFC 9113 section 6.5.2. */
  maxHeaderListBytes: number;
}

export class Link<C> {
  readonly role: Role;
  readonly sink: Sink<C>;
  readonly limits: Limits;
  readonly out: OutputBuffer;
  readonly streams = new StreamStore<C>();
  /** The streams that wait for their turn to send. */
  readonly scheduler = new Scheduler<Stream<C>>();
  readonly remote: RemoteSettings = {
    maxConcurrentStreams: 100,
    initialWindowBytes: PROTOCOL_WINDOW_BYTES,
    maxFrameBytes: PROTOCOL_MAX_FRAME_BYTES,
    maxHeaderListBytes: MAX_WINDOW_BYTES,
  };
  /** What ended the connection; `undefined` while it lives. */
  fatal: Http2Error | undefined = undefined;
  /** The highest id of a stream that the peer has opened. */
  lastRemoteId = 0;
  /** The id of the next stream that we open; only a client opens any. */
  nextLocalId = 1;
  /** The time, as of the last `advance`. */
  nowMs = 0;
  /** Frames of use that have passed: HEADERS and DATA that we sent, DATA with content that arrived. A 32-bit count that wraps. */
  uses = 0;
  /** DATA in the queues of all streams. Above the limit, senders wait until half of it has left. */
  queuedBytes = 0;
  isOverfull = false;
  /** Octets that have left the queues, all in all. */
  sentFromQueues = 0;
  /** Octets that open streams have received and that were not consumed. */
  unreadBytes = 0;
  /** The connection's credit is kept back because of what is unread; `onUnreadFreed` gives it when there is less. */
  creditWithheld = false;
  onUnreadFreed: () => void = () => {};
  readonly #budgets: PeerBudgets;
  /** Frames that the peer has caused and that were written since the driver last took everything. */
  #answers = 0;
  #takesSeen = 0;
  /** The last stream id of our latest GOAWAY. It never rises. RFC 9113 section 6.8. */
  #lastIdSent = MAX_STREAM_ID;
  /** Endings that are being told at the moment, one within the other. */
  #endings = 0;
  #fatalTold = false;

  constructor(role: Role, sink: Sink<C>, limits: Limits) {
    this.role = role;
    this.sink = sink;
    this.limits = limits;
    this.#budgets = new PeerBudgets(limits);
    this.out = new OutputBuffer({ onPending: () => sink.onOutput(), onFull: () => sink.onOutputFull() });
  }

  /** Whether a stream of this id has never been in use. RFC 9113 section 5.1.1. */
  isIdle(streamId: number): boolean {
    if ((streamId & 1) === 1) {
      return this.role === "server" ? streamId > this.lastRemoteId : streamId >= this.nextLocalId;
    }
    return true;
  }

  /** A HEADERS or DATA frame that is of use has been sent or received. */
  noteUse(): void {
    this.uses = (this.uses + 1) | 0;
  }

  /** Charges the peer with something of no use. False when it was too much, which ends the connection. */
  charge(charge: Charge): boolean {
    const reason = this.#budgets.charge(charge, this.nowMs, this.uses);
    return reason === undefined || this.fail(ErrorCode.ENHANCE_YOUR_CALM, reason);
  }

  /** A frame that the peer has caused is about to be written. False when too many wait to be read, which ends the connection. */
  noteAnswer(): boolean {
    if (this.out.takes !== this.#takesSeen) {
      this.#takesSeen = this.out.takes;
      this.#answers = 0;
    }
    this.#answers += 1;
    const most = this.limits.maxQueuedAnswers;
    if (this.#answers <= most) return true;
    const reason = `the peer does not read: ${most} answers to its frames wait to be sent (maxQueuedAnswers)`;
    return this.fail(ErrorCode.ENHANCE_YOUR_CALM, reason);
  }

  /** Closes a stream of which both directions have ended in order. */
  closeIfEnded(stream: Stream<C>): void {
    if (stream.receiving !== Receiving.ENDED || stream.sending !== Sending.ENDED || stream.isClosed) return;
    this.#budgets.refund(Charge.RESET);
    this.#close(stream, CloseCause.ENDED, undefined);
  }

  /** Resets a stream: RST_STREAM to the peer, and `onReset` to the layer above. */
  reset(stream: Stream<C>, error: Http2Error): void {
    if (stream.isClosed || this.fatal !== undefined) return;
    this.writeReset(stream.id, error.code);
    this.#close(stream, CloseCause.RESET_SENT, error);
  }

  /** Our side is complete and the rest of the peer's is not wanted: RST_STREAM(NO_ERROR). RFC 9113 section 8.1. */
  stopReceiving(stream: Stream<C>): void {
    this.#budgets.refund(Charge.RESET);
    this.writeReset(stream.id, ErrorCode.NO_ERROR);
    this.#close(stream, CloseCause.RESET_SENT, undefined);
  }

  /** The peer has reset a stream, or has vouched that it never saw it. */
  resetByPeer(stream: Stream<C>, error: Http2Error, cause: CloseCause): void {
    this.#close(stream, cause, error);
  }

  /** Refuses the id of a stream that was never made. False when the peer has provoked too many resets. */
  refuse(streamId: number, code: ErrorCode): boolean {
    if (!this.charge(Charge.RESET) || !this.noteAnswer()) return false;
    this.writeReset(streamId, code);
    this.streams.noteReset(streamId);
    return true;
  }

  /** The peer goes on with a stream that it has reset itself. False when it does so too often. RFC 9113 section 5.1. */
  refuseClosed(streamId: number): boolean {
    if (!this.charge(Charge.RESET) || !this.noteAnswer()) return false;
    this.writeReset(streamId, ErrorCode.STREAM_CLOSED);
    this.streams.noteAnswer(streamId);
    return true;
  }

  writeReset(streamId: number, code: ErrorCode): void {
    writeRstStream(this.out, streamId, code);
    this.out.finishFrame();
  }

  /** Sends GOAWAY with this last stream id, or with that of an earlier GOAWAY if it is lower: refused streams came after it. */
  writeGoAway(lastStreamId: number, code: ErrorCode, reason: string): void {
    this.#lastIdSent = Math.min(this.#lastIdSent, lastStreamId);
    writeGoAway(this.out, this.#lastIdSent, code, reason);
    this.out.finishFrame();
  }

  /** Ends the connection with GOAWAY. Returns false, for the reader to stop. */
  fail(code: ErrorCode, reason: string): false {
    if (this.fatal === undefined) {
      this.writeGoAway(this.lastRemoteId, code, reason);
      this.end(connectionError(code, "library", reason));
    }
    return false;
  }

  /** The layer above ends the connection with GOAWAY. */
  close(code: ErrorCode, reason: string): void {
    if (this.fatal !== undefined) return;
    this.writeGoAway(this.lastRemoteId, code, reason);
    this.end(connectionError(code, "user", reason));
  }

  /** What came first was not how HTTP/2 begins; it is shown, since it often tells what the peer speaks. */
  failPreface(chunk: Buffer): void {
    const shown = JSON.stringify(chunk.toString("latin1", 0, 32));
    const what = looksLikeTls(chunk) ? ", which is TLS, while this side speaks plain text" : "";
    this.fail(ErrorCode.PROTOCOL_ERROR, `the peer does not speak HTTP/2 with prior knowledge: it sent ${shown}${what}`);
  }

  /** Ends the connection and all its streams without a word to the peer. */
  end(error: Http2Error): void {
    if (this.fatal !== undefined) return;
    this.fatal = error;
    this.#endings += 1;
    for (const stream of this.streams.values()) this.#close(stream, CloseCause.CONNECTION, error);
    this.#endings -= 1;
    this.#tellFatal();
  }

  /** A stream error found by the engine itself. RFC 9113 section 5.4.2. */
  failStream(stream: Stream<C>, code: ErrorCode, reason: string): void {
    if (stream.isClosed || !this.charge(Charge.RESET) || !this.noteAnswer()) return;
    this.reset(stream, streamError(code, "library", reason));
  }

  /** `bytes` octets that were received have been consumed, or thrown away with their stream. */
  freeUnread(bytes: number): void {
    this.unreadBytes -= bytes;
    if (this.creditWithheld && this.fatal === undefined) this.onUnreadFreed();
  }

  /** Octets have left the queues: sent, or thrown away with their stream. */
  freeQueued(bytes: number): void {
    this.queuedBytes -= bytes;
    this.sentFromQueues += bytes;
  }

  /** Wakes whoever waits for room when half of what was too much has left. Called when nothing is half done. */
  wakeIfRoom(): void {
    if (!this.isOverfull || this.queuedBytes > this.limits.maxQueuedBytes / 2 || this.fatal !== undefined) return;
    this.isOverfull = false;
    for (const stream of this.streams.values()) {
      if (!stream.wantsRoom || stream.isClosed || stream.queuedBytes > 0) continue;
      stream.wantsRoom = false;
      this.sink.onRoom(stream);
    }
    if (this.fatal === undefined) this.sink.onCapacity();
  }

  /** Forgets the stream before anybody is told, since who is told may end the connection. */
  #close(stream: Stream<C>, cause: CloseCause, error: Http2Error | undefined): void {
    stream.closeCause = cause;
    if (stream.queuedBytes > 0) this.freeQueued(stream.queuedBytes);
    stream.dropQueue();
    if (stream.unreadBytes > 0) this.freeUnread(stream.unreadBytes);
    stream.unreadBytes = 0;
    if (stream.scheduled) this.scheduler.remove(stream);
    this.streams.remove(stream);
    this.#endings += 1;
    if (error !== undefined) this.sink.onReset(stream, error);
    this.sink.onClosed(stream);
    this.#endings -= 1;
    if (this.isOverfull) this.wakeIfRoom();
    this.#tellFatal();
  }

  /** A connection that was ended from within a stream's ending is over after it. */
  #tellFatal(): void {
    if (this.fatal === undefined || this.#endings > 0 || this.#fatalTold) return;
    this.#fatalTold = true;
    this.sink.onFatal(this.fatal);
  }
}
