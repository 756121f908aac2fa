import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../core/fake-clock.js";
import { RpcError, StatusCode } from "../index.js";
import { aborted, collect, deferred, type ProbeHandlers, type Setup, start } from "./testing/probe.js";

interface ClockedSetup extends Setup {
  readonly clientClock: FakeClock;
  readonly serverClock: FakeClock;
}

/** As `start`, with a clock of its own on each side. */
async function startWithClocks(handlers: Partial<ProbeHandlers>): Promise<ClockedSetup> {
  const clientClock = new FakeClock();
  const serverClock = new FakeClock();
  const setup = await start(handlers, { serverClock, channelClock: clientClock });
  return { ...setup, clientClock, serverClock };
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
