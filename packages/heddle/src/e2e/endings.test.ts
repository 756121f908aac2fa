/** How calls end while one side still gives or waits: nothing runs on for nobody, and nobody is left waiting. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RpcError, StatusCode } from "../index.js";
import { aborted, collect, deferred, start, turn } from "./testing/probe.js";

/** A source that gives one value and then none, until it is left. It notes what is done to it. */
class SilentSource implements AsyncIterableIterator<{ count: number }> {
  readonly left = deferred();
  returns = 0;
  #given = false;

  next(): Promise<IteratorResult<{ count: number }>> {
    if (this.#given) return new Promise(() => {});
    this.#given = true;
    return Promise.resolve({ done: false, value: { count: 1 } });
  }

  async return(): Promise<IteratorResult<{ count: number }>> {
    this.returns += 1;
    this.left.resolve();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

test("a source of responses that waits is left when its call ends, however it ends, and the handler has its end", async () => {
  const sources: SilentSource[] = [];
  const handler = () => {
    sources.push(new SilentSource());
    return sources.at(-1) as SilentSource;
  };
  const { client, server, channel } = await start(
    { serverStream: handler, bidi: handler },
    { server: { maxConcurrentCalls: 1 } },
  );
  const controller = new AbortController();
  const cancelled = client.serverStream({}, { signal: controller.signal })[Symbol.asyncIterator]();
  await cancelled.next();
  controller.abort();
  await sources[0]?.left.promise;
  await assert.rejects(cancelled.next(), { code: StatusCode.CANCELLED });
  // With one handler at a time, each of these starts only if the one before has ended.
  for await (const _ of client.bidi()) break;
  await sources[1]?.left.promise;
  await assert.rejects(collect(client.serverStream({}, { timeoutMs: 50 })), { code: StatusCode.DEADLINE_EXCEEDED });
  await sources[2]?.left.promise;
  const lost = client.serverStream({})[Symbol.asyncIterator]();
  await lost.next();
  const closing = channel.close();
  await assert.rejects(lost.next());
  await closing;
  await sources[3]?.left.promise;
  // The shutdown waits for handlers, and finds none.
  await server.shutdown({ graceMs: 60_000 });
  assert.deepEqual(
    sources.map((source) => source.returns),
    [1, 1, 1, 1],
  );
});

test("a generator that waits for its signal runs its finally, also when the clean-up takes its time", async () => {
  const steps: string[] = [];
  const cleaned = deferred();
  const { client, server, reported } = await start({
    async *serverStream(_request, call) {
      try {
        yield {};
        await aborted(call.signal);
        steps.push("stopped");
      } finally {
        await turn();
        steps.push("cleaned");
        cleaned.resolve();
      }
    },
  });
  for await (const _ of client.serverStream({})) break;
  await cleaned.promise;
  assert.deepEqual(steps, ["stopped", "cleaned"]);
  await server.shutdown({ graceMs: 60_000 });
  assert.deepEqual(reported, []);
});

test("a source of responses that fails while it is left is reported, once", async () => {
  const failure = new Error("the file could not be closed");
  class FailingSource extends SilentSource {
    override async return(): Promise<IteratorResult<{ count: number }>> {
      await super.return();
      throw failure;
    }
  }
  const source = new FailingSource();
  const { client, server, reported } = await start({ serverStream: () => source });
  for await (const _ of client.serverStream({})) break;
  await source.left.promise;
  await server.shutdown({ graceMs: 60_000 });
  assert.deepEqual(reported, [failure]);
});

test("a source of responses that cannot be left ends with its next response", async () => {
  const stopped = deferred();
  const goOn = deferred();
  let asked = 0;
  const source = {
    async next() {
      asked += 1;
      if (asked === 2) await goOn.promise;
      return { done: false as const, value: {} };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  const { client, server } = await start({
    serverStream(_request, call) {
      void aborted(call.signal).then(() => stopped.resolve());
      return source;
    },
  });
  for await (const _ of client.serverStream({})) break;
  await stopped.promise;
  const shutdown = server.shutdown({ graceMs: 60_000 });
  goOn.resolve();
  await shutdown;
  assert.equal(asked, 2);
});

test("responses that come from a call of the handler's own give that call up when their reader leaves", async () => {
  const stopped = deferred<unknown>();
  const backend = await start({
    async *serverStream(_request, call) {
      yield { count: 1 };
      stopped.resolve(await aborted(call.signal));
    },
  });
  const { client } = await start({ serverStream: (request) => backend.client.serverStream({ count: request.count }) });
  for await (const _ of client.serverStream({})) break;
  assert.ok((await stopped.promise) instanceof RpcError);
});

test("a response that cannot be serialised leaves the source of responses", async () => {
  const source = new SilentSource();
  const values = [{ count: 1 }, { count: 0.5 }];
  source.next = async () => ({ done: false, value: values.shift() ?? { count: 9 } });
  const { client, reported } = await start({ serverStream: () => source });
  await assert.rejects(collect(client.serverStream({})), {
    code: StatusCode.INTERNAL,
    message: "the handler's response could not be serialised",
  });
  assert.deepEqual([source.returns, reported.length], [1, 1]);
});

test("a source of requests that fails ends its call, and the error says so", async () => {
  const failure = new Error("disk on fire");
  async function* source() {
    yield { text: "a" };
    throw failure;
  }
  const { client } = await start();
  for (const call of [client.clientStream(source()), collect(client.bidi(source()))]) {
    await assert.rejects(call, (error: RpcError) => {
      assert.equal(error.code, StatusCode.CANCELLED);
      assert.equal(error.message, "the source of the requests failed: disk on fire");
      assert.equal(error.cause, failure);
      return true;
    });
  }
});

test("a source of requests that gives what cannot be sent ends its call, and the error names the field", async () => {
  const { client } = await start();
  for (const call of [client.clientStream([{}, { count: 0.5 }]), collect(client.bidi([{}, { count: 0.5 }]))]) {
    await assert.rejects(call, (error: RpcError) => {
      assert.equal(error.code, StatusCode.INTERNAL);
      assert.match(error.message, /^a request could not be serialised: .*heddle\.probe\.Request\.count/);
      return true;
    });
  }
});

test("a source of requests is left when the server answers early, and waits no longer for its next request", async () => {
  const source = new SilentSource();
  const { client } = await start({
    async clientStream(requests) {
      for await (const _ of requests) break;
      return { text: "enough" };
    },
  });
  assert.equal((await client.clientStream(source)).text, "enough");
  await source.left.promise;
  assert.equal(source.returns, 1);
});

test("options that cannot be used reject the call where it gives a promise, and throw where it gives a stream", async () => {
  const { client } = await start();
  const bad = { metadata: { "x a": "1" } };
  await assert.rejects(client.unary({}, bad), TypeError);
  await assert.rejects(client.clientStream([{}], bad), TypeError);
  for (const call of [
    () => client.serverStream({}, bad),
    () => client.bidi([{}], bad),
    () => client.clientStream(undefined, bad),
    () => client.serverStream({}, { timeoutMs: Number.NaN }),
  ]) {
    assert.throws(call, TypeError);
  }
});

test("a deadline beyond what a timer can hold is kept, and told to the server", async () => {
  const deadlines: (Date | undefined)[] = [];
  const { client } = await start({
    unary(_request, call) {
      deadlines.push(call.deadline);
      return {};
    },
  });
  const before = Date.now();
  const timeouts = [2 ** 31, 2 ** 32 + 5, 3e12, Number.MAX_VALUE];
  for (const timeoutMs of timeouts) await client.unary({}, { timeoutMs });
  await client.unary({}, { timeoutMs: Number.POSITIVE_INFINITY });
  const distances = deadlines.map((deadline) => (deadline === undefined ? undefined : deadline.getTime() - before));
  // Beyond 99,999,999 seconds the unit is minutes, and beyond as many of them it is hours, rounded up.
  const longest = 99_999_999 * 3_600_000;
  const expected = [2 ** 31, 2 ** 32 + 5, 3e12, longest];
  for (const [index, expectedMs] of expected.entries()) {
    const late = (distances[index] as number) - expectedMs;
    assert.ok(late >= 0 && late < 60_000 + 5_000, `${timeouts[index]}: ${late}`);
  }
  assert.equal(distances[4], undefined);
});
