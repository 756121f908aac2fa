import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { RpcError, StatusCode } from "../index.js";
import { aborted, deferred, start, turn } from "./testing/probe.js";

test("aborting the signal fails the call with CANCELLED and the signal's reason, and aborts the handler's signal", async () => {
  const handlerStopped = deferred<unknown>();
  const running = deferred();
  const { client } = await start({
    async unary(_request, call) {
      running.resolve();
      handlerStopped.resolve(await aborted(call.signal));
      return {};
    },
  });
  const controller = new AbortController();
  const call = client.unary({}, { signal: controller.signal });
  await running.promise;
  const reason = new Error("user left");
  controller.abort(reason);
  await assert.rejects(call, (error: RpcError) => error.code === StatusCode.CANCELLED && error.cause === reason);
  const seen = await handlerStopped.promise;
  assert.ok(seen instanceof RpcError && seen.code === StatusCode.CANCELLED);
});

test("a signal that has aborted already sends nothing", async () => {
  let calls = 0;
  const { client } = await start({
    unary() {
      calls += 1;
      return {};
    },
  });
  await assert.rejects(client.unary({}, { signal: AbortSignal.abort() }), { code: StatusCode.CANCELLED });
  await client.unary({});
  assert.equal(calls, 1);
});

test("calls leave no listener on their signal, however they end", async () => {
  const { client } = await start({
    unary(request) {
      if (request.count === 1) throw new RpcError(StatusCode.ABORTED, "no");
      return {};
    },
  });
  const { signal } = new AbortController();
  for (let count = 0; count < 10; count++) await client.unary({ count: count % 2 }, { signal }).catch(() => {});
  for await (const _ of client.serverStream({ count: 3 }, { signal }));
  for await (const _ of client.serverStream({ count: 3 }, { signal })) break;
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("leaving a for-await loop cancels the call and stops the handler, whose finally blocks run", async () => {
  const cleaned = deferred();
  const { client } = await start({
    async *serverStream() {
      try {
        for (let count = 0; ; count++) yield { count };
      } finally {
        cleaned.resolve();
      }
    },
  });
  for await (const reply of client.serverStream({})) if (reply.count === 3) break;
  await cleaned.promise;
});

test("cancel() on a bidirectional call stops both directions", async () => {
  const stopped = deferred<unknown>();
  const { client } = await start({
    async *bidi(requests) {
      try {
        for await (const request of requests) yield { text: request.text };
      } catch (error) {
        stopped.resolve(error);
        throw error;
      }
    },
  });
  const call = client.bidi();
  const replies = call[Symbol.asyncIterator]();
  await call.send({ text: "a" });
  await replies.next();
  call.cancel(new Error("enough"));
  await assert.rejects(replies.next(), { code: StatusCode.CANCELLED });
  await assert.rejects(call.send({ text: "b" }), { code: StatusCode.CANCELLED });
  const error = await stopped.promise;
  assert.ok(error instanceof RpcError && error.code === StatusCode.CANCELLED);
});

test("closing the channel cancels its calls, here and on the server", async () => {
  const running = deferred();
  const stopped = deferred<unknown>();
  const { client, channel } = await start({
    async unary(_request, call) {
      running.resolve();
      stopped.resolve(await aborted(call.signal));
      return {};
    },
  });
  const call = client.unary({});
  await running.promise;
  const closed = channel.close();
  await assert.rejects(call, { code: StatusCode.CANCELLED, message: "the channel was closed" });
  await closed;
  const reason = await stopped.promise;
  assert.ok(reason instanceof RpcError && reason.code === StatusCode.CANCELLED);
});

test("a handler's signal does not abort after a normal end", async () => {
  let signal: AbortSignal | undefined;
  const { client } = await start({
    unary(_request, call) {
      signal = call.signal;
      return {};
    },
  });
  await client.unary({});
  await client.unary({});
  assert.equal(signal?.aborted, false);
});

test("a handler that fails after its call was cancelled is reported only if it fails for another reason", async () => {
  const running = deferred();
  const settled = deferred();
  const { client, reported } = await start({
    async unary(request, call) {
      running.resolve();
      const reason = await aborted(call.signal);
      setImmediate(() => settled.resolve());
      throw request.count === 1 ? new Error("clean-up failed") : reason;
    },
  });
  const controller = new AbortController();
  const call = client.unary({ count: 1 }, { signal: controller.signal });
  await running.promise;
  controller.abort();
  await assert.rejects(call);
  await settled.promise;
  assert.deepEqual(
    reported.map((error) => (error as Error).message),
    ["clean-up failed"],
  );
});

test("a source of requests is left when its call was over before it began", async () => {
  const { client } = await start();
  let taken = 0;
  let left = 0;
  const source: AsyncIterableIterator<{ text: string }> = {
    next: async () => ({ done: false, value: { text: String(taken++) } }),
    return: async () => {
      left += 1;
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => source,
  };
  await assert.rejects(client.clientStream(source, { signal: AbortSignal.abort() }), { code: StatusCode.CANCELLED });
  assert.deepEqual({ taken, left }, { taken: 0, left: 1 });
});

test("sends that began before there was a connection need not be awaited when the call is cancelled", async () => {
  const running = deferred();
  const { client } = await start({
    clientStream: () => {
      running.resolve();
      return new Promise(() => {});
    },
  });
  const call = client.clientStream();
  // More than the window holds, so that they wait for room. A rejection that nobody catches would fail this file.
  const sends = [1, 2, 3].map(() => call.send({ data: new Uint8Array(200_000) }));
  await running.promise;
  await turn();
  call.cancel();
  await assert.rejects(call.response, { code: StatusCode.CANCELLED });
  await turn();
  await assert.rejects(sends[2] as Promise<void>, { code: StatusCode.CANCELLED });
});
