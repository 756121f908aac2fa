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

test("a request larger than maxSendMessageBytes fails its call here with RESOURCE_EXHAUSTED, and is not sent", async () => {
  const requests: number[] = [];
  const { client } = await start(
    {
      unary(request) {
        requests.push(request.data.length);
        return {};
      },
      async clientStream(received) {
        for await (const request of received) requests.push(request.data.length);
        return {};
      },
    },
    { channel: { maxSendMessageBytes: 1003 } },
  );
  const [fits, tooMuch] = [new Uint8Array(1000), new Uint8Array(1001)];
  await client.unary({ data: fits });
  const failures = [
    client.unary({ data: tooMuch }),
    collect(client.serverStream({ data: tooMuch })),
    client.clientStream([{ data: tooMuch }]),
    collect(client.bidi([{ data: tooMuch }])),
  ];
  for (const failure of failures) {
    await assert.rejects(failure, (error: RpcError) => {
      assert.equal(error.code, StatusCode.RESOURCE_EXHAUSTED);
      assert.match(error.message, /request of 1004 octets exceeds the send limit of 1003 \(maxSendMessageBytes\)/);
      assert.equal(error.origin?.side, "local");
      return true;
    });
  }
  // Who sends by hand may go on with something smaller.
  const byHand = client.clientStream();
  await assert.rejects(byHand.send({ data: tooMuch }), { code: StatusCode.RESOURCE_EXHAUSTED });
  await byHand.send({ data: fits });
  byHand.end();
  await byHand.response;
  assert.deepEqual(requests, [1000, 1000]);
});

test("a response larger than maxSendMessageBytes fails its call with RESOURCE_EXHAUSTED on both sides, behind those that fit", async () => {
  const { client, reported } = await start(
    {
      unary: (request) => ({ data: request.data }),
      async *serverStream() {
        yield { data: new Uint8Array(90) };
        yield { data: new Uint8Array(5 * MIB) };
      },
    },
    { server: { maxSendMessageBytes: 100 } },
  );
  const message = /the handler's response of \d+ octets exceeds the send limit of 100 \(maxSendMessageBytes\)/;
  await client.unary({ data: new Uint8Array(98) });
  await assert.rejects(client.unary({ data: new Uint8Array(99) }), { code: StatusCode.RESOURCE_EXHAUSTED, message });
  const replies = client.serverStream({})[Symbol.asyncIterator]();
  assert.equal((await replies.next()).value?.data.length, 90);
  await assert.rejects(replies.next(), { code: StatusCode.RESOURCE_EXHAUSTED, message });
  assert.equal(reported.length, 2);
  await client.unary({});
});

test("messages of any size are sent by default", async () => {
  const data = new Uint8Array(9 * MIB);
  const unlimited = { maxReceiveMessageBytes: Number.POSITIVE_INFINITY };
  const { client } = await start({}, { server: unlimited, channel: unlimited });
  assert.equal((await client.unary({ data })).data.length, data.length);
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
  assert.throws(() => createServer({ maxSendMessageBytes: -1 }), {
    name: "RangeError",
    message: /^maxSendMessageBytes is -1;/,
  });
  assert.throws(() => createChannel("localhost:1", { maxReceiveMessageBytes: Number.NaN }), {
    name: "RangeError",
    message: /^maxReceiveMessageBytes is NaN;/,
  });
  assert.throws(() => createServer({ maxConcurrentCalls: -1 }), { name: "RangeError", message: /maxConcurrent/ });
  assert.throws(() => createChannel("localhost:1", { streamWindowBytes: -5 }), {
    name: "RangeError",
    message: /^streamWindowBytes is -5;/,
  });
});
