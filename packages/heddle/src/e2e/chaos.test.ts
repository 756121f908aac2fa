/**
 * Random stories over a bad network: some hundred calls of every kind, each with its own plan of sizes, deadlines, cancellations
 * and endings, through a proxy that cuts, delays and breaks connections. Whatever happens, each call has one end that is
 * possible for its plan, messages arrive whole and in order, and nothing is left behind.
 *
 * Each story follows from its seed, as far as the system's network does. `CHAOS_RUNS=500` runs more of them, and `CHAOS_SEED`
 * says where to begin.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createChannel, createClient, createServer, StatusCode, statusName } from "../index.js";
import { type CallEnd, ChaosCaller } from "./testing/chaos-caller.js";
import { ChaosHandlers } from "./testing/chaos-handlers.js";
import { type CallPlan, planCall, plannedMessages, plannedStatus, possibleStatuses } from "./testing/chaos-plan.js";
import { type Direction, type Fault, FaultyProxy } from "./testing/faulty-proxy.js";
import { Probe } from "./testing/gen/probe_pb.js";
import { closeLater, turn } from "./testing/probe.js";
import { Random } from "./testing/random.js";

const RUNS = Number(process.env.CHAOS_RUNS ?? 8);
const FIRST_SEED = Number(process.env.CHAOS_SEED ?? 1);
const STORY_LIMIT_MS = 20_000;

const FAULTS: readonly Fault[] = ["reset", "half-close", "destroy"];
const DIRECTIONS: readonly Direction[] = ["to the server", "to the client"];

/** Windows of the streams: the protocol's own, one that is smaller than most messages, and one that is larger. */
const WINDOWS = [undefined, 5_000, 1_048_576] as const;

const unexpected: unknown[] = [];
process.on("unhandledRejection", (reason) => unexpected.push(reason));
process.on("uncaughtExceptionMonitor", (error) => unexpected.push(error));

for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
  for (const withFaults of [false, true]) {
    const network = withFaults ? "connections that break" : "a network that only delays";
    test(
      `calls over ${network} end as they can, and leave nothing (CHAOS_SEED=${seed})`,
      {
        timeout: STORY_LIMIT_MS,
      },
      () => tellStory(seed, withFaults),
    );
  }
}

async function tellStory(seed: number, withFaults: boolean): Promise<void> {
  const random = new Random(seed * 2 + Number(withFaults));
  const violations: string[] = [];
  const chaos = new ChaosHandlers(violations);
  const server = createServer({
    maxConcurrentCalls: random.pick([undefined, 7]),
    streamWindowBytes: random.pick(WINDOWS),
    onHandlerError: (error) => {
      if (!(error instanceof Error && error.message === "as planned")) violations.push(`reported: ${String(error)}`);
    },
  }).add(Probe, chaos.handlers);
  const { port } = await server.listen("127.0.0.1:0");
  const proxy = await FaultyProxy.start(port, random);
  const channel = createChannel(proxy.address, { streamWindowBytes: random.pick(WINDOWS) });
  const client = createClient(Probe, channel);
  closeLater(async () => {
    await channel.close();
    await server.shutdown({ graceMs: 0 });
  });

  const plans = Array.from({ length: 250 }, (_, id) => planCall(id, random));
  await runAll(plans, random.integer(1, 40), async (plan) => {
    if (withFaults && plan.id % 30 === 0) {
      proxy.arm(random.pick(FAULTS), random.pick(DIRECTIONS), random.integer(0, 200_000));
    }
    const end = await new ChaosCaller(client, plan, violations).run();
    violations.push(...endFaults(plan, end, withFaults));
  });
  if (withFaults) assert.ok(proxy.faults > 0, "no connection was broken");
  else assert.equal(proxy.connections, 1);

  await proxy.heal();
  await until(() => chaos.running === 0);
  const fresh = await client.unary({ text: "1000000/0" }, { metadata: { plan: JSON.stringify(FRESH) } }).catch(String);
  assert.ok(typeof fresh === "object", `a fresh call fails: ${String(fresh)}`);

  await channel.close();
  const shutdownStartMs = performance.now();
  await server.shutdown();
  const shutdownMs = performance.now() - shutdownStartMs;
  assert.ok(shutdownMs < 5_000, `the shutdown waited ${shutdownMs} ms for calls that had ended`);
  await proxy.close();
  await until(() => proxy.openConnections === 0 && openSockets() === 0);
  violations.push(...unexpected.splice(0).map((error) => `nobody caught ${String(error)}`));
  assert.deepEqual(violations, []);
}

const FRESH: CallPlan = {
  id: 1_000_000,
  kind: "unary",
  requests: 1,
  responses: 1,
  handlerStopsAfter: 1,
  ending: "ok",
  handlerIdleTurns: 0,
  callerIdleTurns: 0,
  byHand: false,
  waitsForRoom: true,
  largestBytes: 0,
  timeoutMs: undefined,
  cancellation: undefined,
};

/** What is wrong with the end of a call. */
function endFaults(plan: CallPlan, end: CallEnd, withFaults: boolean): string[] {
  const faults: string[] = [];
  const possible = possibleStatuses(plan, withFaults);
  if (!end.left && !possible.includes(end.status)) {
    const names = possible.map(statusName).join(", ");
    faults.push(`ended with ${statusName(end.status)}; possible are ${names}`);
  }
  // Responses come before the status that the handler ends with, whichever it is.
  const single = plan.kind === "unary" || plan.kind === "clientStream";
  const complete = end.status === StatusCode.OK || (!single && !withFaults && end.status === plannedStatus(plan));
  if (!end.left && complete && end.messages !== plannedMessages(plan)) {
    faults.push(`ended with ${statusName(end.status)} after ${end.messages} of ${plannedMessages(plan)} messages`);
  }
  return faults.map((fault) => `call ${plan.id} ${fault}: ${JSON.stringify(plan)}`);
}

/** Runs a task for each plan, a few at a time. */
async function runAll(
  plans: readonly CallPlan[],
  atATime: number,
  task: (plan: CallPlan) => Promise<void>,
): Promise<void> {
  const rest = plans.values();
  const worker = async (): Promise<void> => {
    for (const plan of rest) await task(plan);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}

/** Lets turns pass until something holds; the test's time limit is the limit. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

/** Sockets of this process, listening ones too. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap" || kind === "TCPServerWrap").length;
}
