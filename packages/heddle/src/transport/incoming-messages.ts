/**
 * The messages of one stream, and the credit that its octets are worth.
 *
 * Octets are credited back to the sender when nobody waits behind them: at once while the receiver wants more, else when the
 * receiver has taken the messages in front. So what lies unread is bounded by the stream's window, and a message larger than the
 * window still arrives.
 */
import type { Connection, Stream } from "@heddle/http2";
import type { CompressionAlgorithm } from "../core/compression.js";
import { type FramingFault, MessageAssembler, type MessageReceiver, PREFIX_BYTES } from "../wire/message-assembler.js";
import { MessageInflater } from "./message-inflater.js";
import type { MessageTaker } from "./message-taker.js";

export class IncomingMessages<C> implements MessageReceiver {
  readonly #connection: Connection<C>;
  readonly #stream: Stream<C>;
  readonly #limitBytes: number;
  readonly #taker: MessageTaker;
  #assembler: MessageAssembler | undefined = undefined;
  #inflater: MessageInflater | undefined = undefined;
  /** Octets of the incomplete message that were credited already. */
  #prepaid = 0;

  constructor(connection: Connection<C>, stream: Stream<C>, limitBytes: number, taker: MessageTaker) {
    this.#connection = connection;
    this.#stream = stream;
    this.#limitBytes = limitBytes;
    this.#taker = taker;
  }

  /** Messages may be compressed with this algorithm. What is found wrong with one after {@link push} has returned goes to `onFault`. */
  allowCompression(algorithm: CompressionAlgorithm, onFault: (fault: FramingFault) => void): void {
    this.#assembler ??= new MessageAssembler(this, this.#limitBytes);
    this.#assembler.allowsCompression = true;
    this.#inflater = new MessageInflater(algorithm, this.#limitBytes, this.#taker, onFault);
  }

  /** Calls `then` when all messages that have come were delivered: now, unless some are still to be decompressed. */
  whenDelivered(then: () => void): void {
    if (this.#inflater === undefined || this.#inflater.isDrained) then();
    else this.#inflater.whenDrained(then);
  }

  /** Whether the message that was delivered last had come compressed. */
  get lastWasCompressed(): boolean {
    return this.#inflater?.lastWasCompressed ?? false;
  }

  /** The call is over: nothing more is delivered. */
  stop(): void {
    this.#inflater?.stop();
  }

  /** What is missing when the stream ends here. */
  get truncation(): FramingFault | undefined {
    return this.#assembler?.truncation;
  }

  /** Takes the next octets of the stream. */
  push(chunk: Buffer, start: number, end: number): FramingFault | undefined {
    if (this.#assembler === undefined) {
      const bytes = end - start;
      // The usual small call: one whole message, and no state is needed.
      if (bytes >= PREFIX_BYTES && isPlainMessage(chunk, start, bytes) && bytes <= this.#limitBytes) {
        this.onMessage(chunk, start + PREFIX_BYTES, end, bytes);
        return undefined;
      }
      this.#assembler = new MessageAssembler(this, this.#limitBytes);
    }
    const fault = this.#assembler.push(chunk, start, end);
    if (fault === undefined) this.#creditPartial();
    return fault;
  }

  onMessage(buffer: Buffer, start: number, end: number, wireBytes: number, isCompressed = false): boolean {
    const owed = wireBytes - this.#prepaid;
    this.#prepaid = 0;
    if (this.#inflater !== undefined) {
      return this.#inflater.push(Buffer.from(buffer.subarray(start, end)), owed, isCompressed);
    }
    return this.#taker.onMessage(buffer, start, end, owed);
  }

  /** The receiver has taken messages. Credits what has come of an incomplete one, if that is the one that it waits for now. */
  onTaken(): void {
    this.#inflater?.resume();
    this.#creditPartial();
  }

  #creditPartial(): void {
    if (this.#assembler === undefined || !this.#taker.wantsMore) return;
    if (this.#inflater !== undefined && !this.#inflater.isDrained) return;
    const bytes = this.#assembler.partialBytes - this.#prepaid;
    if (bytes <= 0) return;
    this.#prepaid += bytes;
    this.#connection.consume(this.#stream, bytes);
  }
}

/** Whether these octets are exactly one message without compression. */
function isPlainMessage(chunk: Buffer, start: number, bytes: number): boolean {
  const length =
    (((chunk[start + 1] as number) << 24) |
      ((chunk[start + 2] as number) << 16) |
      ((chunk[start + 3] as number) << 8) |
      (chunk[start + 4] as number)) >>>
    0;
  return chunk[start] === 0 && length === bytes - PREFIX_BYTES;
}
