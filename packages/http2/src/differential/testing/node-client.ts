/** nghttp2, in Node's client, as the client of a story. */
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { setImmediate } from "node:timers";
import type { CallRecord } from "./call-record.js";
import { Dice } from "./dice.js";
import type { ClientEvents } from "./engine-endpoint.js";
import { objectOf } from "./fields.js";
import { NodeCall } from "./node-call.js";
import type { Story } from "./story.js";

export class NodeClient {
  readonly records = new Map<number, CallRecord>();
  readonly #session: ClientHttp2Session;
  readonly #story: Story;
  readonly #dice: Dice;
  readonly #events: ClientEvents;
  #next = 0;
  #open = 0;

  constructor(session: ClientHttp2Session, story: Story, events: ClientEvents) {
    this.#session = session;
    this.#story = story;
    this.#dice = new Dice(story.seed + 3);
    this.#events = events;
  }

  /** Begins as many calls as may run at a time. */
  fill(): void {
    const { calls, concurrency } = this.#story;
    while (this.#next < calls.length && this.#open < concurrency && this.#canBegin) this.#begin();
    if ((this.#next === calls.length || !this.#canBegin) && this.#open === 0) this.#events.onAllOver();
  }

  get #canBegin(): boolean {
    return !this.#session.closed && !this.#session.destroyed;
  }

  #begin(): void {
    const call = this.#story.calls[this.#next++];
    if (call === undefined) return;
    const { request } = call;
    const endStream = request.body.bytes === 0 && request.trailers === undefined && request.endsAtOnce;
    const dice = this.#dice;
    const stream: ClientHttp2Stream = this.#session.request(
      objectOf({ ":method": "POST", ":path": `/${call.index}` }, request.fields),
      {
        endStream,
        waitForTrailers: request.trailers !== undefined,
        weight: dice.whole(1, 256),
        exclusive: dice.chance(0.5),
      },
    );
    const current = new NodeCall(call, "client", stream, dice);
    this.records.set(call.index, current.record);
    stream.on("response", (...event: unknown[]) => {
      const headers = event[0] as IncomingHttpHeaders;
      current.record.status = headers[":status"] as unknown as number;
      current.onHeaders(headers, event[2] as string[]);
    });
    this.#open += 1;
    stream.once("close", () => {
      this.#open -= 1;
      this.#events.onCallOver();
      setImmediate(() => this.fill());
    });
    if (endStream) current.record.sentEnd = true;
    current.moved(0);
    if (endStream) return;
    current.outgoing.fill(request);
    current.send();
  }
}
