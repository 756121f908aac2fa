/**
 * Restores compressed messages, in their order: those behind one that another thread works on wait for it, and so does the end of
 * the stream. No message is restored before its receiver wants it: what waits here is compressed, and the sender's window
 * bounds it, while what would come out could be a thousand times as much.
 */
import type { CompressionAlgorithm } from "../core/compression.js";
import { StatusCode } from "../core/status.js";
import type { FramingFault } from "../wire/message-assembler.js";
import type { MessageTaker } from "./message-taker.js";

const FULL_AT = 256;

interface Waiting {
  readonly octets: Buffer;
  readonly owedBytes: number;
  readonly isCompressed: boolean;
}

export class MessageInflater {
  readonly #algorithm: CompressionAlgorithm;
  readonly #limitBytes: number;
  readonly #taker: MessageTaker;
  readonly #onFault: (fault: FramingFault) => void;
  readonly #waiting: Waiting[] = [];
  /** Whether the message that was delivered last had come compressed. */
  lastWasCompressed = false;
  #state: "idle" | "delivering" | "inflating" | "stopped" = "idle";
  #onDrained: (() => void) | undefined = undefined;

  /** @param limitBytes the largest message that may come out */
  constructor(
    algorithm: CompressionAlgorithm,
    limitBytes: number,
    taker: MessageTaker,
    onFault: (fault: FramingFault) => void,
  ) {
    this.#algorithm = algorithm;
    this.#limitBytes = limitBytes;
    this.#taker = taker;
    this.#onFault = onFault;
  }

  /** Nothing waits and nothing is being restored. */
  get isDrained(): boolean {
    return this.#waiting.length === 0 && this.#state !== "inflating";
  }

  /** So many wait that it is time to stop: each takes more than its octets. */
  get isFull(): boolean {
    return this.#waiting.length >= FULL_AT;
  }

  /** Takes the next message, whose octets are the inflater's. False when nothing is wanted any more. */
  push(octets: Buffer, owedBytes: number, isCompressed: boolean): boolean {
    if (this.#state === "stopped") return false;
    this.#waiting.push({ octets, owedBytes, isCompressed });
    this.resume();
    return !this.#isStopped;
  }

  /** The receiver may want more. */
  resume(): void {
    if (this.#state !== "idle") return;
    this.#state = "delivering";
    while (this.#state === "delivering" && this.#waiting.length > 0 && this.#taker.wantsMore) {
      this.#next(this.#waiting.shift() as Waiting);
    }
    if (this.#state === "delivering") this.#state = "idle";
    if (this.#state === "idle" && this.isDrained) this.#onDrained?.();
  }

  /** Calls `then` when everything has been delivered. It is not called after {@link stop}, or after a fault. */
  whenDrained(then: () => void): void {
    this.#onDrained = () => {
      this.#onDrained = undefined;
      then();
    };
  }

  /** Delivers nothing more. */
  stop(): void {
    this.#state = "stopped";
    this.#waiting.length = 0;
    this.#onDrained = undefined;
  }

  get #isStopped(): boolean {
    return this.#state === "stopped";
  }

  #next(message: Waiting): void {
    this.lastWasCompressed = message.isCompressed;
    if (!message.isCompressed) {
      this.#deliver(message.octets, message.owedBytes);
      return;
    }
    let result: Buffer | undefined | Promise<Buffer | undefined>;
    try {
      result = this.#algorithm.decompress(message.octets, this.#limitBytes);
    } catch (error) {
      this.#corrupt(error);
      return;
    }
    if (!(result instanceof Promise)) {
      this.#deliver(result, message.owedBytes);
      return;
    }
    this.#state = "inflating";
    result.then(
      (octets) => this.#onInflated(octets, message.owedBytes),
      (error) => {
        if (!this.#isStopped) this.#corrupt(error);
      },
    );
  }

  #onInflated(octets: Buffer | undefined, owedBytes: number): void {
    if (this.#isStopped) return;
    this.#state = "delivering";
    this.#deliver(octets, owedBytes);
    if (this.#isStopped) return;
    this.#state = "idle";
    this.resume();
  }

  #deliver(octets: Buffer | undefined, owedBytes: number): void {
    // A faulty algorithm may give more than it was allowed.
    if (octets === undefined || octets.length > this.#limitBytes) {
      const message = `a message compressed with ${this.#algorithm.name} exceeds the receive limit of ${this.#limitBytes} octets`;
      this.#fail({ code: StatusCode.RESOURCE_EXHAUSTED, message });
    } else if (!this.#taker.onMessage(octets, 0, octets.length, owedBytes)) {
      this.stop();
    }
  }

  #corrupt(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    const message = `a message could not be decompressed with ${this.#algorithm.name}: ${text}`;
    this.#fail({ code: StatusCode.INTERNAL, message });
  }

  #fail(fault: FramingFault): void {
    this.stop();
    this.#onFault(fault);
  }
}
