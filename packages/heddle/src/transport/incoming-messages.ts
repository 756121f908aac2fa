/**
 * The messages of one stream, and the credit that its octets are worth.
 *
 * Octets are credited back to the sender when nobody waits behind them: at once while the receiver wants more, else when the
 * receiver has taken the messages in front. So what lies unread is bounded by the stream's window, and a message larger than the
 * window still arrives. A receiver that has enough decoded messages gets no more of them: a message of a few octets may take a
 * hundred once it is decoded. What comes behind waits as it came.
 */
import type { Connection, Stream } from "@heddle/http2";
import type { CompressionAlgorithm } from "../core/compression.js";
import { type FramingFault, MessageAssembler, type MessageReceiver, PREFIX_BYTES } from "../wire/message-assembler.js";
import { HeldOctets } from "./held-octets.js";
import { MessageInflater } from "./message-inflater.js";
import type { MessageTaker } from "./message-taker.js";

export class IncomingMessages<C> implements MessageReceiver {
  readonly #connection: Connection<C>;
  readonly #stream: Stream<C>;
  readonly #limitBytes: number;
  readonly #taker: MessageTaker;
  readonly #onFault: (fault: FramingFault) => void;
  #assembler: MessageAssembler | undefined = undefined;
  #inflater: MessageInflater | undefined = undefined;
  /** What waits behind enough messages. */
  #held: HeldOctets | undefined = undefined;
  #isReadingHeld = false;
  #onDelivered: (() => void) | undefined = undefined;
  /** The receiver wants nothing any more. */
  #isOver = false;
  /** Octets of the incomplete message that were credited already. */
  #prepaid = 0;

  /** @param onFault told what is found wrong with octets that had to wait, or to be decompressed */
  constructor(
    connection: Connection<C>,
    stream: Stream<C>,
    limitBytes: number,
    taker: MessageTaker,
    onFault: (fault: FramingFault) => void,
  ) {
    this.#connection = connection;
    this.#stream = stream;
    this.#limitBytes = limitBytes;
    this.#taker = taker;
    this.#onFault = onFault;
  }

  /** Messages may be compressed with this algorithm. */
  allowCompression(algorithm: CompressionAlgorithm): void {
    this.#assembler ??= new MessageAssembler(this, this.#limitBytes);
    this.#assembler.allowsCompression = true;
    this.#inflater = new MessageInflater(algorithm, this.#limitBytes, this.#taker, this.#onFault);
  }

  /** Whether the message that was delivered last had come compressed. */
  get lastWasCompressed(): boolean {
    return this.#inflater?.lastWasCompressed ?? false;
  }

  /** What is missing when the stream ends here. Ask when everything has been delivered. */
  get truncation(): FramingFault | undefined {
    return this.#assembler?.truncation;
  }

  /** Calls `then` when all messages that have come were delivered: now, unless some wait to be read or to be decompressed. */
  whenDelivered(then: () => void): void {
    if (this.#isOver) then();
    else if (this.#isHolding) this.#onDelivered = then;
    else if (this.#inflater === undefined || this.#inflater.isDrained) then();
    else this.#inflater.whenDrained(then);
  }

  /** The call is over: nothing more is delivered. */
  stop(): void {
    this.#isOver = true;
    this.#held?.clear();
    this.#inflater?.stop();
    this.#onDelivered = undefined;
  }

  /** Takes the next octets of the stream. */
  push(chunk: Buffer, start: number, end: number): FramingFault | undefined {
    if (this.#isHolding || this.#isFull) {
      if (!this.#isOver) this.#hold(chunk, start, end);
      return undefined;
    }
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
    if (fault !== undefined) return fault;
    const { stoppedAt } = this.#assembler;
    if (stoppedAt >= 0 && stoppedAt < end && !this.#isOver) this.#hold(chunk, stoppedAt, end);
    this.#creditPartial();
    return undefined;
  }

  onMessage(buffer: Buffer, start: number, end: number, wireBytes: number, isCompressed = false): boolean {
    const owed = wireBytes - this.#prepaid;
    this.#prepaid = 0;
    if (this.#inflater !== undefined) {
      const octets = Buffer.from(buffer.subarray(start, end));
      return this.#inflater.push(octets, owed, isCompressed) && !this.#isFull;
    }
    if (!this.#taker.onMessage(buffer, start, end, owed)) {
      this.stop();
      return false;
    }
    return !this.#isFull;
  }

  /** The receiver has taken messages. Credits what has come of an incomplete one, if that is the one that it waits for now. */
  onTaken(): void {
    this.#inflater?.resume();
    if (this.#isHolding) this.#readHeld();
    this.#creditPartial();
  }

  #hold(chunk: Buffer, start: number, end: number): void {
    this.#held ??= new HeldOctets();
    this.#held.append(chunk, start, end);
  }

  /** Enough messages wait to be read, or to be decompressed. */
  get #isFull(): boolean {
    return this.#taker.isFull || (this.#inflater?.isFull ?? false);
  }

  /** No message is in front of what comes next. */
  get #isWanted(): boolean {
    return this.#taker.wantsMore && (this.#inflater === undefined || this.#inflater.isDrained);
  }

  get #isHolding(): boolean {
    return this.#held !== undefined && !this.#held.isEmpty;
  }

  /** Goes on with what has waited, once there are no messages in front of it. */
  #readHeld(): void {
    if (this.#isReadingHeld) return;
    this.#assembler ??= new MessageAssembler(this, this.#limitBytes);
    const assembler = this.#assembler;
    this.#isReadingHeld = true;
    let fault: FramingFault | undefined;
    while (this.#isHolding && this.#isWanted && fault === undefined) {
      this.#held?.readFirst((buffer, start, end) => {
        fault = assembler.push(buffer, start, end);
        return assembler.stoppedAt;
      });
    }
    this.#isReadingHeld = false;
    if (fault !== undefined) {
      this.stop();
      this.#onFault(fault);
    } else if (!this.#isHolding && !this.#isOver) {
      const then = this.#onDelivered;
      this.#onDelivered = undefined;
      if (then !== undefined) this.whenDelivered(then);
    }
  }

  #creditPartial(): void {
    if (this.#assembler === undefined || this.#isHolding || !this.#isWanted) return;
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
