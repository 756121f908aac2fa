/**
 * A recording sink that also checks each stream's callbacks against the contract of {@link Sink}: headers first and once, then
 * data, then trailers, then the end; a reset at any time; closed last and exactly once; room only for who was told to wait.
 */
import assert from "node:assert/strict";
import type { Http2Error } from "../../error.js";
import type { HeaderList } from "../../hpack/header-list.js";
import type { Stream } from "../../stream/stream.js";
import { type Context, RecordingSink } from "../../testing/recording-sink.js";

/** How far a stream has come. The order of the numbers is that of the callbacks. */
const Phase = { NEW: 0, HEADERS: 1, DATA: 2, TRAILERS: 3, ENDED: 4, RESET: 5, CLOSED: 6 } as const;

interface StreamCalls {
  phase: number;
  /** Headers came with END_STREAM, so that only the end may follow. */
  endsNow: boolean;
}

export class CallOrderSink extends RecordingSink {
  /** The highest id of a stream whose headers were delivered. */
  highestDelivered = 0;
  /** Streams that were mentioned and are not closed. */
  readonly open = new Set<Stream<Context>>();
  /** Called with the octets of each part of data. */
  onDelivered: (streamId: number, bytes: number) => void = () => {};
  /** Streams whose sender was told to wait. */
  readonly waiting = new Set<Stream<Context>>();
  /** The time, for {@link onDue}. */
  nowMs = 0;
  readonly #calls = new Map<number, StreamCalls>();

  override onHeaders(stream: Stream<Context>, headers: HeaderList, endStream: boolean): void {
    const calls = this.#move(stream, Phase.HEADERS, "headers");
    calls.endsNow = endStream;
    this.highestDelivered = Math.max(this.highestDelivered, stream.id);
    super.onHeaders(stream, headers, endStream);
  }

  override onData(stream: Stream<Context>, chunk: Buffer, start: number, end: number): void {
    const calls = this.#of(stream);
    assert.ok(calls.phase === Phase.HEADERS || calls.phase === Phase.DATA, `data of stream ${stream.id} out of turn`);
    assert.ok(!calls.endsNow, `data of stream ${stream.id} behind headers that ended it`);
    calls.phase = Phase.DATA;
    this.onDelivered(stream.id, end - start);
    super.onData(stream, chunk, start, end);
  }

  override onTrailers(stream: Stream<Context>, trailers: HeaderList): void {
    assert.ok(!this.#of(stream).endsNow, `trailers of stream ${stream.id} behind headers that ended it`);
    this.#move(stream, Phase.TRAILERS, "trailers");
    super.onTrailers(stream, trailers);
  }

  override onEnd(stream: Stream<Context>): void {
    this.#move(stream, Phase.ENDED, "the end");
    super.onEnd(stream);
  }

  override onReset(stream: Stream<Context>, error: Http2Error): void {
    const calls = this.#of(stream);
    assert.ok(calls.phase < Phase.RESET, `a second reset of stream ${stream.id}`);
    calls.phase = Phase.RESET;
    super.onReset(stream, error);
  }

  override onClosed(stream: Stream<Context>): void {
    const calls = this.#of(stream);
    assert.ok(calls.phase < Phase.CLOSED, `stream ${stream.id} is closed twice`);
    calls.phase = Phase.CLOSED;
    this.open.delete(stream);
    this.waiting.delete(stream);
    super.onClosed(stream);
  }

  override onRoom(stream: Stream<Context>): void {
    assert.ok(this.waiting.delete(stream), `room on stream ${stream.id} for nobody`);
    assert.equal(stream.queuedBytes, 0, `room on stream ${stream.id}, of which something is queued`);
    super.onRoom(stream);
  }

  override onDue(dueMs: number): void {
    assert.ok(dueMs > this.nowMs, `due at ${dueMs}, and it is ${this.nowMs} already`);
    super.onDue(dueMs);
  }

  /** The stream was opened by this side. */
  opened(stream: Stream<Context>): void {
    this.#of(stream);
  }

  #move(stream: Stream<Context>, phase: number, what: string): StreamCalls {
    const calls = this.#of(stream);
    assert.ok(calls.phase < phase, `${what} of stream ${stream.id} out of turn`);
    assert.ok(phase === Phase.HEADERS || calls.phase > Phase.NEW, `${what} of stream ${stream.id} before its headers`);
    calls.phase = phase;
    return calls;
  }

  #of(stream: Stream<Context>): StreamCalls {
    let calls = this.#calls.get(stream.id);
    if (calls === undefined) {
      calls = { phase: Phase.NEW, endsNow: false };
      this.#calls.set(stream.id, calls);
      this.open.add(stream);
    }
    return calls;
  }
}
