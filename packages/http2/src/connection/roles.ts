/**
 * What differs between the roles when a header block arrives: a server's streams begin with one, a client's are answered with
 * one. RFC 9113 sections 5.1.1, 5.1.2 and 8.1.
 */
import { Charge } from "../budget/peer-budgets.js";
import { ErrorCode } from "../error.js";
import type { HeaderList } from "../hpack/header-list.js";
import { SkippedIds } from "../stream/skipped-ids.js";
import { Receiving } from "../stream/state.js";
import { Stream } from "../stream/stream.js";
import type { Drain } from "./drain.js";
import { requestFault, responseFault } from "./header-rules.js";
import type { Link } from "./link.js";
import type { SettingsExchange } from "./settings-exchange.js";

/** A server's requests. */
export class RequestHeaders<C> {
  readonly #link: Link<C>;
  readonly #settings: SettingsExchange<C>;
  readonly #drain: Drain<C>;
  readonly #skipped = new SkippedIds();

  constructor(link: Link<C>, settings: SettingsExchange<C>, drain: Drain<C>) {
    this.#link = link;
    this.#settings = settings;
    this.#drain = drain;
  }

  /** Whether an id that is not open begins a new stream: clients use odd ids, in rising order. */
  isNew(streamId: number): boolean {
    return (streamId & 1) === 1 && streamId > this.#link.lastRemoteId;
  }

  /** Whether an id that is not open was passed over: a higher one was used, and this one never. RFC 9113 section 5.1.1. */
  wasSkipped(streamId: number): boolean {
    return this.#skipped.has(streamId);
  }

  /** Refuses a new stream without making one. */
  refuse(streamId: number, code: ErrorCode): void {
    this.#noteId(streamId);
    this.#link.refuse(streamId, code);
  }

  #noteId(streamId: number): void {
    const link = this.#link;
    if (streamId > link.lastRemoteId + 2) this.#skipped.add(link.lastRemoteId, streamId);
    link.lastRemoteId = streamId;
  }

  /** Opens the stream of a new request and delivers it, or refuses it. */
  open(streamId: number, headers: HeaderList, endStream: boolean): Stream<C> | undefined {
    const link = this.#link;
    // After the final GOAWAY the peer knows that this stream was not processed. RFC 9113 section 6.8.
    if (this.#drain.refusesNewStreams || link.streams.size >= link.limits.maxConcurrentStreams) {
      this.refuse(streamId, ErrorCode.REFUSED_STREAM);
      return undefined;
    }
    this.#noteId(streamId);
    const stream = new Stream<C>(streamId, link.remote.initialWindowBytes, this.#settings.streamWindowBytes);
    if (endStream) stream.receiving = Receiving.ENDING;
    link.streams.add(stream);
    this.first(stream, headers, endStream);
    return stream.isClosed ? undefined : stream;
  }

  first(stream: Stream<C>, headers: HeaderList, endStream: boolean): void {
    const link = this.#link;
    stream.headersReceived = true;
    const fault = requestFault(headers) ?? bodyFault(headers, endStream);
    stream.bodyLeft = headers.contentLength;
    if (fault === undefined) link.sink.onHeaders(stream, headers, endStream);
    else link.failStream(stream, ErrorCode.PROTOCOL_ERROR, `malformed request on stream ${stream.id}: ${fault}`);
  }
}

/** A client's responses. */
export class ResponseHeaders<C> {
  readonly #link: Link<C>;

  constructor(link: Link<C>) {
    this.#link = link;
  }

  /** A server opens no streams: push is off. */
  isNew(): boolean {
    return false;
  }

  wasSkipped(): boolean {
    return false;
  }

  open(): undefined {
    return undefined;
  }

  refuse(): void {}

  /** The first block of a response, or an informational one, which is skipped. RFC 9113 section 8.1. */
  first(stream: Stream<C>, headers: HeaderList, endStream: boolean): void {
    const link = this.#link;
    const fault = responseFault(headers) ?? bodyFault(headers, endStream);
    const informational = fault === undefined && (headers.get(":status") as string).charCodeAt(0) === 0x31;
    if (fault !== undefined || (informational && endStream)) {
      const why = fault ?? "an informational response with END_STREAM";
      link.failStream(stream, ErrorCode.PROTOCOL_ERROR, `malformed response on stream ${stream.id}: ${why}`);
    } else if (!informational) {
      stream.headersReceived = true;
      stream.bodyLeft = headers.contentLength;
      link.sink.onHeaders(stream, headers, endStream);
    } else {
      link.charge(Charge.IGNORED);
    }
  }
}

/** A message without a body whose headers announce one. RFC 9113 section 8.1.1. */
function bodyFault(headers: HeaderList, endStream: boolean): string | undefined {
  if (!endStream || headers.contentLength <= 0) return undefined;
  return `the content-length is ${headers.contentLength}, but there is no body`;
}
