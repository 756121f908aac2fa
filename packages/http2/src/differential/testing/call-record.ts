/**
 * What one side has seen of one call. It checks at once what can be checked at once, the body octet by octet, and keeps what it
 * finds wrong: the place to complain is the end of the story.
 */
import { octetsOf } from "./octets.js";
import type { Call, Message, Side } from "./story.js";

/** How far a call has come, as one side sees it. */
const Phase = { NONE: 0, HEADERS: 1, DATA: 2, TRAILERS: 3, ENDED: 4, CLOSED: 5 } as const;

export interface SeenReset {
  readonly code: number;
  /** The peer has vouched that it did nothing. */
  readonly unprocessed: boolean;
}

export class CallRecord {
  readonly call: Call;
  readonly side: Side;
  readonly faults: string[] = [];
  /** Header fields without pseudo-header fields, and the names of those that came as sensitive. */
  fields: readonly string[] | undefined = undefined;
  sensitive: readonly string[] = [];
  status: number | undefined = undefined;
  receivedBytes = 0;
  trailers: readonly string[] | undefined = undefined;
  /** The peer's direction has ended in order. */
  ended = false;
  /** All was sent, the end too. */
  sentEnd = false;
  /** The code with which this side has given the call up. */
  resetWith: number | undefined = undefined;
  /** What this side was told of a reset, whoever it came from. */
  reset: SeenReset | undefined = undefined;
  closed = 0;
  #phase: number = Phase.NONE;
  readonly #expected: Buffer;

  constructor(call: Call, side: Side) {
    this.call = call;
    this.side = side;
    this.#expected = octetsOf(side === "client" && call.answer !== "echo" ? call.response.body : call.request.body);
  }

  /** What the other side sends, by the plan. Of an echo, the body is that of the request. */
  get expectedMessage(): Message {
    return this.side === "client" ? this.call.response : this.call.request;
  }

  get expectedBytes(): number {
    return this.#expected.length;
  }

  onHeaders(fields: readonly string[], sensitive: readonly string[]): void {
    this.#advance(Phase.HEADERS, "headers");
    this.fields = fields;
    this.sensitive = sensitive;
  }

  onData(octets: Buffer): void {
    if (this.#phase !== Phase.DATA) this.#advance(Phase.DATA, "data");
    const end = this.receivedBytes + octets.length;
    if (!octets.equals(this.#expected.subarray(this.receivedBytes, end))) {
      this.faults.push(`octets ${this.receivedBytes} to ${end} are not what was sent`);
    }
    this.receivedBytes = end;
  }

  onTrailers(fields: readonly string[]): void {
    this.#advance(Phase.TRAILERS, "trailers");
    this.trailers = fields;
  }

  onEnd(): void {
    this.#advance(Phase.ENDED, "the end");
    this.ended = true;
  }

  onReset(code: number, unprocessed: boolean): void {
    if (this.reset !== undefined) this.faults.push("it was reset twice");
    this.reset = { code, unprocessed };
  }

  onClosed(): void {
    this.closed += 1;
    this.#phase = Phase.CLOSED;
  }

  #advance(phase: number, what: string): void {
    if (phase <= this.#phase) this.faults.push(`${what} came in phase ${this.#phase}`);
    this.#phase = phase;
  }
}
