/**
 * One call on the server, from its request to its status: it decodes what comes in, runs the handler, sends what the handler
 * gives, and ends the call exactly once. It is also what the handler sees of the call.
 */
import type { DescMethod } from "@bufbuild/protobuf";
import { DeadlineEntry } from "../core/deadline-wheel.js";
import { textOf } from "../core/error-text.js";
import { MessageQueue, type MessageQueueOwner } from "../core/message-queue.js";
import { appendHeaderFields, Metadata, type MetadataInit } from "../core/metadata.js";
import { createRpcErrorWithoutStack, RpcError } from "../core/rpc-error.js";
import type { Peer, ServerCall } from "../core/server-call.js";
import { StatusCode } from "../core/status.js";
import { sendFailure } from "../transport/send-message.js";
import type { ServerReceiver, ServerStream } from "../transport/server-stream.js";
import { trailerFields } from "../wire/response-headers.js";
import type { Method } from "./router.js";

/** What a call needs of its server. */
export interface CallHost {
  setDeadline(call: RunningCall, timeoutMs: number): void;
  clearDeadline(call: RunningCall): void;
  /** A handler has failed with something that its caller is not shown. */
  report(error: unknown, call: ServerCall): void;
  /** The call is over, and so is its handler. */
  onSettled(call: RunningCall): void;
}

/** The handler has not begun; it waits for its turn; it has begun; the call has its status (and the handler may still be running). */
type State = "receiving" | "waiting" | "running" | "ended";

export class RunningCall extends DeadlineEntry implements ServerCall, ServerReceiver, MessageQueueOwner {
  compress = true;
  readonly #stream: ServerStream;
  readonly #method: Method;
  readonly #host: CallHost;
  #state: State = "receiving";
  /** A handler has been called and has not returned. */
  #handlerRuns = false;
  /** The request of a method that takes one. */
  #request: unknown = undefined;
  #hasRequest = false;
  /** The requests that came compressed. */
  #compressed: WeakSet<object> | undefined = undefined;
  /** The requests of a method that takes a stream of them. */
  readonly #requests: MessageQueue<unknown> | undefined;
  #metadata: Metadata | undefined = undefined;
  #trailers: Metadata | undefined = undefined;
  #deadline: Date | undefined = undefined;
  #controller: AbortController | undefined = undefined;
  /** Why the signal has aborted, or would have if somebody had asked for it. */
  #abortReason: RpcError | undefined = undefined;
  /** Wakes a response stream that waits for room, or for the end. */
  #wake: (() => void) | undefined = undefined;
  /** Where the responses come from, to be told when nobody wants them any more. */
  #responses: AsyncIterator<unknown> | undefined = undefined;

  constructor(stream: ServerStream, method: Method, host: CallHost) {
    super();
    this.#stream = stream;
    this.#method = method;
    this.#host = host;
    this.#requests = method.streamsRequests ? new MessageQueue(this) : undefined;
    const timeoutMs = stream.head.timeoutMs;
    if (timeoutMs !== undefined) {
      this.#deadline = new Date(Date.now() + timeoutMs);
      host.setDeadline(this, timeoutMs);
    }
  }

  /** Runs the handler of a method that takes a stream of requests: it need not wait for them. */
  start(): void {
    if (this.#requests !== undefined) this.#run();
  }

  // What the handler sees.

  get method(): DescMethod {
    return this.#method.descriptor;
  }

  get path(): string {
    return this.#stream.head.path;
  }

  get peer(): Peer {
    return this.#stream.peer;
  }

  get deadline(): Date | undefined {
    return this.#deadline;
  }

  get metadata(): Metadata {
    this.#metadata ??= this.#stream.head.metadata();
    return this.#metadata;
  }

  get trailers(): Metadata {
    this.#trailers ??= new Metadata();
    return this.#trailers;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  get compression(): string {
    return this.#stream.compression;
  }

  set compression(name: string) {
    if (this.#stream.headersSent) throw new Error("the compression must be set before the response's headers are sent");
    this.#stream.setCompression(name);
  }

  wasCompressed(request: object): boolean {
    return this.#compressed?.has(request) ?? false;
  }

  sendHeaders(metadata?: MetadataInit): void {
    if (this.#stream.headersSent) throw new Error("the response's headers have been sent already");
    const fields: string[] = [];
    if (metadata !== undefined) appendHeaderFields(metadata, fields);
    this.#stream.sendHeaders(fields);
  }

  // What the transport tells.

  get wantsMore(): boolean {
    return this.#requests === undefined || this.#requests.isEmpty;
  }

  get isFull(): boolean {
    return this.#requests?.isFull ?? false;
  }

  onMessage(buffer: Buffer, start: number, end: number, owedBytes: number): boolean {
    if (this.#state === "ended") return false;
    if (this.#hasRequest) {
      this.fail(StatusCode.UNIMPLEMENTED, `${this.path} takes one request, but a second one was sent`);
      return false;
    }
    let message: unknown;
    try {
      message = this.#method.requestDecoder.decode(buffer, start, end);
    } catch (cause) {
      this.#end(this.#error(StatusCode.INTERNAL, `a request could not be decoded: ${textOf(cause)}`, cause));
      return false;
    }
    if (this.#stream.requestWasCompressed) {
      this.#compressed ??= new WeakSet();
      this.#compressed.add(message as object);
    }
    if (this.#requests !== undefined) {
      // Nobody reads any more: the caller is not to be blocked by that.
      if (!this.#requests.push(message, owedBytes)) this.#stream.credit(owedBytes);
    } else {
      this.#request = message;
      this.#hasRequest = true;
      this.#stream.credit(owedBytes);
    }
    return true;
  }

  onHalfClose(): void {
    if (this.#requests !== undefined) this.#requests.end();
    else if (this.#hasRequest) this.#run();
    else this.fail(StatusCode.UNIMPLEMENTED, `${this.path} takes one request, but none was sent`);
  }

  onRoom(): void {
    this.#wakeUp();
  }

  onFault(error: RpcError): void {
    this.#end(error);
  }

  onGone(error: RpcError): void {
    this.#conclude(error);
  }

  // What its own queue of requests tells.

  onTaken(owedBytes: number): void {
    this.#stream.credit(owedBytes);
  }

  /** The handler reads no further, but may still answer. */
  onAbandoned(): void {}

  override onDeadline(): void {
    this.fail(StatusCode.DEADLINE_EXCEEDED, `${this.path} did not finish within its deadline`);
  }

  /** Ends the call with an error that heddle itself decides on. The handler is told by its signal. */
  fail(code: StatusCode, message: string): void {
    this.#end(this.#error(code, message, undefined));
  }

  #error(code: StatusCode, message: string, cause: unknown): RpcError {
    const origin = { side: "local", peer: this.peer.address, path: this.path } as const;
    return createRpcErrorWithoutStack(code, message, { cause, origin });
  }

  // The handler.

  #run(): void {
    if (this.#state !== "receiving") return;
    if (this.#stream.takeTurn()) this.#runNow();
    else this.#state = "waiting";
  }

  onTurn(): boolean {
    if (this.#state !== "waiting") return false;
    this.#runNow();
    return true;
  }

  #runNow(): void {
    const input = this.#requests ?? this.#request;
    this.#state = "running";
    this.#handlerRuns = true;
    const method = this.#method;
    if (method.responses === "stream") {
      void this.#runStream(method.handler, input);
      return;
    }
    let result: unknown;
    try {
      result = method.handler(input, this);
    } catch (error) {
      this.#settleFailed(error);
      return;
    }
    if (isThenable(result)) void this.#awaitResponse(result);
    else this.#respond(result);
  }

  async #awaitResponse(promise: PromiseLike<unknown>): Promise<void> {
    let response: unknown;
    try {
      response = await promise;
    } catch (error) {
      this.#settleFailed(error);
      return;
    }
    this.#respond(response);
  }

  #respond(response: unknown): void {
    if (this.#mustWait) void this.#respondWithRoom(response);
    else this.#respondNow(response);
  }

  /** The response waits as it is, since its octets would only add to those that wait already. */
  async #respondWithRoom(response: unknown): Promise<void> {
    while (this.#mustWait) await this.#connectionRoom();
    this.#respondNow(response);
  }

  #respondNow(response: unknown): void {
    try {
      this.#send(response);
    } catch (error) {
      this.#settleFailed(error);
      return;
    }
    this.#settle(undefined);
  }

  async #runStream(handler: (input: unknown, call: ServerCall) => unknown, input: unknown): Promise<void> {
    try {
      const source = handler(input, this);
      if (isAsyncIterable(source)) {
        const isComplete = await this.#sendAll(source[Symbol.asyncIterator]());
        if (!isComplete) return;
      } else {
        for (const response of source as Iterable<unknown>) {
          while (this.#mustWait) await this.#connectionRoom();
          if (!this.#send(response)) await this.#room();
          if (this.#state === "ended") break;
        }
      }
    } catch (error) {
      this.#settleFailed(error);
      return;
    }
    this.#settle(undefined);
  }

  /**
   * What `for await` does; but a source that waits when the call ends is left at once, and not when it gives its next response, which
   * may be never. Gives whether the handler has ended; if not, {@link #leave} sees to it.
   */
  async #sendAll(responses: AsyncIterator<unknown>): Promise<boolean> {
    if (this.#hasEnded()) {
      await this.#leave(responses, undefined);
      return false;
    }
    this.#responses = responses;
    for (let next = await responses.next(); next.done !== true; next = await responses.next()) {
      // Who cannot be left has been asked for one response more than anybody wants.
      if (this.#hasEnded()) return responses.return === undefined;
      try {
        while (this.#mustWait) await this.#connectionRoom();
        if (!this.#send(next.value)) await this.#room();
      } catch (error) {
        this.#responses = undefined;
        await this.#leave(responses, error);
        return false;
      }
      if (this.#hasEnded()) return responses.return === undefined;
    }
    return true;
  }

  /** Asked again after each wait, which the compiler does not know to change the state. */
  #hasEnded(): boolean {
    return this.#state === "ended";
  }

  /** Has the source of responses clean up behind itself. Then the handler has ended, with `thrown` if that is why it is left. */
  async #leave(responses: AsyncIterator<unknown>, thrown: unknown): Promise<void> {
    try {
      await responses.return?.();
    } catch (error) {
      this.#settleFailed(thrown ?? error);
      return;
    }
    this.#settle(thrown);
  }

  /** Sends a response. False when there is no room for the next. */
  #send(response: unknown): boolean {
    if (this.#state === "ended") return true;
    try {
      return this.#stream.sendMessage(this.#method.responseEncoder, response, this.compress);
    } catch (cause) {
      throw this.#unsendable(cause);
    }
  }

  #unsendable(cause: unknown): RpcError {
    const { code, message } = sendFailure(cause, "the handler's response");
    const error = this.#error(code, message, cause);
    this.#host.report(error, this);
    return error;
  }

  /** Too much is queued on the connection already. */
  get #mustWait(): boolean {
    return !this.#stream.hasRoom && this.#state !== "ended";
  }

  #connectionRoom(): Promise<void> | undefined {
    this.#stream.awaitRoom();
    return this.#room();
  }

  /** Settles when there is room to send, or when the call is over. */
  #room(): Promise<void> | undefined {
    if (this.#state === "ended") return undefined;
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #settleFailed(thrown: unknown): void {
    // It takes `Promise.reject()` to throw nothing; that must not look like success.
    this.#settle(thrown === undefined ? new Error("the handler failed with undefined") : thrown);
  }

  /** The handler has ended: with its last response sent (`undefined`), or with whatever it threw. */
  #settle(thrown: unknown): void {
    // A source that is left may end by its next response and by having been left.
    if (!this.#handlerRuns) return;
    this.#handlerRuns = false;
    if (this.#state === "ended") {
      // Nobody hears of it any more; an error that only says that the call was stopped is no news either.
      if (thrown !== undefined && !isStopSignal(thrown)) this.#host.report(thrown, this);
      this.#host.onSettled(this);
    } else if (thrown === undefined) {
      this.#finishOk();
    } else {
      this.#end(this.#statusOf(thrown));
    }
    this.#stream.endTurn();
  }

  #finishOk(): void {
    this.#state = "ended";
    this.#host.clearDeadline(this);
    const trailers = this.#trailers;
    this.#stream.finish(trailers === undefined || trailers.size === 0 ? undefined : trailerFields(OK_STATUS, trailers));
    if (this.#requests?.isOpen) this.#requests.fail(this.#error(StatusCode.CANCELLED, "the call has ended", undefined));
    this.#host.onSettled(this);
  }

  /** Only an `RpcError` is meant for the caller; anything else is reported here and hidden there. */
  #statusOf(thrown: unknown): RpcError {
    if (thrown instanceof RpcError) return thrown;
    this.#host.report(thrown, this);
    return this.#error(StatusCode.UNKNOWN, "the handler failed; the server's log has the reason", thrown);
  }

  /** Sends the error as the call's status, and stops the handler if it still runs. */
  #end(error: RpcError): void {
    if (this.#state === "ended") return;
    const fields = trailerFields(error, error.metadata);
    if (this.#trailers !== undefined) appendHeaderFields(this.#trailers, fields);
    this.#stream.finish(fields);
    this.#conclude(error);
  }

  /** The call is over, with an error. */
  #conclude(error: RpcError): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#host.clearDeadline(this);
    this.#requests?.fail(error);
    if (!this.#handlerRuns) {
      this.#host.onSettled(this);
      return;
    }
    this.#abortReason = error;
    this.#controller?.abort(error);
    this.#wakeUp();
    const responses = this.#responses;
    if (responses?.return !== undefined) void this.#leave(responses, undefined);
  }
}

const OK_STATUS = { code: StatusCode.OK, message: "", details: [] } as const;

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** What a handler throws when it was stopped by its signal, or by the end of its requests. */
function isStopSignal(error: unknown): boolean {
  return error instanceof RpcError || (error instanceof Error && error.name === "AbortError");
}
