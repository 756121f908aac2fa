/** A server's call over HTTP/2. */
import { type Connection, errorCodeName, HeaderList, type Http2Error, type Stream } from "@heddle/http2";
import { type CompressionAlgorithm, IDENTITY } from "../core/compression.js";
import { createRpcErrorWithoutStack, type RpcError } from "../core/rpc-error.js";
import type { Peer } from "../core/server-call.js";
import { StatusCode } from "../core/status.js";
import { type Compressions, isAccepted } from "../wire/compressions.js";
import { fitTrailers, headerListBytes, metadataExcess } from "../wire/header-list-limit.js";
import type { FramingFault } from "../wire/message-assembler.js";
import type { HttpRefusal, RequestHead } from "../wire/request-headers.js";
import { OK_TRAILERS, RESPONSE_FIELDS, refusalFields } from "../wire/response-headers.js";
import type { HandlerTurns } from "./handler-turns.js";
import { IncomingMessages } from "./incoming-messages.js";
import type { MessageEncoder } from "./message-codec.js";
import { type CompressorOwner, MessageCompressor } from "./message-compressor.js";
import { sendMessage } from "./send-message.js";
import type { ServerReceiver, ServerStream } from "./server-stream.js";

const RESPONSE_HEADERS = HeaderList.template(RESPONSE_FIELDS);
const OK = HeaderList.template(OK_TRAILERS);

/** What a stream needs of its connection's transport. */
export interface ServerStreamHost {
  readonly peer: Peer;
  readonly receiveLimitBytes: number;
  readonly sendLimitBytes: number;
  readonly turns: HandlerTurns;
  readonly compressions: Compressions;
  /** Has `onRoom` of the stream called when less is queued on the connection. */
  awaitRoom(stream: Http2ServerStream): void;
}

export class Http2ServerStream implements ServerStream, CompressorOwner {
  readonly head: RequestHead;
  receiver: ServerReceiver;
  headersSent = false;
  readonly unknownEncoding: string | undefined;
  #algorithm: CompressionAlgorithm | undefined;
  #compressor: MessageCompressor<Http2ServerStream> | undefined = undefined;
  readonly #host: ServerStreamHost;
  readonly #connection: Connection<Http2ServerStream>;
  readonly #stream: Stream<Http2ServerStream>;
  readonly #incoming: IncomingMessages<Http2ServerStream>;

  constructor(
    host: ServerStreamHost,
    connection: Connection<Http2ServerStream>,
    stream: Stream<Http2ServerStream>,
    head: RequestHead,
  ) {
    this.head = head;
    this.receiver = DISCARD;
    this.#host = host;
    this.#connection = connection;
    this.#stream = stream;
    this.#incoming = new IncomingMessages(connection, stream, host.receiveLimitBytes, this, (fault) =>
      this.receiver.onFault(this.#faultError(fault)),
    );
    this.#algorithm = host.compressions.standard;
    this.unknownEncoding = head.encoding === undefined ? undefined : this.#allowCompression(head.encoding);
  }

  /** The request's messages may be compressed. Gives the name of an algorithm that is not known. */
  #allowCompression(encoding: string): string | undefined {
    if (encoding === IDENTITY) return undefined;
    const algorithm = this.#host.compressions.find(encoding);
    if (algorithm === undefined) return encoding;
    this.#incoming.allowCompression(algorithm);
    return undefined;
  }

  get requestWasCompressed(): boolean {
    return this.#incoming.lastWasCompressed;
  }

  get compression(): string {
    const algorithm = this.#algorithm;
    if (algorithm === undefined || !isAccepted(algorithm.name, this.head.acceptEncoding)) return IDENTITY;
    return algorithm.name;
  }

  setCompression(name: string): void {
    this.#algorithm = this.#host.compressions.select(name);
  }

  get peer(): Peer {
    return this.#host.peer;
  }

  get wantsMore(): boolean {
    return this.receiver.wantsMore;
  }

  get isFull(): boolean {
    return this.receiver.isFull;
  }

  onMessage(buffer: Buffer, start: number, end: number, owedBytes: number): boolean {
    return this.receiver.onMessage(buffer, start, end, owedBytes) && !this.#stream.isClosed;
  }

  onData(chunk: Buffer, start: number, end: number): void {
    const fault = this.#incoming.push(chunk, start, end);
    if (fault !== undefined) this.receiver.onFault(this.#faultError(fault));
  }

  onEnd(): void {
    this.#incoming.whenDelivered(() => this.#onDelivered());
  }

  #onDelivered(): void {
    const truncation = this.#incoming.truncation;
    if (truncation !== undefined) this.receiver.onFault(this.#faultError(truncation));
    else this.receiver.onHalfClose();
  }

  onRoom(): void {
    if (this.#compressor?.isBusy !== true) this.receiver.onRoom();
  }

  onCompressorRoom(): void {
    this.receiver.onRoom();
  }

  onCompressorFault(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    const message = `a response could not be compressed with ${this.#compressor?.algorithm.name}: ${text}`;
    this.#compressor = undefined;
    this.receiver.onFault(this.#faultError({ code: StatusCode.INTERNAL, message }));
  }

  onReset(error: Http2Error): void {
    this.#incoming.stop();
    const side = error.initiator === "remote" ? "remote" : "local";
    const origin = { side, peer: this.peer.address, path: this.head.path } as const;
    this.receiver.onGone(createRpcErrorWithoutStack(StatusCode.CANCELLED, goneMessage(error), { origin }));
  }

  sendHeaders(fields: readonly string[]): void {
    if (this.headersSent || !this.#connection.canSendHeaders(this.#stream)) return;
    const excess = metadataExcess(fields, RESPONSE_HEADERS.size, this.#connection.remoteMaxHeaderListBytes);
    if (excess !== undefined) throw this.#localError(StatusCode.RESOURCE_EXHAUSTED, `the response's headers ${excess}`);
    this.headersSent = true;
    const list = this.#algorithm === undefined ? responseHeaders(fields) : this.#compressedHeaders(fields);
    this.#connection.sendHeaders(this.#stream, list, false);
  }

  get hasRoom(): boolean {
    return this.#connection.hasRoom;
  }

  awaitRoom(): void {
    this.#host.awaitRoom(this);
  }

  takeTurn(): boolean {
    return this.#host.turns.take(this);
  }

  endTurn(): void {
    this.#host.turns.end();
  }

  onTurn(): boolean {
    return this.receiver.onTurn();
  }

  /** The headers of a response that may be compressed, if its caller understands that. */
  #compressedHeaders(fields: readonly string[]): HeaderList {
    const algorithm = this.#algorithm;
    if (algorithm === undefined || this.compression === IDENTITY) return responseHeaders(fields);
    const { compressions, sendLimitBytes } = this.#host;
    const { minBytes } = compressions;
    this.#compressor = new MessageCompressor(algorithm, minBytes, sendLimitBytes, this.#connection, this.#stream, this);
    return responseHeaders(["grpc-encoding", algorithm.name, ...fields]);
  }

  sendMessage(encoder: MessageEncoder, message: unknown, compress: boolean): boolean {
    if (!this.headersSent) this.sendHeaders(NO_FIELDS);
    if (!this.#connection.canSend(this.#stream)) return true;
    if (this.#compressor !== undefined) return this.#compressor.send(encoder, message, compress, false);
    return sendMessage(this.#connection, this.#stream, encoder, message, false, this.#host.sendLimitBytes);
  }

  finish(trailerFields: readonly string[] | undefined): void {
    if (this.#compressor === undefined) this.#finishNow(trailerFields);
    else this.#compressor.end(() => this.#finishNow(trailerFields));
  }

  #finishNow(trailerFields: readonly string[] | undefined): void {
    if (this.headersSent) {
      if (!this.#connection.canSend(this.#stream)) return;
      this.#connection.end(
        this.#stream,
        trailerFields === undefined ? OK : new HeaderList(this.#fit(trailerFields, 0)),
      );
      return;
    }
    if (!this.#connection.canSendHeaders(this.#stream)) return;
    this.headersSent = true;
    // Trailers-Only: the whole answer in one block.
    const fields = [...RESPONSE_FIELDS, ...this.#fit(trailerFields ?? OK_TRAILERS, RESPONSE_HEADERS.size)];
    this.#connection.sendHeaders(this.#stream, new HeaderList(fields), true);
  }

  credit(bytes: number): void {
    this.#connection.consume(this.#stream, bytes);
    this.#incoming.onTaken();
  }

  /** Answers what is no gRPC request in the terms of HTTP. */
  refuse(refusal: HttpRefusal): void {
    this.headersSent = true;
    const { head, status } = refusalFields(refusal);
    const fields = [...head, ...this.#fit(status, headerListBytes(head))];
    this.#connection.sendHeaders(this.#stream, new HeaderList(fields), true);
  }

  #fit(trailerFields: readonly string[], otherBytes: number): readonly string[] {
    return fitTrailers(trailerFields, otherBytes, this.#connection.remoteMaxHeaderListBytes);
  }

  #faultError(fault: FramingFault): RpcError {
    return this.#localError(fault.code, fault.message);
  }

  #localError(code: StatusCode, message: string): RpcError {
    const origin = { side: "local" as const, peer: this.peer.address, path: this.head.path };
    return createRpcErrorWithoutStack(code, message, { origin });
  }
}

function responseHeaders(fields: readonly string[]): HeaderList {
  return fields.length === 0 ? RESPONSE_HEADERS : new HeaderList([...RESPONSE_FIELDS, ...fields]);
}

function goneMessage(error: Http2Error): string {
  if (error.scope === "connection") return `the caller's connection ended: ${error.reason}`;
  if (error.initiator === "remote") return `the caller gave the call up (${errorCodeName(error.code)})`;
  return error.reason;
}

const NO_FIELDS: readonly string[] = [];

/** The receiver of a call that was answered before anybody looked at its messages. */
const DISCARD: ServerReceiver = {
  wantsMore: true,
  isFull: false,
  onMessage: () => false,
  onHalfClose: () => {},
  onRoom: () => {},
  onTurn: () => false,
  onFault: () => {},
  onGone: () => {},
};
