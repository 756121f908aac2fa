/** nghttp2, in Node's server, as the server of a story. */
import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { CallRecord } from "./call-record.js";
import { Dice } from "./dice.js";
import { objectOf } from "./fields.js";
import { NodeCall } from "./node-call.js";
import type { Call, Story } from "./story.js";
import { afterTurns } from "./turns.js";

export class NodeServer {
  readonly records = new Map<number, CallRecord>();
  readonly #story: Story;
  readonly #dice: Dice;
  readonly #isAnswered: (call: Call) => boolean;
  readonly #whenIdle: () => void;
  /** Calls that are not closed. */
  open = 0;

  /** `isAnswered` tells whether the client has the whole answer; `whenIdle` is called whenever a call is closed and none is left. */
  constructor(server: Http2Server, story: Story, isAnswered: (call: Call) => boolean, whenIdle: () => void) {
    this.#story = story;
    this.#dice = new Dice(story.seed + 4);
    this.#isAnswered = isAnswered;
    this.#whenIdle = whenIdle;
    server.on("stream", (...event: unknown[]) => {
      this.#onStream(event[0] as ServerHttp2Stream, event[1] as IncomingHttpHeaders, event[3] as string[]);
    });
  }

  #onStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flat: readonly string[]): void {
    const call = this.#story.calls[Number(headers[":path"]?.slice(1))] as Call;
    const current = new NodeCall(call, "server", stream, this.#dice);
    const { record } = current;
    if (this.records.has(call.index)) record.faults.push("it begins a second time");
    this.records.set(call.index, record);
    current.onHeaders(headers, flat);
    this.open += 1;
    stream.once("close", () => {
      this.open -= 1;
      if (this.open === 0) this.#whenIdle();
    });
    current.moved(0);
    if (call.answer !== "after") this.#answer(current, stream);
    stream.once("end", () => {
      if (call.answer === "after") this.#answer(current, stream);
      if (call.answer !== "echo") return;
      current.outgoing.isComplete = true;
      current.send();
    });
  }

  #answer(current: NodeCall, stream: ServerHttp2Stream): void {
    if (stream.destroyed || stream.closed) return;
    const { call, isOnlyHeaders } = current;
    for (const status of call.informational) stream.additionalHeaders({ ":status": status, "x-info": String(status) });
    stream.respond(objectOf({ ":status": call.status }, call.response.fields), {
      endStream: isOnlyHeaders,
      waitForTrailers: call.response.trailers !== undefined,
      sendDate: false,
    } as object);
    if (call.answer === "early") this.#stopRequest(current, stream);
    if (isOnlyHeaders) {
      current.record.sentEnd = true;
      return;
    }
    if (call.answer !== "echo") current.outgoing.fill(call.response);
    current.send();
  }

  /**
   * The rest of the request is not wanted. When Node closes a stream it takes back what has not left, and says nowhere what has: so this
   * waits until the client has all of the answer.
   */
  #stopRequest(current: NodeCall, stream: ServerHttp2Stream): void {
    if (stream.closed || stream.destroyed) return;
    if (this.#isAnswered(current.call)) {
      current.isStopped = !stream.readableEnded;
      stream.close(0);
    } else {
      afterTurns(1, () => this.#stopRequest(current, stream));
    }
  }
}
