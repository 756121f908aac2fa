/** The engine as the client of a story: it keeps so many calls under way as the story says and the server allows. */
import type { Socket } from "node:net";
import { setImmediate } from "node:timers";
import type { Http2Error } from "../../error.js";
import type { GoAway } from "../../frame/goaway.js";
import type { HeaderList } from "../../hpack/header-list.js";
import type { CallRecord } from "./call-record.js";
import {
  type ClientEvents,
  callOf,
  EngineEndpoint,
  type EngineStream,
  type Fail,
  regularOf,
} from "./engine-endpoint.js";
import type { Story } from "./story.js";

export class EngineClient extends EngineEndpoint {
  #next = 0;
  #scheduled = false;
  readonly #events: ClientEvents;
  /** Streams that were given up because of a GOAWAY that has not been told yet. */
  readonly #unprocessed: [streamId: number, record: CallRecord][] = [];

  constructor(socket: Socket, story: Story, fail: Fail, events: ClientEvents) {
    super("client", socket, story, fail);
    this.#events = events;
  }

  override start(): void {
    super.start();
    this.#fill();
  }

  onHeaders(stream: EngineStream, headers: HeaderList): void {
    const { record } = callOf(stream);
    record.status = Number(headers.get(":status"));
    const { fields, sensitive } = regularOf(headers);
    record.onHeaders(fields, sensitive);
  }

  override onClosed(stream: EngineStream): void {
    super.onClosed(stream);
    this.#events.onCallOver();
    this.#schedule();
  }

  override onCapacity(): void {
    this.#schedule();
  }

  override onSettings(): void {
    this.#schedule();
  }

  override onGoAway(goAway: GoAway): void {
    for (const [streamId, record] of this.#unprocessed) {
      if (streamId > goAway.lastStreamId) continue;
      record.faults.push(`stream ${streamId} was given up, though GOAWAY says that ${goAway.lastStreamId} goes on`);
    }
    this.#unprocessed.length = 0;
    this.#schedule();
  }

  override onReset(stream: EngineStream, error: Http2Error): void {
    super.onReset(stream, error);
    const { call, record } = callOf(stream);
    const isRefused = call.resets.some(({ by, code }) => by === "server" && code === error.code);
    if (error.unprocessed && !isRefused) this.#unprocessed.push([stream.id, record]);
  }

  /** Calls begin later than in the callback of another one. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#fill();
    });
  }

  #fill(): void {
    const { connection, story } = this;
    while (this.#next < story.calls.length && connection.openStreams < story.concurrency && connection.canOpenStream) {
      this.#begin();
    }
    const isOver = this.#next === story.calls.length || connection.isExhausted;
    if (isOver && connection.openStreams === 0) this.#events.onAllOver();
  }

  #begin(): void {
    const call = this.story.calls[this.#next++];
    if (call === undefined) return;
    const stream = this.connection.openStream(undefined as never);
    const current = this.attach(stream, call);
    const pseudo = [":method", "POST", ":scheme", "http", ":path", `/${call.index}`, ":authority", "localhost"];
    const { body, trailers, endsAtOnce } = call.request;
    current.outgoing.fill(call.request);
    const more = this.sendHeaders(stream, pseudo, body.bytes === 0 && trailers === undefined && endsAtOnce);
    this.begin(stream);
    if (more) this.send(stream);
  }
}
