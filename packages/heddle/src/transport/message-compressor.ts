/**
 * Sends the messages of a call that compresses: each leaves when it has been compressed, in the order in which they were given, and
 * the end of the call behind them. Calls that do not compress have none of these.
 */
import type { Connection, Stream } from "@heddle/http2";
import type { CompressionAlgorithm } from "../core/compression.js";
import { PREFIX_BYTES } from "../wire/message-assembler.js";
import type { MessageEncoder } from "./message-codec.js";
import { OversizedMessage } from "./send-message.js";

/** What waits for its turn: a message, or the end. */
type Step =
  | { readonly kind: "message"; readonly octets: Buffer; readonly compress: boolean; readonly last: boolean }
  | { readonly kind: "end"; readonly end: () => void };

/** What the call is told. */
export interface CompressorOwner {
  /** A sender that was told to wait may go on. */
  onCompressorRoom(): void;
  /** The algorithm has failed. Nothing more is sent. */
  onCompressorFault(error: unknown): void;
}

const NO_COMPRESSION = 0;
const COMPRESSED = 1;

export class MessageCompressor<C> {
  readonly algorithm: CompressionAlgorithm;
  readonly #minBytes: number;
  readonly #limitBytes: number;
  readonly #connection: Connection<C>;
  readonly #stream: Stream<C>;
  readonly #owner: CompressorOwner;
  readonly #waiting: Step[] = [];
  /** A message is being compressed by another thread. */
  #isBusy = false;

  constructor(
    algorithm: CompressionAlgorithm,
    minBytes: number,
    limitBytes: number,
    connection: Connection<C>,
    stream: Stream<C>,
    owner: CompressorOwner,
  ) {
    this.algorithm = algorithm;
    this.#minBytes = minBytes;
    this.#limitBytes = limitBytes;
    this.#connection = connection;
    this.#stream = stream;
    this.#owner = owner;
  }

  /** Messages wait here: the connection's `onRoom` is not for their sender. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /**
   * Sends a message, compressed if `compress` and if it is large enough. False when the caller should wait for room. Throws what `encode`
   * throws, what the algorithm throws at once, or an `OversizedMessage` above the limit; nothing was sent then.
   */
  send(encoder: MessageEncoder, message: unknown, compress: boolean, last: boolean): boolean {
    const octets = this.#encode(encoder, message);
    const step: Step = { kind: "message", octets, compress: compress && octets.length >= this.#minBytes, last };
    if (!this.#isBusy) return this.#sendNow(step);
    this.#waiting.push(step);
    return false;
  }

  /** Calls `end` when everything before it has been sent. */
  end(end: () => void): void {
    if (this.#isBusy) this.#waiting.push({ kind: "end", end });
    else end();
  }

  /** The message's octets, by way of the connection's output, where codecs write fastest. */
  #encode(encoder: MessageEncoder, message: unknown): Buffer {
    const out = this.#connection.beginData();
    try {
      encoder.encode(message, out);
      const length = out.position - this.#connection.dataStart;
      if (length > this.#limitBytes) throw new OversizedMessage(length, this.#limitBytes);
      const octets = Buffer.allocUnsafeSlow(length);
      out.buffer.copy(octets, 0, this.#connection.dataStart, out.position);
      return octets;
    } finally {
      out.dropFrame();
    }
  }

  #sendNow(step: Step & { kind: "message" }): boolean {
    if (!step.compress) return this.#write(NO_COMPRESSION, step.octets, step.last);
    const result = this.algorithm.compress(step.octets);
    if (!(result instanceof Promise)) return this.#writeSmaller(step, result);
    this.#isBusy = true;
    result.then(
      (compressed) => this.#proceed(step, compressed),
      (error) => this.#fail(error),
    );
    return false;
  }

  /** The other thread is done: what it made leaves, and then what waited, up to the next one that takes its time. */
  #proceed(step: Step & { kind: "message" }, compressed: Buffer): void {
    this.#isBusy = false;
    let hasRoom = this.#writeSmaller(step, compressed);
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        if (next.kind === "end") next.end();
        else hasRoom = this.#sendNow(next);
        if (this.#isBusy) return;
      }
    } catch (error) {
      this.#fail(error);
      return;
    }
    // Else the connection says when there is room.
    if (hasRoom) this.#owner.onCompressorRoom();
  }

  /** Sends what is shorter: some messages only grow by compression, and each may go as it likes. */
  #writeSmaller(step: Step & { kind: "message" }, compressed: Buffer): boolean {
    if (compressed.length < step.octets.length) return this.#write(COMPRESSED, compressed, step.last);
    return this.#write(NO_COMPRESSION, step.octets, step.last);
  }

  #write(flag: number, octets: Buffer, last: boolean): boolean {
    if (!this.#connection.canSend(this.#stream)) return true;
    const out = this.#connection.beginData();
    out.reserve(PREFIX_BYTES + octets.length);
    const { buffer, position } = out;
    buffer[position] = flag;
    buffer.writeUInt32BE(octets.length, position + 1);
    octets.copy(buffer, position + PREFIX_BYTES);
    out.position += PREFIX_BYTES + octets.length;
    return this.#connection.endData(this.#stream, last);
  }

  #fail(error: unknown): void {
    this.#isBusy = false;
    this.#waiting.length = 0;
    this.#owner.onCompressorFault(error);
  }
}
