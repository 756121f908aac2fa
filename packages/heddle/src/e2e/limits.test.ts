import assert from "node:assert/strict";
import { test } from "node:test";
import { createChannel, createServer, type RpcError, StatusCode } from "../index.js";
import { aborted, collect, deferred, start, turn, untilQuiet } from "./testing/probe.js";

const MIB = 1_048_576;

test("handlers of calls that were given up hold their turns: later calls wait, and start when one has ended", async () => {
  const started: string[] = [];
  const release = deferred();
  const { client } = await start(
    {
      async unary(request, call) {
        started.push(request.text);
        if (request.text.startsWith("stuck")) {
          await aborted(call.signal);
          await release.promise; // looks away from its signal for a while
        }
        return { text: request.text };
      },
    },
    { server: { maxConcurrentCalls: 2 } },
  );
  const controller = new AbortController();
  const stuck = ["stuck 1", "stuck 2"].map((text) => client.unary({ text }, { signal: controller.signal }));
  while (started.length < 2) await turn();
  controller.abort();
  for (const call of stuck) await assert.rejects(call, { code: StatusCode.CANCELLED });
  const waiting = [client.unary({ text: "later 1" }), client.unary({ text: "later 2" })];
  await untilQuiet(() => started.length);
  assert.deepEqual(started, ["stuck 1", "stuck 2"]);
  release.resolve();
  assert.deepEqual(
    (await Promise.all(waiting)).map((reply) => reply.text),
    ["later 1", "later 2"],
  );
});

test("a call that waits for its turn keeps its deadline, and its handler is never started", async () => {
  const started: string[] = [];
  const release = deferred();
  const { client } = await start(
    {
      async unary(request) {
        started.push(request.text);
        await release.promise;
        return {};
      },
    },
    { server: { maxConcurrentCalls: 1 } },
  );
  const controller = new AbortController();
  const stuck = client.unary({ text: "stuck" }, { signal: controller.signal });
  while (started.length === 0) await turn();
  controller.abort();
  await assert.rejects(stuck, { code: StatusCode.CANCELLED });
  await assert.rejects(client.unary({ text: "late" }, { timeoutMs: 50 }), { code: StatusCode.DEADLINE_EXCEEDED });
  // The server has heard of it, too, before the turn comes.
  await untilQuiet(() => started.length);
  release.resolve();
  await client.unary({ text: "next" });
  assert.deepEqual(started, ["stuck", "next"]);
});

test("far more than the connection may queue arrives all the same, streams and single responses alike", async () => {
  const data = new Uint8Array(MIB).fill(7);
  const { client } = await start(
    {
      unary: () => ({ data }),
      *serverStream() {
        for (let count = 0; count < 10; count++) yield { data, count };
      },
    },
    { server: { http2: { maxQueuedBytes: MIB } } },
  );
  const unary = Array.from({ length: 20 }, () => client.unary({}));
  const streams = Array.from({ length: 4 }, () => collect(client.serverStream({})));
  for (const reply of await Promise.all(unary)) assert.equal(reply.data.length, MIB);
  for (const replies of await Promise.all(streams)) {
    assert.deepEqual(
      replies.map((reply) => reply.count),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
  }
});

test("a client that has too much queued begins no call until there is room, and none is lost", async () => {
  const data = new Uint8Array(MIB);
  const { client } = await start(
    { unary: (request) => ({ count: request.data.length }) },
    { channel: { http2: { maxQueuedBytes: MIB } } },
  );
  const replies = await Promise.all(Array.from({ length: 30 }, () => client.unary({ data })));
  assert.ok(replies.every((reply) => reply.count === MIB));
});

test("a limit that is exceeded by the caller's own messages is told to the caller with the option's name", async () => {
  const { client } = await start({}, { server: { http2: { maxHeaderListBytes: 1000 } } });
  await assert.rejects(client.unary({}, { metadata: { long: "x".repeat(2000) } }), {
    code: StatusCode.RESOURCE_EXHAUSTED,
  });
  await client.unary({});
});

test("a budget that is used up ends the connection, the calls on it say why, and the next call connects anew", async () => {
  const { client } = await start(
    {
      async unary(request, call) {
        if (request.text === "wait") await aborted(call.signal);
        return {};
      },
    },
    { server: { http2: { resetBudget: { burst: 5, perSecond: 0 } } } },
  );
  const bystander = client.unary({ text: "wait" });
  const failure = assert.rejects(bystander, (error: RpcError) => {
    assert.equal(error.code, StatusCode.UNAVAILABLE);
    assert.match(error.message, /ENHANCE_YOUR_CALM.*resetBudget/);
    return true;
  });
  for (let i = 0; i < 6; i++) {
    const controller = new AbortController();
    const call = client.unary({ text: "wait" }, { signal: controller.signal });
    for (let turns = 0; turns < 20; turns++) await turn();
    controller.abort();
    await assert.rejects(call);
  }
  await failure;
  await client.unary({});
});

test("options out of range are errors of createServer and createChannel that name the option", () => {
  assert.throws(() => createServer({ http2: { maxFrameBytes: 1 } }), {
    name: "RangeError",
    message: /^maxFrameBytes is 1;/,
  });
  assert.throws(() => createServer({ maxConcurrentCalls: -1 }), { name: "RangeError", message: /maxConcurrent/ });
  assert.throws(() => createChannel("localhost:1", { streamWindowBytes: -5 }), {
    name: "RangeError",
    message: /^streamWindowBytes is -5;/,
  });
});
