/** The engine's side of a story, as far as client and server have it in common: bodies, ends, resets, and PING. */
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { Connection } from "../../connection/connection.js";
import type { Role } from "../../connection/options.js";
import { errorCodeName, type Http2Error } from "../../error.js";
import type { GoAway } from "../../frame/goaway.js";
import type { HeaderList } from "../../hpack/header-list.js";
import type { Sink } from "../../sink.js";
import type { Stream } from "../../stream/stream.js";
import { CallRecord } from "./call-record.js";
import { Dice } from "./dice.js";
import { EngineDriver } from "./drive-engine.js";
import { listOf } from "./fields.js";
import { Outgoing } from "./outgoing.js";
import type { Call, Message, Story } from "./story.js";
import { afterTurns } from "./turns.js";

/** What is attached to a stream. */
export class EngineCall {
  readonly call: Call;
  readonly record: CallRecord;
  /** What this side sends. */
  readonly message: Message;
  readonly outgoing = new Outgoing();
  /** Octets of both bodies that have passed. */
  movedBytes = 0;
  isPausing = false;
  waitsForRoom = false;

  constructor(call: Call, record: CallRecord) {
    this.call = call;
    this.record = record;
    this.message = record.side === "client" ? call.request : call.response;
  }
}

export type EngineStream = Stream<EngineCall>;

/** Ends the story as a failure. */
export type Fail = (reason: string) => void;

/** What the client of a story tells. */
export interface ClientEvents {
  /** A call is over. */
  onCallOver(): void;
  /** All calls are over, or no more can begin and those that did are over. It may be called again. */
  onAllOver(): void;
}

/** The part of what is received that is used up later than at once. */
const LATE = 0.2;

export abstract class EngineEndpoint implements Sink<EngineCall> {
  readonly connection: Connection<EngineCall>;
  readonly socket: Socket;
  readonly records = new Map<number, CallRecord>();
  protected readonly story: Story;
  readonly #role: Role;
  readonly #driver: EngineDriver<EngineCall>;
  readonly #dice: Dice;
  readonly #pings: { readonly payload: Buffer; readonly then: () => void }[] = [];
  /** PINGs that came back. */
  pongs = 0;
  isDrained = false;
  #fatals = 0;
  readonly #fail: Fail;

  constructor(role: Role, socket: Socket, story: Story, fail: Fail) {
    const dice = new Dice(story.seed + (role === "client" ? 1 : 2));
    this.#fail = fail;
    this.#role = role;
    this.socket = socket;
    this.story = story;
    this.connection = new Connection<EngineCall>(role, this, story.engine);
    this.#driver = new EngineDriver(socket, this.connection, dice);
    this.#dice = dice;
  }

  start(): void {
    this.#driver.start();
  }

  /** Sends a PING; it must come back, in its turn, and then calls `then`. */
  ping(then: () => void = () => {}): void {
    const payload = Buffer.alloc(8);
    payload.writeUInt32BE(this.#dice.seed());
    this.#pings.push({ payload, then });
    this.connection.ping(payload);
  }

  /** Fails when something of the connection is left, or was not as it must be. The connection must be over. */
  checkEnd(): void {
    assert.equal(this.connection.openStreams, 0, "streams of the engine are left");
    assert.equal(this.#fatals, 1, `onFatal was called ${this.#fatals} times`);
  }

  protected attach(stream: EngineStream, call: Call): EngineCall {
    assert.ok(!this.records.has(call.index), `call ${call.index} begins a second time`);
    const record = new CallRecord(call, this.#role);
    this.records.set(call.index, record);
    const attached = new EngineCall(call, record);
    stream.context = attached;
    return attached;
  }

  /** Sends headers, and the end with them if that is all. Gives whether more follows. */
  protected sendHeaders(stream: EngineStream, pseudo: readonly string[], isAll: boolean): boolean {
    const { record, message } = callOf(stream);
    this.connection.sendHeaders(stream, listOf(pseudo, message.fields), isAll);
    if (isAll) record.sentEnd = true;
    return !isAll;
  }

  /** Sends of the body what can be sent now, and the end behind it. */
  protected send(stream: EngineStream): void {
    const current = callOf(stream);
    while (this.connection.canSend(stream) && !current.isPausing && !current.waitsForRoom) {
      const part = current.outgoing.next();
      if (part === undefined) {
        if (current.outgoing.isDone) this.#end(stream);
        return;
      }
      const { message } = current;
      const isLast = current.outgoing.isDone && message.endsAtOnce && message.trailers === undefined;
      if (isLast) current.record.sentEnd = true;
      const out = this.connection.beginData();
      out.reserve(part.octets.length);
      part.octets.copy(out.buffer, out.position);
      out.position += part.octets.length;
      current.waitsForRoom = !this.connection.endData(stream, isLast) && !isLast;
      if (part.pauseTurns > 0) this.#pause(stream, part.pauseTurns);
      this.#moved(stream, part.octets.length);
    }
  }

  #end(stream: EngineStream): void {
    const { record, message } = callOf(stream);
    record.sentEnd = true;
    this.connection.end(stream, message.trailers === undefined ? undefined : listOf([], message.trailers));
  }

  #pause(stream: EngineStream, turns: number): void {
    callOf(stream).isPausing = true;
    afterTurns(turns, () => {
      callOf(stream).isPausing = false;
      this.send(stream);
    });
  }

  /** Octets have passed, or (0) the call begins: perhaps it is time to give it up. */
  protected begin(stream: EngineStream): void {
    this.#moved(stream, 0);
  }

  #moved(stream: EngineStream, bytes: number): void {
    const current = callOf(stream);
    current.movedBytes += bytes;
    for (const { by, code, afterBytes } of current.call.resets) {
      if (by !== this.#role || current.movedBytes < afterBytes || stream.isClosed) continue;
      current.record.resetWith = code;
      this.connection.reset(stream, code, "as planned");
    }
  }

  abstract onHeaders(stream: EngineStream, headers: HeaderList, endStream: boolean): void;

  onData(stream: EngineStream, chunk: Buffer, start: number, end: number): void {
    const current = callOf(stream);
    const octets = chunk.subarray(start, end);
    current.record.onData(octets);
    if (this.#role === "server" && current.call.answer === "echo") current.outgoing.add(Buffer.from(octets));
    const use = () => {
      this.connection.consume(stream, end - start);
      if (current.call.answer === "echo") this.send(stream);
    };
    if (this.#dice.chance(LATE)) afterTurns(this.#dice.whole(1, 10), use);
    else use();
    this.#moved(stream, end - start);
  }

  onTrailers(stream: EngineStream, trailers: HeaderList): void {
    callOf(stream).record.onTrailers(trailers.fields);
  }

  onEnd(stream: EngineStream): void {
    callOf(stream).record.onEnd();
  }

  onReset(stream: EngineStream, error: Http2Error): void {
    const { record } = callOf(stream);
    record.onReset(error.code, error.unprocessed);
    const expected = record.resetWith === undefined ? "remote" : "user";
    if (error.scope === "stream" && error.initiator !== expected)
      record.faults.push(`${error.initiator} has reset it: ${error.reason}`);
  }

  onClosed(stream: EngineStream): void {
    callOf(stream).record.onClosed();
  }

  onRoom(stream: EngineStream): void {
    callOf(stream).waitsForRoom = false;
    this.send(stream);
  }

  onPingAck(payload: Uint8Array): void {
    const sent = this.#pings.shift();
    if (sent === undefined || !sent.payload.equals(payload)) {
      this.#fail("another PING has come back");
      return;
    }
    this.pongs += 1;
    sent.then();
  }

  onFatal(error: Http2Error): void {
    this.#fatals += 1;
    this.#driver.onFatal();
    if (error.initiator === "library") this.#fail(`the engine gave up: ${errorCodeName(error.code)}, ${error.reason}`);
  }

  onOutput(): void {
    this.#driver.onOutput();
  }

  onOutputFull(): void {
    this.#driver.flush();
  }

  onDue(dueMs: number): void {
    this.#driver.onDue(dueMs);
  }

  onDrained(): void {
    this.isDrained = true;
  }

  onCapacity(): void {}
  onSettings(): void {}
  onGoAway(_goAway: GoAway): void {}
}

export function callOf(stream: EngineStream): EngineCall {
  return stream.context as EngineCall;
}

/** A list without pseudo-header fields, and the names of its sensitive ones. */
export function regularOf(list: HeaderList): { fields: string[]; sensitive: string[] } {
  const isPseudo = (at: number) => (list.fields[at - (at % 2)] as string).startsWith(":");
  return {
    fields: list.fields.filter((_, at) => !isPseudo(at)),
    sensitive: (list.sensitive ?? []).map((at) => list.fields[at] as string),
  };
}
