/** Calls whose response is one message: the promise of it, whatever the request consists of. */
import type { CallOptions } from "../core/call-options.js";
import type { RpcError } from "../core/rpc-error.js";
import { StatusCode } from "../core/status.js";
import type { ClientStream } from "../transport/client-stream.js";
import { ClientCall } from "./client-call.js";
import type { ClientMethod } from "./client-method.js";
import { RequestSender } from "./request-sender.js";

/** A call that settles with its only response, or with an `RpcError`. */
abstract class SingleResponseCall extends ClientCall {
  readonly #resolve: (response: unknown) => void;
  readonly #reject: (error: RpcError) => void;
  #response: unknown = undefined;
  #hasResponse = false;

  constructor(
    method: ClientMethod,
    options: CallOptions | undefined,
    resolve: (response: unknown) => void,
    reject: (error: RpcError) => void,
  ) {
    super(method, options);
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get wantsMore(): boolean {
    return true;
  }

  get isFull(): boolean {
    return false;
  }

  protected onResponse(message: unknown, owedBytes: number): boolean {
    if (this.#hasResponse) {
      this.giveUp(StatusCode.UNIMPLEMENTED, "the server sent a second response to a call that has one");
      return false;
    }
    this.#response = message;
    this.#hasResponse = true;
    this.stream?.credit(owedBytes);
    return true;
  }

  protected onSettled(error: RpcError | undefined): void {
    if (error !== undefined) this.#reject(error);
    else if (this.#hasResponse) this.#resolve(this.#response);
    else this.#reject(this.localError(StatusCode.UNIMPLEMENTED, "the server answered OK, but sent no response"));
  }
}

/** One request, one response. */
export class UnaryCall extends SingleResponseCall {
  readonly #request: unknown;

  constructor(
    method: ClientMethod,
    request: unknown,
    options: CallOptions | undefined,
    resolve: (response: unknown) => void,
    reject: (error: RpcError) => void,
  ) {
    super(method, options, resolve, reject);
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

/** A stream of requests, one response. */
export class ClientStreamingCallState extends SingleResponseCall {
  readonly sender: RequestSender;

  constructor(
    method: ClientMethod,
    options: CallOptions | undefined,
    resolve: (response: unknown) => void,
    reject: (error: RpcError) => void,
  ) {
    super(method, options, resolve, reject);
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

  /** Cancels on the caller's behalf. */
  cancel(reason: unknown): void {
    this.cancelBy(reason);
  }

  protected override onSettled(error: RpcError | undefined): void {
    super.onSettled(error);
    this.sender.close(error);
  }
}
