/** One call on nghttp2's side of a story, as far as client and server have it in common: bodies, ends and resets. */
import http2, { type Http2Stream, type IncomingHttpHeaders } from "node:http2";
import { CallRecord } from "./call-record.js";
import type { Dice } from "./dice.js";
import { objectOf } from "./fields.js";
import { Outgoing } from "./outgoing.js";
import type { Call, Message, Side } from "./story.js";
import { afterTurns } from "./turns.js";

const REFUSED_STREAM = 7;

/** The part of chunks after which nothing is read for a while. */
const PAUSE = 0.1;

export class NodeCall {
  readonly call: Call;
  readonly record: CallRecord;
  readonly stream: Http2Stream;
  /** What this side sends. */
  readonly message: Message;
  readonly outgoing = new Outgoing();
  readonly #side: Side;
  readonly #dice: Dice;
  #movedBytes = 0;
  #isPausing = false;
  #waitsForDrain = false;
  #hasEnded = false;
  #lateTrailers: readonly string[] | undefined = undefined;
  #sawEnd = false;
  /** The rest of what the peer sends is not wanted. Node then says "end", too, and has no code that would tell. */
  isStopped = false;

  constructor(call: Call, side: Side, stream: Http2Stream, dice: Dice) {
    this.call = call;
    this.record = new CallRecord(call, side);
    this.stream = stream;
    this.message = side === "client" ? call.request : call.response;
    this.#side = side;
    this.#dice = dice;
    stream.on("data", (chunk: Buffer) => this.#onData(chunk));
    stream.on("trailers", (...event: unknown[]) => this.#onTrailers(event[2] as string[]));
    stream.on("end", () => {
      this.#sawEnd = true;
    });
    stream.on("wantTrailers", () => this.#sendTrailers());
    stream.on("drain", () => {
      this.#waitsForDrain = false;
      this.send();
    });
    stream.on("error", () => {
      // Its code is known when the stream is closed.
    });
    stream.on("close", () => this.#onClose());
  }

  /** Whether headers are all that this side sends. */
  get isOnlyHeaders(): boolean {
    const { body, trailers, endsAtOnce } = this.message;
    const isEcho = this.#side === "server" && this.call.answer === "echo";
    return !isEcho && body.bytes === 0 && trailers === undefined && endsAtOnce;
  }

  /** Notes the headers that have come. The pseudo-header fields are left out. */
  onHeaders(headers: IncomingHttpHeaders, flat: readonly string[]): void {
    const fields = flat.filter((_, at) => !(flat[at - (at % 2)] as string).startsWith(":"));
    this.record.onHeaders(fields, headers[http2.sensitiveHeaders as unknown as string] as unknown as string[]);
  }

  /** Sends of the body what can be sent now, and the end behind it. */
  send(): void {
    const { stream, outgoing } = this;
    while (!this.#hasEnded && !stream.closed && !stream.destroyed && !this.#isPausing && !this.#waitsForDrain) {
      const part = outgoing.next();
      if (part === undefined) {
        if (outgoing.isDone) this.#end();
        return;
      }
      if (outgoing.isDone && this.message.endsAtOnce) this.#end(part.octets);
      else this.#waitsForDrain = !stream.write(part.octets);
      if (part.pauseTurns > 0) this.#pause(part.pauseTurns);
      this.moved(part.octets.length);
    }
  }

  /** Octets have passed: perhaps it is time to give the call up. */
  moved(bytes: number): void {
    this.#movedBytes += bytes;
    for (const { by, code, afterBytes } of this.call.resets) {
      // Not in the middle of a write: Node packs empty DATA frames without end when a stream is closed at a bad moment.
      if (by === this.#side && this.#movedBytes >= afterBytes) afterTurns(1, () => this.#reset(code));
    }
  }

  #reset(code: number): void {
    if (this.stream.closed || this.stream.destroyed) return;
    this.record.resetWith = code;
    this.stream.close(code);
  }

  #end(octets?: Buffer): void {
    this.#hasEnded = true;
    this.record.sentEnd = true;
    if (octets === undefined) this.stream.end();
    else this.stream.end(octets);
  }

  #sendTrailers(): void {
    const { trailers } = this.message;
    if (this.stream.destroyed || this.stream.closed) return;
    this.stream.sendTrailers(trailers === undefined ? {} : objectOf({}, trailers));
  }

  #pause(turns: number): void {
    this.#isPausing = true;
    afterTurns(turns, () => {
      this.#isPausing = false;
      this.send();
    });
  }

  #onData(chunk: Buffer): void {
    const { record, call, stream } = this;
    record.onData(chunk);
    if (this.#side === "server" && call.answer === "echo") {
      this.outgoing.add(chunk);
      this.send();
    }
    // Node never closes a stream whose answer waits to be read when its request is cut short by RST_STREAM(NO_ERROR).
    const mayPause = this.#side === "server" || call.answer !== "early";
    if (mayPause && this.#dice.chance(PAUSE)) {
      stream.pause();
      afterTurns(this.#dice.whole(1, 20), () => stream.resume());
    }
    this.moved(chunk.length);
  }

  /** Node tells of trailers when they arrive, though what came before them may not have been read. */
  #onTrailers(flat: readonly string[]): void {
    if (this.#lateTrailers !== undefined) this.record.faults.push("trailers came twice");
    this.#lateTrailers = flat;
  }

  /** Node says "end" for a stream that was reset, too: only the code tells. */
  #onClose(): void {
    const { record, stream } = this;
    const code = stream.rstCode;
    if (this.#lateTrailers !== undefined) record.onTrailers(this.#lateTrailers);
    // A client whose request is cut short by an early answer counts as aborted though it has all of the answer.
    const isAborted = stream.aborted && this.call.answer !== "early";
    if (this.#sawEnd && code === 0 && !isAborted && !this.isStopped) record.onEnd();
    if (code !== 0) record.onReset(code, code === REFUSED_STREAM && record.resetWith === undefined);
    record.onClosed();
  }
}
