/** A client's call over HTTP/2: what its stream received becomes messages and, at the end, one outcome. */
import { type Connection, ErrorCode, errorCodeName, type Http2Error, Sending, type Stream } from "@heddle/http2";
import { type CompressionAlgorithm, IDENTITY } from "../core/compression.js";
import { StatusCode } from "../core/status.js";
import type { Compressions } from "../wire/compressions.js";
import { metadataExcess } from "../wire/header-list-limit.js";
import type { FramingFault } from "../wire/message-assembler.js";
import { type CallStatus, type ResponseHead, TrailersHead } from "../wire/response-headers.js";
import { statusFromHttp2Error } from "../wire/status-mapping.js";
import { formatTimeout } from "../wire/timeout.js";
import type { ClientStream, OutgoingCall } from "./client-stream.js";
import { IncomingMessages } from "./incoming-messages.js";
import type { MessageEncoder } from "./message-codec.js";
import { type CompressorOwner, MessageCompressor } from "./message-compressor.js";
import { sendMessage } from "./send-message.js";

/** The most that `grpc-timeout` takes of a header list: its name, eight digits and a unit, and 32. */
const TIMEOUT_BYTES = 53;

/** What a stream needs of its connection's transport. */
export interface ClientStreamHost {
  readonly peerAddress: string;
  readonly receiveLimitBytes: number;
  readonly sendLimitBytes: number;
  readonly compressions: Compressions;
}

export class Http2ClientStream implements ClientStream, CompressorOwner {
  readonly call: OutgoingCall;
  readonly #host: ClientStreamHost;
  readonly #connection: Connection<Http2ClientStream>;
  #stream: Stream<Http2ClientStream> | undefined = undefined;
  #incoming: IncomingMessages<Http2ClientStream> | undefined = undefined;
  #compressor: MessageCompressor<Http2ClientStream> | undefined = undefined;
  /** The block of a response that has only trailers. */
  #onlyBlock: ResponseHead | undefined = undefined;
  #trailers: TrailersHead | undefined = undefined;
  #concluded = false;

  constructor(host: ClientStreamHost, connection: Connection<Http2ClientStream>, call: OutgoingCall) {
    this.#host = host;
    this.#connection = connection;
    this.call = call;
  }

  get peerAddress(): string {
    return this.#host.peerAddress;
  }

  /** Sends the request's headers; the connection can open a stream now. */
  open(): void {
    const connection = this.#connection;
    const call = this.call;
    const { pseudoHeaders, fields } = call.template;
    const ownBytes = pseudoHeaders.size + TIMEOUT_BYTES + fields.size;
    const excess = metadataExcess(call.metadataFields, ownBytes, connection.remoteMaxHeaderListBytes);
    if (excess !== undefined) {
      const message = `the request's headers ${excess}`;
      this.#conclude({ code: StatusCode.RESOURCE_EXHAUSTED, message, details: [] }, undefined, "local");
      return;
    }
    const stream = connection.openStream(this);
    this.#stream = stream;
    this.#incoming = new IncomingMessages(connection, stream, this.#host.receiveLimitBytes, call, (fault) =>
      this.#fail(statusOf(fault), "local"),
    );
    connection.beginHeaders();
    connection.addHeaders(pseudoHeaders);
    const remainingMs = call.remainingMs();
    if (remainingMs !== undefined) connection.addHeader("grpc-timeout", formatTimeout(remainingMs));
    connection.addHeaders(fields);
    if (call.compression !== undefined) this.#compressWith(call.compression, stream);
    const metadata = call.metadataFields;
    for (let i = 0; i < metadata.length; i += 2) connection.addHeader(metadata[i] as string, metadata[i + 1] as string);
    connection.endHeaders(stream, false);
    call.onOpen(this);
  }

  #compressWith(algorithm: CompressionAlgorithm, stream: Stream<Http2ClientStream>): void {
    const { compressions, sendLimitBytes } = this.#host;
    const { minBytes } = compressions;
    this.#compressor = new MessageCompressor(algorithm, minBytes, sendLimitBytes, this.#connection, stream, this);
    this.#connection.addHeader("grpc-encoding", algorithm.name);
  }

  sendMessage(encoder: MessageEncoder, message: unknown, last: boolean, compress: boolean): boolean {
    const stream = this.#stream;
    if (stream === undefined || !this.#connection.canSend(stream)) return true;
    if (this.#compressor !== undefined) return this.#compressor.send(encoder, message, compress, last);
    return sendMessage(this.#connection, stream, encoder, message, last, this.#host.sendLimitBytes);
  }

  halfClose(): void {
    if (this.#compressor === undefined) this.#halfCloseNow();
    else this.#compressor.end(() => this.#halfCloseNow());
  }

  #halfCloseNow(): void {
    const stream = this.#stream;
    if (stream !== undefined && this.#connection.canSend(stream)) this.#connection.end(stream, undefined);
  }

  cancel(reason: string): void {
    if (this.#concluded) return;
    this.#concluded = true;
    this.#incoming?.stop();
    if (this.#stream !== undefined) this.#connection.reset(this.#stream, ErrorCode.CANCEL, reason);
  }

  credit(bytes: number): void {
    if (this.#stream === undefined) return;
    this.#connection.consume(this.#stream, bytes);
    this.#incoming?.onTaken();
  }

  onHeaders(head: ResponseHead, endStream: boolean): void {
    if (this.#concluded) return;
    if (endStream) this.#onlyBlock = head;
    else if (head.fault !== undefined) this.#fail(head.fault, "remote");
    else if (head.encoding === undefined || this.#allowCompression(head.encoding)) this.call.onHeaders(head);
  }

  /** The response's messages may be compressed. False when nobody here knows how, and the call has failed. */
  #allowCompression(encoding: string): boolean {
    if (encoding === IDENTITY) return true;
    const { compressions } = this.#host;
    const algorithm = compressions.find(encoding);
    if (algorithm === undefined) {
      const message = `the response is compressed with ${JSON.stringify(encoding)}, but only ${compressions.accepted} are known here`;
      this.#fail({ code: StatusCode.INTERNAL, message, details: [] }, "local");
      return false;
    }
    this.#incoming?.allowCompression(algorithm);
    return true;
  }

  onData(chunk: Buffer, start: number, end: number): void {
    if (this.#concluded) return;
    const fault = this.#incoming?.push(chunk, start, end);
    if (fault !== undefined) this.#fail(statusOf(fault), "local");
  }

  onTrailers(trailers: TrailersHead): void {
    this.#trailers = trailers;
  }

  onEnd(): void {
    if (!this.#concluded) this.#incoming?.whenDelivered(() => this.#onDelivered());
  }

  /** The server has ended the response: it is complete if it has trailers and no half message. */
  #onDelivered(): void {
    if (this.#concluded) return;
    const only = this.#onlyBlock;
    const trailers = only === undefined ? this.#trailers : new TrailersHead(only.fields);
    const status = trailers?.status;
    const truncation = this.#incoming?.truncation;
    if (truncation !== undefined && (status === undefined || status.code === StatusCode.OK)) {
      this.#fail(statusOf(truncation), "local", trailers);
    } else if (status !== undefined) {
      this.#conclude(status, trailers, "remote");
    } else {
      this.#fail(only?.fault ?? MISSING_STATUS, "remote", trailers);
    }
    // The server wants no more of the request, so we stop sending it.
    const stream = this.#stream;
    if (stream !== undefined && stream.sending !== Sending.ENDED) {
      this.#connection.reset(stream, ErrorCode.NO_ERROR, "the response is complete");
    }
  }

  onReset(error: Http2Error): void {
    if (this.#concluded) return;
    const side = error.initiator === "remote" ? "remote" : "local";
    this.#conclude({ code: resetCode(error), message: resetMessage(error), details: [] }, undefined, side);
  }

  onRoom(): void {
    if (!this.#concluded && this.#compressor?.isBusy !== true) this.call.onRoom();
  }

  onCompressorRoom(): void {
    if (!this.#concluded) this.call.onRoom();
  }

  onCompressorFault(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    const message = `a request could not be compressed with ${this.#compressor?.algorithm.name}: ${text}`;
    this.#fail({ code: StatusCode.INTERNAL, message, details: [] }, "local");
  }

  #fail(status: CallStatus, side: "local" | "remote", trailers?: TrailersHead): void {
    this.#conclude(status, trailers, side);
    if (this.#stream !== undefined) this.#connection.reset(this.#stream, ErrorCode.CANCEL, status.message);
  }

  #conclude(status: CallStatus, trailers: TrailersHead | undefined, side: "local" | "remote"): void {
    if (this.#concluded) return;
    this.#concluded = true;
    this.#incoming?.stop();
    this.call.onClose({ status, trailers, side });
  }
}

const MISSING_STATUS: CallStatus = {
  code: StatusCode.UNKNOWN,
  message: "the server ended the response without a grpc-status",
  details: [],
};

function statusOf(fault: FramingFault): CallStatus {
  return { code: fault.code, message: fault.message, details: [] };
}

/** The status of a stream that was reset before the response was complete. */
function resetCode(error: Http2Error): StatusCode {
  // Only closing the channel ends a connection from our side.
  if (error.initiator === "user") return StatusCode.CANCELLED;
  if (error.scope === "connection" || error.unprocessed) return StatusCode.UNAVAILABLE;
  return statusFromHttp2Error(error.code);
}

function resetMessage(error: Http2Error): string {
  if (error.initiator === "user") return error.reason;
  if (error.scope === "connection") return `the connection ended before the response was complete: ${error.reason}`;
  if (error.initiator !== "remote" || error.unprocessed) return error.reason;
  return `the server reset the call with ${errorCodeName(error.code)} before the response was complete`;
}
