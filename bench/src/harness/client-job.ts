/**
 * The loop of every client program that runs on Node: so many calls in flight, each worker starting its next call when
 * its last one was answered.
 */
import { createHistogram } from "node:perf_hooks";
import type { ClientResult } from "./client-load.js";
import { echoPayload, GREETING, NAME } from "./messages.js";
import type { ClientJob } from "./peer.js";

// The clock and the histogram cost as much as a tenth of a fast call: only one call in sixteen is timed.
const TIMED_MASK = 15;
const NS_PER_MS = 1e6;

/** A connected client; most stacks' generated clients have this shape already. */
export interface ClientCalls {
  sayHello(request: { name: string }): Promise<{ message: string }>;
  echo(request: { data: Uint8Array }): Promise<{ data: Uint8Array }>;
}

/** Reads the job from the command line, does it, prints its result and ends the process. */
export async function runClientJob(connect: (port: number) => ClientCalls): Promise<never> {
  const job = JSON.parse(process.argv[2] ?? "{}") as ClientJob;
  const call = callOf(job, connect(job.port));
  await new Run(call, job.inFlight, Number.POSITIVE_INFINITY, job.warmupMs).finish();
  process.stdout.write("measuring\n");

  const run = new Run(call, job.inFlight, job.calls || Number.POSITIVE_INFINITY, job.measureMs);
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await run.finish();
  const seconds = (performance.now() - startedAt) / 1e3;
  const cpu = process.cpuUsage(cpuBefore);
  const result: ClientResult = {
    calls: run.done,
    seconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    p50Ms: run.latency.percentile(50) / NS_PER_MS,
    p99Ms: run.latency.percentile(99) / NS_PER_MS,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
  return new Promise(() => undefined);
}

/** One call that throws when its answer is wrong. */
type CheckedCall = { start(): Promise<unknown>; isRight(reply: never): boolean };

function callOf(job: ClientJob, calls: ClientCalls): CheckedCall {
  if (job.call === "echo") {
    const data = echoPayload();
    return {
      start: () => calls.echo({ data }),
      isRight: (reply: { data: Uint8Array }) => reply.data.length === data.length && reply.data.at(-1) === data.at(-1),
    };
  }
  return {
    start: () => calls.sayHello({ name: NAME }),
    isRight: (reply: { message: string }) => reply.message === GREETING,
  };
}

class Run {
  done = 0;
  readonly latency = createHistogram();
  readonly #call: CheckedCall;
  readonly #inFlight: number;
  readonly #limitMs: number;
  #left: number;

  constructor(call: CheckedCall, inFlight: number, calls: number, limitMs: number) {
    this.#call = call;
    this.#inFlight = inFlight;
    this.#limitMs = limitMs;
    this.#left = calls;
  }

  /** Starts the workers and waits for their last answers. */
  async finish(): Promise<void> {
    const limited = this.#left === Number.POSITIVE_INFINITY;
    const timer = limited ? setTimeout(() => (this.#left = 0), this.#limitMs) : undefined;
    await Promise.all(Array.from({ length: this.#inFlight }, () => this.#work()));
    clearTimeout(timer);
  }

  async #work(): Promise<void> {
    while (this.#left-- > 0) {
      const startedAt = (this.done & TIMED_MASK) === 0 ? performance.now() : 0;
      const reply = await this.#call.start();
      if (!this.#call.isRight(reply as never)) throw new Error("the server's answer was wrong");
      this.done++;
      if (startedAt > 0) this.latency.record(Math.max(1, Math.round((performance.now() - startedAt) * NS_PER_MS)));
    }
  }
}
