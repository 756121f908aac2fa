/** The client of a chaos story: makes the call that a plan describes, and says how it ended. */
import { getEventListeners } from "node:events";
import { RpcError, StatusCode } from "../../index.js";
import { idle } from "./chaos-handlers.js";
import { type CallPlan, createMessage, messageFault, type NumberedMessage } from "./chaos-plan.js";
import type { CallOptions, ProbeClient } from "./probe.js";

export interface CallEnd {
  readonly status: StatusCode;
  /** Responses that arrived; for a client-streaming call, the requests that its response says the handler took. */
  readonly messages: number;
  /** The caller left the loop of its responses, so there is no status. */
  readonly left: boolean;
}

type Responses = AsyncIterable<NumberedMessage>;

/** The face that calls sent by hand have in common. */
interface SendingCall {
  send(request: NumberedMessage): Promise<void>;
  end(): void;
  cancel(reason?: unknown): void;
}

/** One call on its way. `violations` takes whatever is seen that cannot be. */
export class ChaosCaller {
  readonly #client: ProbeClient;
  readonly #plan: CallPlan;
  readonly #violations: string[];
  readonly #controller = new AbortController();
  #headers = 0;
  #trailers = 0;
  /** What runs beside the awaited end of the call, and must end too. */
  readonly #beside: Promise<void>[] = [];
  #openSources = 0;

  constructor(client: ProbeClient, plan: CallPlan, violations: string[]) {
    this.#client = client;
    this.#plan = plan;
    this.#violations = violations;
  }

  async run(): Promise<CallEnd> {
    const { cancellation } = this.#plan;
    if (cancellation?.how === "signal") {
      if (cancellation.turns < 0) this.#controller.abort();
      else this.#beside.push(idle(cancellation.turns).then(() => this.#controller.abort()));
    }
    const end = await this.#call();
    await Promise.all(this.#beside);
    // A source that is left learns of it when it is asked next.
    await idle(this.#plan.callerIdleTurns + 2);
    if (this.#openSources !== 0) this.#complain("its source of requests was not left");
    if (this.#headers > 1 || this.#trailers > 1) {
      this.#complain(`onHeaders was called ${this.#headers} times and onTrailers ${this.#trailers} times`);
    }
    if (getEventListeners(this.#controller.signal, "abort").length > 0)
      this.#complain("its signal has a listener left");
    return end;
  }

  async #call(): Promise<CallEnd> {
    const { kind, byHand } = this.#plan;
    const options = this.#options();
    switch (kind) {
      case "unary":
        return this.#awaitResponse(this.#client.unary(createMessage(this.#plan, 0), options), (response) => {
          this.#check(0, response);
          return 1;
        });
      case "serverStream":
        return this.#readResponses(this.#client.serverStream(createMessage(this.#plan, 0), options));
      case "clientStream": {
        const count = (response: NumberedMessage): number => response.count;
        if (!byHand) return this.#awaitResponse(this.#client.clientStream(this.#requests(), options), count);
        const call = this.#client.clientStream(undefined, options);
        this.#drive(call);
        return this.#awaitResponse(call.response, count);
      }
      case "bidi": {
        if (!byHand) return this.#readResponses(this.#client.bidi(this.#requests(), options));
        const call = this.#client.bidi(undefined, options);
        this.#drive(call);
        return this.#readResponses(call);
      }
      default:
        return kind satisfies never;
    }
  }

  #options(): CallOptions {
    return {
      metadata: { plan: JSON.stringify(this.#plan) },
      timeoutMs: this.#plan.timeoutMs,
      signal: this.#controller.signal,
      onHeaders: () => {
        this.#headers += 1;
      },
      onTrailers: () => {
        this.#trailers += 1;
      },
    };
  }

  /** Sends by hand, and cancels if that is planned. */
  #drive(call: SendingCall): void {
    const { cancellation } = this.#plan;
    if (cancellation?.how === "cancel()")
      this.#beside.push(idle(cancellation.turns).then(() => call.cancel("as planned")));
    this.#beside.push(this.#send(call));
  }

  async #send(call: SendingCall): Promise<void> {
    const { requests, callerIdleTurns, waitsForRoom } = this.#plan;
    const sends: Promise<void>[] = [];
    try {
      for (let number = 0; number < requests; number++) {
        await idle(callerIdleTurns);
        const sent = call.send(createMessage(this.#plan, number));
        if (waitsForRoom) await sent;
        else sends.push(sent);
      }
      call.end();
      await Promise.all(sends);
    } catch (error) {
      if (!(error instanceof RpcError)) this.#complain(`send failed with ${String(error)}`);
    }
  }

  async *#requests(): AsyncGenerator<NumberedMessage> {
    this.#openSources += 1;
    try {
      for (let number = 0; number < this.#plan.requests; number++) {
        await idle(this.#plan.callerIdleTurns);
        yield createMessage(this.#plan, number);
      }
    } finally {
      this.#openSources -= 1;
    }
  }

  async #awaitResponse<T>(response: Promise<T>, count: (response: T) => number): Promise<CallEnd> {
    try {
      return { status: StatusCode.OK, messages: count(await response), left: false };
    } catch (error) {
      return { status: this.#statusOf(error), messages: 0, left: false };
    }
  }

  async #readResponses(responses: Responses): Promise<CallEnd> {
    const { cancellation, callerIdleTurns } = this.#plan;
    const leaveAfter = cancellation?.how === "leave the loop" ? cancellation.afterMessages : Number.POSITIVE_INFINITY;
    const iterator = responses[Symbol.asyncIterator]();
    let messages = 0;
    let status: StatusCode = StatusCode.OK;
    let left = false;
    try {
      while (!left) {
        await idle(callerIdleTurns);
        left = messages === leaveAfter;
        const next = left ? await iterator.return?.() : await iterator.next();
        if (next === undefined || next.done === true) break;
        this.#check(messages, next.value);
        messages += 1;
      }
    } catch (error) {
      status = this.#statusOf(error);
    }
    const behind = await iterator.next();
    if (behind.done !== true) this.#complain("a message came behind the end of the responses");
    return { status, messages, left };
  }

  #statusOf(error: unknown): StatusCode {
    if (error instanceof RpcError) return error.code;
    this.#complain(`failed with something that is no RpcError: ${String(error)}`);
    return StatusCode.UNKNOWN;
  }

  #check(number: number, message: NumberedMessage): void {
    const fault = messageFault(this.#plan, number, message);
    if (fault !== undefined) this.#complain(`at the client: ${fault}`);
  }

  #complain(text: string): void {
    this.#violations.push(`call ${this.#plan.id}: ${text}`);
  }
}
