/** Calls whose response is a stream of messages: an async iterable of them, whatever the request consists of. */
import type { CallOptions } from "../core/call-options.js";
import { MessageQueue, type MessageQueueOwner } from "../core/message-queue.js";
import type { RpcError } from "../core/rpc-error.js";
import { StatusCode } from "../core/status.js";
import type { ClientStream } from "../transport/client-stream.js";
import { ClientCall } from "./client-call.js";
import type { ClientMethod } from "./client-method.js";
import { RequestSender } from "./request-sender.js";

/** A call whose responses wait in a queue to be read. Leaving the iteration early cancels it. */
abstract class StreamingResponseCall extends ClientCall implements MessageQueueOwner {
  readonly responses: MessageQueue<unknown>;

  constructor(method: ClientMethod, options: CallOptions | undefined) {
    super(method, options);
    this.responses = new MessageQueue(this);
  }

  get wantsMore(): boolean {
    return this.responses.isEmpty;
  }

  get isFull(): boolean {
    return this.responses.isFull;
  }

  onTaken(owedBytes: number): void {
    this.stream?.credit(owedBytes);
  }

  onAbandoned(): void {
    this.giveUp(StatusCode.CANCELLED, "the responses were not read to their end");
  }

  /** Cancels on the caller's behalf. */
  cancel(reason: unknown): void {
    this.cancelBy(reason);
  }

  protected onResponse(message: unknown, owedBytes: number): boolean {
    return this.responses.push(message, owedBytes);
  }

  protected onSettled(error: RpcError | undefined): void {
    if (error === undefined) this.responses.end();
    else this.responses.fail(error);
  }
}

/** One request, a stream of responses. */
export class ServerStreamingCallState extends StreamingResponseCall {
  readonly #request: unknown;

  constructor(method: ClientMethod, request: unknown, options: CallOptions | undefined) {
    super(method, options);
    this.#request = request;
    this.start();
  }

  onOpen(stream: ClientStream): void {
    this.opened(stream);
    try {
      stream.sendMessage(this.method.requestEncoder, this.#request, true, true);
    } catch (cause) {
      this.giveUpUnsent(cause);
    }
  }

  onRoom(): void {}
}

/** A stream of requests, a stream of responses. */
export class BidiStreamingCallState extends StreamingResponseCall {
  readonly sender: RequestSender;

  constructor(method: ClientMethod, options: CallOptions | undefined) {
    super(method, options);
    this.sender = new RequestSender(method.requestEncoder);
    this.start();
  }

  onOpen(stream: ClientStream): void {
    this.opened(stream);
    this.sender.open(stream);
  }

  onRoom(): void {
    this.sender.onRoom();
  }

  protected override onSettled(error: RpcError | undefined): void {
    super.onSettled(error);
    this.sender.close(error);
  }
}
