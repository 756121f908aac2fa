/**
 * A layer above the engine that does whatever a program says, from within callbacks (its habits) and between them (its steps). It
 * keeps the engine's contract: it asks before it sends, and consumes what it was given, once.
 */
import type { Connection } from "../../connection/connection.js";
import { ErrorCode } from "../../error.js";
import { HeaderList } from "../../hpack/header-list.js";
import type { Stream } from "../../stream/stream.js";
import { REQUEST, RESPONSE, sendData, TRAILERS } from "../../testing/engine.js";
import type { Context } from "../../testing/recording-sink.js";
import type { CallOrderSink } from "../testing/call-order-sink.js";
import { Action, type ActionStep, type Habits } from "./program.js";

type Call = Stream<Context>;

const TEMPLATE = ["x-template", "the same each time"];
const PING_PAYLOAD = Buffer.from("fuzzing!", "latin1");
/** What one call may cause apart from what it was given to send. */
const OCTETS_PER_CALL = 100;

export class LayerAbove {
  /** Octets that it has caused to be sent, at most. */
  caused = 0;
  readonly #connection: Connection<Context>;
  readonly #sink: CallOrderSink;
  readonly #habits: Habits;
  readonly #isClient: boolean;
  readonly #first: readonly string[];
  readonly #template: HeaderList;
  /** Octets that were delivered and not consumed. */
  readonly #unread = new Map<Call, number>();
  #lists = 0;

  constructor(connection: Connection<Context>, sink: CallOrderSink, habits: Habits, isClient: boolean) {
    this.#connection = connection;
    this.#sink = sink;
    this.#habits = habits;
    this.#isClient = isClient;
    this.#first = isClient ? REQUEST : RESPONSE;
    this.#template = HeaderList.template([...this.#first, ...TEMPLATE]);
    this.#listen();
  }

  /** Does what a step says. Steps of the peer, of the driver and of the clock are not for it. */
  perform({ kind, argument, value }: ActionStep): void {
    this.caused += OCTETS_PER_CALL;
    if (kind === Action.OPEN) this.#openStream(value);
    else if (kind === Action.PING) this.#connection.ping(PING_PAYLOAD);
    else if (kind === Action.CLOSE) this.#connection.close(value, "the program says so");
    else if (kind === Action.DRAIN && (value & 1) === 0) this.#connection.drain("the program says so");
    else if (kind === Action.DRAIN) this.#connection.finishDrain();
    else this.#performOn(kind, argument, value);
  }

  /** Octets of a stream that it has received and not consumed. */
  unreadBytesOf(stream: Call): number {
    return this.#unread.get(stream) ?? 0;
  }

  /** What the habit of consuming after each step asks for. */
  afterStep(): void {
    if (this.#habits.consume !== "after the step") return;
    for (const stream of [...this.#unread.keys()]) this.#consume(stream, 1);
  }

  #performOn(kind: ActionStep["kind"], argument: number, value: number): void {
    const streams = [...this.#sink.open];
    const stream = streams[argument % streams.length];
    if (stream === undefined) return;
    const connection = this.#connection;
    if (kind === Action.HEADERS && connection.canSendHeaders(stream)) this.#sendHeaders(stream, value);
    else if (kind === Action.DATA && connection.canSend(stream)) this.#sendData(stream, value >>> 1, (value & 1) !== 0);
    else if (kind === Action.END && connection.canSend(stream)) this.#end(stream, (value & 1) !== 0);
    else if (kind === Action.RESET) connection.reset(stream, resetCode(value), "the program says so");
    else if (kind === Action.CONSUME) this.#consume(stream, value / 0xffff);
  }

  #listen(): void {
    const { onHeaders, consume, sendOnRoom, answerOnEnd, temper } = this.#habits;
    const connection = this.#connection;
    const react = this.#sink.react;
    react.onHeaders = (stream) => {
      if (temper === "resets on headers" && stream.id % 8 === 5) this.#reset(stream);
      if (onHeaders !== "nothing" && connection.canSendHeaders(stream)) {
        this.#sendHeaders(stream, onHeaders === "only headers" ? 1 : 0);
      }
      if (onHeaders === "answer" && connection.canSend(stream)) {
        this.#sendData(stream, 300, false);
        if (connection.canSend(stream)) this.#end(stream, true);
      }
    };
    react.onData = (stream, _chunk, start, end) => {
      this.#unread.set(stream, (this.#unread.get(stream) ?? 0) + end - start);
      if (temper === "resets on data" && stream.id % 8 === 3) this.#reset(stream);
      if (consume === "at once") this.#consume(stream, 1);
      else if (consume === "half at once") this.#consume(stream, 0.5);
    };
    react.onRoom = (stream) => {
      if (sendOnRoom && connection.canSend(stream)) this.#sendData(stream, 500, false);
    };
    react.onEnd = (stream) => {
      if (!answerOnEnd) return;
      if (connection.canSendHeaders(stream)) this.#sendHeaders(stream, 0);
      if (connection.canSend(stream)) this.#sendData(stream, 700, false);
      if (connection.canSend(stream)) this.#end(stream, stream.id % 4 === 1);
    };
    react.onReset = () => {
      if (temper === "closes on reset") connection.close(0, "a stream was reset");
    };
  }

  #openStream(value: number): void {
    if (!this.#isClient || !this.#connection.canOpenStream) return;
    const stream = this.#connection.openStream(undefined);
    this.#sink.opened(stream);
    this.#sendHeaders(stream, value);
  }

  #sendHeaders(stream: Call, value: number): void {
    const connection = this.#connection;
    const endStream = (value & 1) !== 0;
    const kind = (value >>> 1) & 7;
    this.#lists += 1;
    if (kind === 1) {
      this.caused += this.#template.size + OCTETS_PER_CALL;
      connection.sendHeaders(stream, this.#template, endStream);
      return;
    }
    const more = moreFields(kind, this.#lists);
    this.caused += HeaderList.of(...this.#first, ...more).size + OCTETS_PER_CALL;
    connection.beginHeaders();
    connection.addHeaders(HeaderList.of(...this.#first));
    for (let i = 0; i < more.length; i += 2) connection.addHeader(more[i] as string, more[i + 1] as string, kind === 4);
    connection.endHeaders(stream, endStream);
  }

  #sendData(stream: Call, bytes: number, endStream: boolean): void {
    this.caused += bytes + OCTETS_PER_CALL;
    const hasRoom = sendData(this.#connection, stream, Buffer.alloc(bytes, stream.id & 0xff), endStream);
    if (!hasRoom && !stream.isClosed) this.#sink.waiting.add(stream);
  }

  #end(stream: Call, trailers: boolean): void {
    this.caused += OCTETS_PER_CALL;
    this.#connection.end(stream, trailers ? HeaderList.of(...TRAILERS) : undefined);
  }

  #reset(stream: Call): void {
    this.caused += OCTETS_PER_CALL;
    this.#connection.reset(stream, 8, "the layer above has this habit");
  }

  #consume(stream: Call, part: number): void {
    const unread = this.#unread.get(stream) ?? 0;
    const bytes = Math.ceil(unread * part);
    if (bytes === unread) this.#unread.delete(stream);
    else this.#unread.set(stream, unread - bytes);
    this.#connection.consume(stream, bytes);
  }
}

/** Any code but that of a rule which the peer has not broken. */
function resetCode(value: number): number {
  return value === ErrorCode.FLOW_CONTROL_ERROR ? ErrorCode.CANCEL : value;
}

/** Fields behind the usual ones: none, one that rises, one that needs CONTINUATION, a sensitive one, or many. */
function moreFields(kind: number, count: number): string[] {
  if (kind === 2) return ["x-count", String(count)];
  if (kind === 3) return ["x-large", "~".repeat(17_000)];
  if (kind === 4) return ["authorization", `secret ${count}`];
  if (kind === 5) return Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? `x-${i}` : `v${count % 3}`));
  if (kind === 6) return ["x-thousand", String(count % 4).repeat(1000)];
  return [];
}
