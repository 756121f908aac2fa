/**
 * A sink that writes down what it is told, one line for each callback, and checks the order that every sink may rely on: nothing
 * about a stream after `onClosed`, nothing at all after `onFatal`.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { errorCodeName, type Http2Error } from "../error.js";
import type { GoAway } from "../frame/goaway.js";
import type { HeaderList } from "../hpack/header-list.js";
import type { Sink } from "../sink.js";
import type { Stream } from "../stream/stream.js";

/** What a test attaches to a stream. */
export type Context = unknown;

interface Event {
  readonly text: string;
  readonly streamId: number;
  /** The octets of `data`, as latin1; consecutive parts are joined. */
  data: string | undefined;
}

/** Bodies longer than this are shown by their hash. */
const SHOWN_OCTETS = 40;

export class RecordingSink implements Sink<Context> {
  /** Called after the callback of the same name was written down. */
  react: Partial<Sink<Context>>;
  /** Every stream that was mentioned, by id. */
  readonly streams = new Map<number, Stream<Context>>();
  /** Every error that was reported, in order. */
  readonly errors: Http2Error[] = [];
  /** Calls of `onOutput` and of `onOutputFull`. */
  outputs = 0;
  /** What `onDue` was told last. */
  dueMs = Number.POSITIVE_INFINITY;
  fullOutputs = 0;
  readonly #events: Event[] = [];
  readonly #bodies = new Map<number, string>();
  readonly #closed = new Set<number>();
  #fatal = false;

  constructor(react: Partial<Sink<Context>> = {}) {
    this.react = react;
  }

  /** What has been recorded, as lines; data of one stream that came in parts is one line. */
  get log(): string[] {
    return this.#events.map(({ text, data }) => (data === undefined ? text : `${text} ${show(data)}`));
  }

  /** The same for one stream. */
  logOf(streamId: number): string[] {
    const events = this.#events.filter((event) => event.streamId === streamId);
    return events.map(({ text, data }) => (data === undefined ? text : `${text} ${show(data)}`));
  }

  /** Everything that came as the body of a stream. */
  body(streamId: number): Buffer {
    return Buffer.from(this.#bodies.get(streamId) ?? "", "latin1");
  }

  /** The log so far, which is then forgotten. */
  takeLog(): string[] {
    const log = this.log;
    this.#events.length = 0;
    return log;
  }

  /** A stream that was mentioned. */
  stream(id: number): Stream<Context> {
    const stream = this.streams.get(id);
    assert.ok(stream !== undefined, `stream ${id} was never mentioned`);
    return stream;
  }

  get lastError(): Http2Error {
    const error = this.errors.at(-1);
    assert.ok(error !== undefined, "no error was reported");
    return error;
  }

  onHeaders(stream: Stream<Context>, headers: HeaderList, endStream: boolean): void {
    this.#note(`headers ${stream.id} ${headers.fields.join(" ")}${endStream ? " end" : ""}`, stream);
    this.react.onHeaders?.(stream, headers, endStream);
  }

  onData(stream: Stream<Context>, chunk: Buffer, start: number, end: number): void {
    assert.ok(start < end && end <= chunk.length, `data from ${start} to ${end} of ${chunk.length}`);
    const data = chunk.toString("latin1", start, end);
    this.#bodies.set(stream.id, (this.#bodies.get(stream.id) ?? "") + data);
    const last = this.#events.at(-1);
    if (last?.data !== undefined && last.streamId === stream.id) {
      this.#check(stream);
      last.data += data;
    } else {
      this.#note(`data ${stream.id}`, stream, data);
    }
    this.react.onData?.(stream, chunk, start, end);
  }

  onTrailers(stream: Stream<Context>, trailers: HeaderList): void {
    this.#note(`trailers ${stream.id} ${trailers.fields.join(" ")}`, stream);
    this.react.onTrailers?.(stream, trailers);
  }

  onEnd(stream: Stream<Context>): void {
    this.#note(`end ${stream.id}`, stream);
    this.react.onEnd?.(stream);
  }

  onReset(stream: Stream<Context>, error: Http2Error): void {
    this.errors.push(error);
    const unprocessed = error.unprocessed ? " unprocessed" : "";
    this.#note(
      `reset ${stream.id} ${errorCodeName(error.code)} ${error.scope} ${error.initiator}${unprocessed}`,
      stream,
    );
    this.react.onReset?.(stream, error);
  }

  onClosed(stream: Stream<Context>): void {
    this.#note(`closed ${stream.id}`, stream);
    this.#closed.add(stream.id);
    this.react.onClosed?.(stream);
  }

  onRoom(stream: Stream<Context>): void {
    this.#note(`room ${stream.id}`, stream);
    this.react.onRoom?.(stream);
  }

  onSettings(): void {
    this.#note("settings", undefined);
    this.react.onSettings?.();
  }

  onPingAck(payload: Uint8Array): void {
    this.#note(`pong ${Buffer.from(payload).toString("latin1")}`, undefined);
    this.react.onPingAck?.(payload);
  }

  onDrained(): void {
    this.#note("drained", undefined);
    this.react.onDrained?.();
  }

  onGoAway(goAway: GoAway): void {
    this.#note(`goaway ${goAway.lastStreamId} ${errorCodeName(goAway.code)} ${goAway.debug}`, undefined);
    this.react.onGoAway?.(goAway);
  }

  onCapacity(): void {
    this.#note("capacity", undefined);
    this.react.onCapacity?.();
  }

  onDue(dueMs: number): void {
    this.dueMs = dueMs;
    this.react.onDue?.(dueMs);
  }

  onFatal(error: Http2Error): void {
    this.errors.push(error);
    this.#note(`fatal ${errorCodeName(error.code)} ${error.initiator}`, undefined);
    this.#fatal = true;
    this.react.onFatal?.(error);
  }

  onOutput(): void {
    this.outputs += 1;
    this.react.onOutput?.();
  }

  onOutputFull(): void {
    this.fullOutputs += 1;
    this.react.onOutputFull?.();
  }

  #note(text: string, stream: Stream<Context> | undefined, data: string | undefined = undefined): void {
    assert.ok(!this.#fatal, `"${text}" after the fatal error`);
    if (stream !== undefined) {
      this.#check(stream);
      this.streams.set(stream.id, stream);
    }
    this.#events.push({ text, streamId: stream?.id ?? 0, data });
  }

  #check(stream: Stream<Context>): void {
    assert.ok(!this.#closed.has(stream.id), `stream ${stream.id} is mentioned after it was closed`);
  }
}

function show(data: string): string {
  if (data.length <= SHOWN_OCTETS) return JSON.stringify(data);
  return `${data.length} octets ${createHash("sha1").update(data, "latin1").digest("hex").slice(0, 12)}`;
}
