/**
 * Finds the messages in a stream of octets: one octet of flags, four of length, and the message; nothing of it is bound to the
 * frames that carry it. A message that lies within one chunk is passed on where it lies, without a copy.
 * Source: "Length-Prefixed-Message" in https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
import { StatusCode } from "../core/status.js";

/** Octets in front of every message. */
export const PREFIX_BYTES = 5;

/** The first buffer for a message that comes in parts. It grows as octets really arrive, not by what the prefix claims. */
const FIRST_BUFFER_BYTES = 65_536;
const GROWTH = 4;

/**
 * The buffer in which the last message was gathered, for the next one: nothing of it outlives `onMessage`, and a new one for each message
 * would keep the garbage collector busy. One for the process, since messages are gathered by turns mostly.
 */
let spare: Buffer | undefined;
const MAX_SPARE_BYTES = 4_194_304;

function takeSpare(): Buffer | undefined {
  const buffer = spare;
  spare = undefined;
  return buffer;
}

function giveSpare(buffer: Buffer): void {
  if (buffer.length <= MAX_SPARE_BYTES && (spare === undefined || spare.length < buffer.length)) spare = buffer;
}

/** Why the octets cannot be read on. */
export interface FramingFault {
  readonly code: StatusCode;
  readonly message: string;
}

/** Takes the messages as they are completed. */
export interface MessageReceiver {
  /**
   * A message is `[start, end)` of `buffer`, which is valid only until this returns. `wireBytes` counts its prefix too.
   * False stops the assembler, which says by `stoppedAt` how far it has come.
   */
  onMessage(buffer: Buffer, start: number, end: number, wireBytes: number, isCompressed: boolean): boolean;
}

export class MessageAssembler {
  readonly #receiver: MessageReceiver;
  readonly #limitBytes: number;
  readonly #prefix = Buffer.alloc(PREFIX_BYTES);
  #prefixBytes = 0;
  #length = 0;
  #isCompressed = false;
  /** Where in the chunk the last {@link push} was stopped by the receiver; -1 when it read all of it. */
  stoppedAt = -1;
  #body: Buffer | undefined = undefined;
  #bodyBytes = 0;

  /** Whether messages may be compressed: the stream's headers have named an algorithm that is known. */
  allowsCompression = false;

  /** @param limitBytes the largest message that is accepted, in the form in which it comes */
  constructor(receiver: MessageReceiver, limitBytes: number) {
    this.#receiver = receiver;
    this.#limitBytes = limitBytes;
  }

  /** Octets of a message that is not complete, with its prefix. */
  get partialBytes(): number {
    return this.#prefixBytes + this.#bodyBytes;
  }

  /** What is missing when the stream ends here; `undefined` when it ends between two messages. */
  get truncation(): FramingFault | undefined {
    if (this.#prefixBytes === 0) return undefined;
    const missing =
      this.#prefixBytes < PREFIX_BYTES
        ? `after ${this.#prefixBytes} of the ${PREFIX_BYTES} octets of a message's prefix`
        : `after ${this.#bodyBytes} of the ${this.#length} octets of a message`;
    return { code: StatusCode.INTERNAL, message: `the stream ended ${missing}` };
  }

  /** Takes the next octets, `[start, end)` of `chunk`, which is not kept. */
  push(chunk: Buffer, start: number, end: number): FramingFault | undefined {
    let at = start;
    this.stoppedAt = -1;
    while (at < end) {
      if (this.#prefixBytes === 0 && end - at >= PREFIX_BYTES) {
        // The usual case: prefix and message lie in this chunk.
        const fault = this.#readPrefix(chunk, at);
        if (fault !== undefined) return fault;
        const bodyEnd = at + PREFIX_BYTES + this.#length;
        if (bodyEnd <= end) {
          const wireBytes = PREFIX_BYTES + this.#length;
          const goesOn = this.#receiver.onMessage(chunk, at + PREFIX_BYTES, bodyEnd, wireBytes, this.#isCompressed);
          at = bodyEnd;
          if (goesOn) continue;
          this.stoppedAt = at;
          return undefined;
        }
        this.#prefixBytes = PREFIX_BYTES;
        at += PREFIX_BYTES;
      } else if (this.#prefixBytes < PREFIX_BYTES) {
        while (at < end && this.#prefixBytes < PREFIX_BYTES) this.#prefix[this.#prefixBytes++] = chunk[at++] as number;
        if (this.#prefixBytes < PREFIX_BYTES) return undefined;
        const fault = this.#readPrefix(this.#prefix, 0);
        if (fault !== undefined) return fault;
      }
      const bodyEnd = this.#gather(chunk, at, end);
      if (bodyEnd < 0) {
        this.stoppedAt = -bodyEnd;
        return undefined;
      }
      at = bodyEnd;
    }
    return undefined;
  }

  #readPrefix(buffer: Buffer, at: number): FramingFault | undefined {
    const flags = buffer[at] as number;
    const length =
      (((buffer[at + 1] as number) << 24) |
        ((buffer[at + 2] as number) << 16) |
        ((buffer[at + 3] as number) << 8) |
        (buffer[at + 4] as number)) >>>
      0;
    if (flags !== 0 && (flags !== 1 || !this.allowsCompression)) {
      const what =
        flags === 1
          ? "a message is marked as compressed, but its headers name no compression (grpc-encoding)"
          : `a message's prefix begins with ${flags}; 0 and 1 are the only flags`;
      return { code: StatusCode.INTERNAL, message: what };
    }
    if (length > this.#limitBytes) {
      return {
        code: StatusCode.RESOURCE_EXHAUSTED,
        message: `a message of ${length} octets exceeds the receive limit of ${this.#limitBytes}`,
      };
    }
    this.#length = length;
    this.#isCompressed = flags === 1;
    return undefined;
  }

  /** Copies octets of a message that does not lie in one chunk. Returns where to go on, negative when the receiver has stopped there. */
  #gather(chunk: Buffer, at: number, end: number): number {
    const count = Math.min(this.#length - this.#bodyBytes, end - at);
    const body = this.#room(count);
    chunk.copy(body, this.#bodyBytes, at, at + count);
    this.#bodyBytes += count;
    if (this.#bodyBytes < this.#length) return at + count;
    const length = this.#length;
    this.#body = undefined;
    this.#bodyBytes = 0;
    this.#prefixBytes = 0;
    const goesOn = this.#receiver.onMessage(body, 0, length, PREFIX_BYTES + length, this.#isCompressed);
    giveSpare(body);
    return goesOn ? at + count : -(at + count);
  }

  #room(count: number): Buffer {
    const needed = this.#bodyBytes + count;
    const old = this.#body ?? takeSpare();
    if (old !== undefined && old.length >= needed) {
      this.#body = old;
      return old;
    }
    const grown = old === undefined ? FIRST_BUFFER_BYTES : old.length * GROWTH;
    const body = Buffer.allocUnsafeSlow(Math.min(this.#length, Math.max(needed, grown)));
    if (old !== undefined) old.copy(body, 0, 0, this.#bodyBytes);
    this.#body = body;
    return body;
  }
}
