/**
 * The cases that repeat large_unary for as long as the flags say: on one channel, or each time on a new one.
 *
 * An iteration fails when its call fails or takes too long. How many may fail is a flag too; what is not done when the whole time
 * is over makes the case fail. Every iteration is reported to stderr.
 */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { type Channel, createClient } from "heddle";
import { TestService } from "../../gen/grpc/testing/test_pb.js";
import { checkPayload, type Session, zeros } from "./client-case.js";

export const soakCases = {
  rpc_soak: (session: Session) => soak(session, async () => session.channel),
  channel_soak: (session: Session) => soak(session, renewing(session)),
};

/** Gives the channel of the next iteration of a thread; `last` is that of the one before. */
type ChannelSource = (last: Channel | undefined) => Promise<Channel>;

interface Results {
  /** Of the iterations that succeeded, in milliseconds. */
  readonly latenciesMs: number[];
  failures: number;
}

function renewing(session: Session): ChannelSource {
  return async (last) => {
    await last?.close();
    return session.openChannel();
  };
}

async function soak(session: Session, channelFor: ChannelSource): Promise<void> {
  const { iterations, threads, maxFailures, overallTimeoutMs } = session.flags.soak;
  const results: Results = { latenciesMs: [], failures: 0 };
  const deadline = Date.now() + overallTimeoutMs;
  await Promise.all(
    Array.from({ length: threads }, (_, index) => runThread(session, index, channelFor, deadline, results)),
  );

  const done = results.latenciesMs.length + results.failures;
  console.error(
    `soak: ${done} of ${iterations} iterations, ${results.failures} failed; ${summary(results.latenciesMs)}`,
  );
  assert.equal(done, iterations, `the iterations that were done within ${overallTimeoutMs} ms`);
  assert.ok(results.failures <= maxFailures, `${results.failures} iterations failed; at most ${maxFailures} may`);
}

/** One thread's share of the iterations, one after the other. */
async function runThread(
  session: Session,
  thread: number,
  channelFor: ChannelSource,
  deadline: number,
  results: Results,
): Promise<void> {
  const { iterations, threads, minTimeBetweenRpcsMs } = session.flags.soak;
  let channel: Channel | undefined;
  for (let iteration = 0; iteration < iterations / threads && Date.now() < deadline; iteration++) {
    const earliestNext = delay(minTimeBetweenRpcsMs);
    channel = await channelFor(channel);
    await runIteration(session, channel, deadline, `thread ${thread}, iteration ${iteration}`, results);
    await earliestNext;
  }
}

async function runIteration(
  session: Session,
  channel: Channel,
  deadline: number,
  name: string,
  results: Results,
): Promise<void> {
  const { maxLatencyMs, requestBytes, responseBytes } = session.flags.soak;
  const client = createClient(TestService, channel);
  const request = { responseSize: responseBytes, payload: zeros(requestBytes) };
  const start = performance.now();
  try {
    const { payload } = await client.unaryCall(request, session.call({ deadline }));
    const latencyMs = performance.now() - start;
    checkPayload(payload, responseBytes);
    assert.ok(latencyMs <= maxLatencyMs, `it took ${latencyMs.toFixed(1)} ms; it may take ${maxLatencyMs} ms`);
    results.latenciesMs.push(latencyMs);
    console.error(`${name}: ${latencyMs.toFixed(1)} ms`);
  } catch (error) {
    results.failures++;
    console.error(`${name} to ${channel.target} failed: ${(error as Error).message}`);
  }
}

function summary(latenciesMs: readonly number[]): string {
  if (latenciesMs.length === 0) return "no latencies";
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(1);
  return `latency in ms: median ${at(0.5)}, 90th percentile ${at(0.9)}, worst ${at(1)}`;
}
