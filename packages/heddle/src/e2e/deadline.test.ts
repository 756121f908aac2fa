import assert from "node:assert/strict";
import { test } from "node:test";
import { GrpcChannel } from "../client/channel.js";
import { FakeClock } from "../core/fake-clock.js";
import { createClient, RpcError, StatusCode } from "../index.js";
import { nodePlatform } from "../node/node-platform.js";
import { GrpcServer } from "../server/server.js";
import { Probe } from "./testing/gen/probe_pb.js";
import {
  aborted,
  closeLater,
  collect,
  deferred,
  echo,
  type ProbeClient,
  type ProbeHandlers,
  start,
} from "./testing/probe.js";
import { frame, headersFrame, RawClient, requestFields } from "./testing/raw-client.js";

interface ClockedSetup {
  readonly client: ProbeClient;
  readonly clientClock: FakeClock;
  readonly serverClock: FakeClock;
  readonly port: number;
}

/** As `start`, with a clock of its own on each side. */
async function startWithClocks(handlers: Partial<ProbeHandlers>): Promise<ClockedSetup> {
  const clientClock = new FakeClock();
  const serverClock = new FakeClock();
  const server = new GrpcServer({ ...nodePlatform, clock: serverClock }, {});
  server.add(Probe, { ...echo, ...handlers });
  const { address, port } = await server.listen("127.0.0.1:0");
  const channel = new GrpcChannel({ ...nodePlatform, clock: clientClock }, address, {});
  closeLater(async () => {
    await channel.close();
    await server.shutdown({ graceMs: 0 });
  });
  return { client: createClient(Probe, channel), clientClock, serverClock, port };
}

test("a call that takes too long fails with DEADLINE_EXCEEDED, says what it waited for, and stops the handler", async () => {
  const running = deferred();
  const stopped = deferred<unknown>();
  const { client, clientClock } = await startWithClocks({
    async unary(_request, call) {
      running.resolve();
      stopped.resolve(await aborted(call.signal));
      return {};
    },
  });
  const call = client.unary({}, { timeoutMs: 5_000 });
  await running.promise;
  clientClock.advance(4_999);
  clientClock.advance(20);
  await assert.rejects(call, (error: RpcError) => {
    assert.equal(error.code, StatusCode.DEADLINE_EXCEEDED);
    assert.match(error.message, /waited for the response headers/);
    assert.equal(error.origin?.side, "local");
    return true;
  });
  assert.ok((await stopped.promise) instanceof RpcError);
});

test("the handler sees the deadline, and none when the caller set none", async () => {
  const seen: (Date | undefined)[] = [];
  const { client } = await start({
    unary(_request, call) {
      seen.push(call.deadline);
      return {};
    },
  });
  const before = Date.now();
  await client.unary({}, { timeoutMs: 60_000 });
  await client.unary({}, { deadline: new Date(before + 30_000) });
  await client.unary({}, { timeoutMs: 60_000, deadline: before + 10_000 });
  await client.unary({});
  const distances = seen.map((deadline) =>
    deadline === undefined ? undefined : Math.round((deadline.getTime() - before) / 5_000),
  );
  assert.deepEqual(distances, [12, 6, 2, undefined]);
});

test("the server keeps the deadline by itself when the client does not", async () => {
  const running = deferred();
  const stopped = deferred<unknown>();
  const { port, serverClock } = await startWithClocks({
    async unary(_request, call) {
      running.resolve();
      stopped.resolve(await aborted(call.signal));
      return {};
    },
  });
  const raw = await RawClient.connect(port);
  raw.write(headersFrame(1, requestFields("Unary", { "grpc-timeout": "250m" })), frame(0, 1, 1, [0, 0, 0, 0, 0]));
  await running.promise;
  serverClock.advance(270);
  assert.equal((await raw.lastBlock(1))["grpc-status"], "4");
  const reason = await stopped.promise;
  assert.ok(reason instanceof RpcError && reason.code === StatusCode.DEADLINE_EXCEEDED);
});

test("a deadline that has passed already fails locally, and nothing is sent", async () => {
  let calls = 0;
  const { client } = await start({
    unary() {
      calls += 1;
      return {};
    },
  });
  await assert.rejects(client.unary({}, { timeoutMs: 0 }), { code: StatusCode.DEADLINE_EXCEEDED });
  await assert.rejects(client.unary({}, { timeoutMs: -5 }), { code: StatusCode.DEADLINE_EXCEEDED });
  await assert.rejects(client.unary({}, { deadline: new Date(0) }), { code: StatusCode.DEADLINE_EXCEEDED });
  await client.unary({});
  assert.equal(calls, 1);
});

test("a timeout that is not a number is a TypeError", async () => {
  const { client } = await start();
  await assert.rejects(client.unary({}, { timeoutMs: Number.NaN }), TypeError);
  await assert.rejects(client.unary({}, { deadline: new Date("never") }), TypeError);
});

test("a streaming call's deadline ends the iteration, after the messages that came before it", async () => {
  const { client, clientClock } = await startWithClocks({
    async *serverStream(_request, call) {
      yield { count: 1 };
      await aborted(call.signal);
    },
  });
  const replies = client.serverStream({}, { timeoutMs: 100 })[Symbol.asyncIterator]();
  assert.equal((await replies.next()).value?.count, 1);
  const next = replies.next();
  clientClock.advance(120);
  await assert.rejects(next, { code: StatusCode.DEADLINE_EXCEEDED });
});

test("a call that ends in time leaves no timer behind", async () => {
  const { client, clientClock, serverClock } = await startWithClocks({});
  await client.unary({}, { timeoutMs: 10_000 });
  await collect(client.serverStream({ count: 2 }, { timeoutMs: 10_000 }));
  clientClock.advance(60_000);
  serverClock.advance(60_000);
  assert.equal(clientClock.pendingTimers, 0);
  // The server's connection has one of its own, for the case that nobody uses it for an hour.
  assert.equal(serverClock.pendingTimers, 1);
});

test("AbortSignal.timeout() fails the call with DEADLINE_EXCEEDED", async () => {
  const { client } = await start({ unary: (_request, call) => aborted(call.signal).then(() => ({})) });
  await assert.rejects(client.unary({}, { signal: AbortSignal.timeout(5) }), { code: StatusCode.DEADLINE_EXCEEDED });
});
