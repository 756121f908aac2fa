/**
 * A program for a process of its own, run with `--expose-gc`: the same work twice, and how much the heap has grown from the end
 * of the first half to the end of the second. It writes its findings as JSON; see `leaks.test.ts` for what they must be.
 */
import { getEventListeners } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { createChannel, createClient, createServer } from "../../index.js";
import { FaultyProxy } from "./faulty-proxy.js";
import { Probe } from "./gen/probe_pb.js";
import type { ProbeClient } from "./probe.js";
import { Random } from "./random.js";

/** What was found. */
export interface LeakFindings {
  /** Octets that the heap has grown by in the second half of the work. */
  readonly grownBytes: number;
  /** Listeners on the one signal that all unary calls were given. */
  readonly listeners: number;
  /** Handlers that have not ended. */
  readonly runningHandlers: number;
  /** What keeps the process alive after everything was closed. */
  readonly resources: readonly string[];
  /** Calls of each sort that ended as they were meant to. */
  readonly calls: { unary: number; left: number; cancelled: number; lost: number };
}

const BATCH = 100;
const calls = { unary: 0, left: 0, cancelled: 0, lost: 0 };
const { signal } = new AbortController();
let runningHandlers = 0;

async function tracked<T>(work: Promise<T>): Promise<T> {
  runningHandlers += 1;
  try {
    return await work;
  } finally {
    runningHandlers -= 1;
  }
}

/** Settles, with the signal's reason as its error, when the call is given up. */
function untilAborted(callSignal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    callSignal.addEventListener("abort", () => reject(callSignal.reason), { once: true }),
  );
}

async function inBatches(count: number, call: () => Promise<void>): Promise<void> {
  for (let done = 0; done < count; done += BATCH) await Promise.all(Array.from({ length: BATCH }, call));
}

async function callUnary(client: ProbeClient): Promise<void> {
  await client.unary({ text: "a", data: new Uint8Array(100) }, { signal, timeoutMs: 60_000 });
  calls.unary += 1;
}

async function leaveStream(client: ProbeClient): Promise<void> {
  for await (const _ of client.serverStream({ count: 1_000_000 }, { signal })) break;
  calls.left += 1;
}

async function cancel(client: ProbeClient): Promise<void> {
  const controller = new AbortController();
  const call = client.unary({ text: "hang" }, { signal: controller.signal, timeoutMs: 60_000 });
  await turn();
  controller.abort();
  await call.catch(() => {
    calls.cancelled += 1;
  });
}

/** A batch of calls on one connection, which is reset as soon as they have all reached the server. */
async function loseConnection(client: ProbeClient, proxy: FaultyProxy): Promise<void> {
  const lost = Array.from({ length: BATCH }, async () => {
    await client.unary({ text: "hang" }).catch(() => {
      calls.lost += 1;
    });
  });
  while (runningHandlers < BATCH) await turn();
  proxy.resetAll();
  await Promise.all(lost);
  await proxy.heal();
  while (runningHandlers > 0) await turn();
}

async function main(): Promise<LeakFindings> {
  const server = createServer().add(Probe, {
    unary: (request, call) => (request.text === "hang" ? tracked(untilAborted(call.signal)) : { text: request.text }),
    *serverStream(request) {
      for (let count = 0; count < request.count; count++) yield { count };
    },
    clientStream: () => ({}),
    bidi: () => [],
  });
  const { address, port } = await server.listen("127.0.0.1:0");
  const channel = createChannel(address);
  const client = createClient(Probe, channel);
  const proxy = await FaultyProxy.start(port, new Random(1));
  const proxiedChannel = createChannel(proxy.address);
  const proxiedClient = createClient(Probe, proxiedChannel);

  const half = async (): Promise<void> => {
    await inBatches(50_000, () => callUnary(client));
    await inBatches(1_000, () => leaveStream(client));
    await inBatches(1_000, () => cancel(client));
    while (runningHandlers > 0) await turn();
    for (let connection = 0; connection < 3; connection++) await loseConnection(proxiedClient, proxy);
  };
  await half();
  const beforeBytes = await heapBytes();
  await half();
  const grownBytes = (await heapBytes()) - beforeBytes;

  const listeners = getEventListeners(signal, "abort").length;
  await Promise.all([channel.close(), proxiedChannel.close()]);
  await server.shutdown();
  await proxy.close();
  for (let turns = 0; turns < 20; turns++) await turn();
  return { grownBytes, listeners, runningHandlers, resources: resourcesLeft(), calls };
}

/** The heap in use behind two collections: the second one takes what the finalizers of the first have let go. */
async function heapBytes(): Promise<number> {
  for (let collections = 0; collections < 2; collections++) {
    await turn();
    gc?.();
  }
  return process.memoryUsage().heapUsed;
}

/** Without the pipe or file that is this program's standard output. */
function resourcesLeft(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => !OUTPUT_KINDS.has(kind));
}

const OUTPUT_KINDS: ReadonlySet<string> = new Set(["PipeWrap", "TTYWrap"]);

process.stdout.write(JSON.stringify(await main()));
