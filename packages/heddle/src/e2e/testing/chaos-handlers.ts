/** The server of a chaos story: handlers that do what the plan in their request's metadata says, and note what cannot be. */
import { RpcError, type ServerCall, StatusCode } from "../../index.js";
import { type CallPlan, createMessage, messageFault, type NumberedMessage } from "./chaos-plan.js";
import { aborted, type ProbeHandlers, turn } from "./probe.js";

export class ChaosHandlers {
  /** Handlers that have begun and not ended. */
  running = 0;
  ended = 0;
  readonly handlers: ProbeHandlers = {
    unary: (request, call) => this.#unary(request, call),
    serverStream: (request, call) => this.#serverStream(request, call),
    clientStream: (requests, call) => this.#clientStream(requests, call),
    bidi: (requests, call) => this.#bidi(requests, call),
  };
  readonly #violations: string[];
  readonly #seen = new Set<number>();

  constructor(violations: string[]) {
    this.#violations = violations;
  }

  async #unary(request: NumberedMessage, call: ServerCall): Promise<NumberedMessage> {
    const plan = this.#begin(call);
    try {
      this.#check(plan, 0, request);
      await idle(plan.handlerIdleTurns);
      await end(plan, call);
      return createMessage(plan, 0);
    } finally {
      this.#end();
    }
  }

  async *#serverStream(request: NumberedMessage, call: ServerCall): AsyncGenerator<NumberedMessage> {
    const plan = this.#begin(call);
    try {
      this.#check(plan, 0, request);
      for (let number = 0; number < Math.min(plan.responses, plan.handlerStopsAfter); number++) {
        await idle(plan.handlerIdleTurns);
        yield createMessage(plan, number);
      }
      await end(plan, call);
    } finally {
      this.#end();
    }
  }

  async #clientStream(requests: AsyncIterable<NumberedMessage>, call: ServerCall): Promise<Partial<NumberedMessage>> {
    const plan = this.#begin(call);
    try {
      let number = 0;
      for await (const _ of this.#take(requests, plan)) number += 1;
      await end(plan, call);
      return { count: number };
    } finally {
      this.#end();
    }
  }

  async *#bidi(requests: AsyncIterable<NumberedMessage>, call: ServerCall): AsyncGenerator<NumberedMessage> {
    const plan = this.#begin(call);
    try {
      let number = 0;
      for await (const _ of this.#take(requests, plan)) yield createMessage(plan, number++);
      await end(plan, call);
    } finally {
      this.#end();
    }
  }

  /** The requests that the plan lets the handler read, each of them checked. */
  async *#take(requests: AsyncIterable<NumberedMessage>, plan: CallPlan): AsyncGenerator<NumberedMessage> {
    let number = 0;
    const iterator = requests[Symbol.asyncIterator]();
    while (number < plan.handlerStopsAfter) {
      await idle(plan.handlerIdleTurns);
      const next = await iterator.next();
      if (next.done === true) {
        if (number !== plan.requests) {
          this.#violations.push(`call ${plan.id}: the requests ended in order after ${number} of ${plan.requests}`);
        }
        return;
      }
      this.#check(plan, number, next.value);
      number += 1;
      yield next.value;
    }
  }

  #begin(call: ServerCall): CallPlan {
    this.running += 1;
    const plan = JSON.parse(call.metadata.get("plan") ?? "") as CallPlan;
    if (this.#seen.has(plan.id)) this.#violations.push(`call ${plan.id} reached its handler twice`);
    this.#seen.add(plan.id);
    return plan;
  }

  #end(): void {
    this.running -= 1;
    this.ended += 1;
  }

  #check(plan: CallPlan, number: number, message: NumberedMessage): void {
    const fault = messageFault(plan, number, message);
    if (fault !== undefined) this.#violations.push(`call ${plan.id}, at the server: ${fault}`);
  }
}

/** Ends as planned, by returning or by throwing. */
async function end(plan: CallPlan, call: ServerCall): Promise<void> {
  if (plan.ending === "status") throw new RpcError(StatusCode.FAILED_PRECONDITION, "as planned");
  if (plan.ending === "crash") throw new Error("as planned");
  if (plan.ending === "hang") throw await aborted(call.signal);
}

/** Lets turns of the event loop pass. */
export async function idle(turns: number): Promise<void> {
  for (let passed = 0; passed < turns; passed++) await turn();
}
