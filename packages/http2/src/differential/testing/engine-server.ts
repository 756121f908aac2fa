/** The engine as the server of a story. */
import type { Socket } from "node:net";
import type { HeaderList } from "../../hpack/header-list.js";
import { callOf, EngineEndpoint, type EngineStream, type Fail, regularOf } from "./engine-endpoint.js";
import type { Call, Story } from "./story.js";

export class EngineServer extends EngineEndpoint {
  readonly #whenIdle: () => void;

  /** `whenIdle` is called whenever a call is closed and none is left. */
  constructor(socket: Socket, story: Story, fail: Fail, whenIdle: () => void) {
    super("server", socket, story, fail);
    this.#whenIdle = whenIdle;
  }

  override onClosed(stream: EngineStream): void {
    super.onClosed(stream);
    if (this.connection.openStreams === 0) this.#whenIdle();
  }

  onHeaders(stream: EngineStream, headers: HeaderList): void {
    const call = this.story.calls[Number(headers.get(":path")?.slice(1))] as Call;
    const { record, outgoing } = this.attach(stream, call);
    const { fields, sensitive } = regularOf(headers);
    record.onHeaders(fields, sensitive);
    this.begin(stream);
    if (call.answer !== "echo") outgoing.fill(call.response);
    // The engine takes no more of a request once it has sent the whole answer, so the end of this one waits for that of the request.
    if (call.answer === "parallel") outgoing.isComplete = false;
    if (call.answer !== "after") this.#answer(stream);
  }

  override onEnd(stream: EngineStream): void {
    super.onEnd(stream);
    const { call, outgoing } = callOf(stream);
    if (call.answer === "after") this.#answer(stream);
    if (call.answer !== "echo" && call.answer !== "parallel") return;
    outgoing.isComplete = true;
    this.send(stream);
  }

  #answer(stream: EngineStream): void {
    if (!this.connection.canSendHeaders(stream)) return;
    const { call, outgoing } = callOf(stream);
    const isAll = outgoing.isDone && call.response.trailers === undefined && call.response.endsAtOnce;
    if (this.sendHeaders(stream, [":status", String(call.status)], isAll)) this.send(stream);
  }
}
