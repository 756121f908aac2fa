import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Metadata, RpcError, StatusCode } from "../index.js";
import { collect, start } from "./testing/probe.js";

test("request metadata reaches the handler: text, bytes, several values in order", async () => {
  let seen: Metadata | undefined;
  const { client } = await start({
    unary(_request, call) {
      seen = call.metadata;
      return {};
    },
  });
  const metadata = Metadata.from([
    ["x-a", "1"],
    ["x-a", "2"],
    ["x-b-bin", new Uint8Array([0, 255, 128])],
  ]);
  await client.unary({}, { metadata });
  assert.deepEqual(seen?.getAll("x-a"), ["1", "2"]);
  assert.deepEqual(seen?.get("x-b-bin"), new Uint8Array([0, 255, 128]));
  assert.match(String(seen?.get("user-agent")), /^grpc-node-heddle\//);
});

test("whatever metadata may hold arrives unchanged in headers and trailers of both sides, values of one key in their order", async () => {
  const { client } = await start({
    unary(_request, call) {
      const mine = [...call.metadata].filter(([key]) => key.startsWith("x-"));
      call.sendHeaders(mine);
      for (const [key, value] of mine) call.trailers.append(key, value);
      return {};
    },
  });
  const ascii = fc.string({ unit: "grapheme-ascii", maxLength: 20 }).map((text) => text.trim());
  const bytes = fc.uint8Array({ maxLength: 20 });
  const pair = fc.oneof(
    fc.tuple(fc.constantFrom("x-a", "x-b", "x-_.c"), ascii),
    fc.tuple(fc.constantFrom("x-a-bin", "x-b-bin"), bytes),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(pair, { maxLength: 12 }), async (pairs) => {
      const metadata = Metadata.from(pairs);
      const seen: Metadata[] = [];
      await client.unary(
        {},
        { metadata, onHeaders: (headers) => seen.push(headers), onTrailers: (trailers) => seen.push(trailers) },
      );
      assert.equal(seen.length, 2);
      for (const key of ["x-a", "x-b", "x-_.c", "x-a-bin", "x-b-bin"]) {
        for (const one of seen) assert.deepEqual(one.getAll(key), metadata.getAll(key), key);
      }
    }),
    { numRuns: 100 },
  );
});

test("the handler's headers and trailers reach the caller's callbacks, in that order, before the call settles", async () => {
  const { client } = await start({
    unary(_request, call) {
      call.sendHeaders({ "x-head": "h" });
      call.trailers.set("x-tail-bin", new Uint8Array([9]));
      return { text: "ok" };
    },
  });
  const events: string[] = [];
  await client.unary(
    {},
    {
      onHeaders: (headers) => events.push(`headers ${headers.get("x-head")}`),
      onTrailers: (trailers) => events.push(`trailers ${trailers.get("x-tail-bin")}`),
    },
  );
  events.push("settled");
  assert.deepEqual(events, ["headers h", "trailers 9", "settled"]);
});

test("headers that a streaming handler sends early arrive before its first message is made", async () => {
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { client } = await start({
    async *serverStream(_request, call) {
      call.sendHeaders({ "x-early": "yes" });
      await released;
      yield { text: "late" };
    },
  });
  const replies = client.serverStream({}, { onHeaders: (headers) => headers.get("x-early") === "yes" && release() });
  assert.equal((await collect(replies)).length, 1);
});

test("sending headers twice, or after the first message, throws at the handler", async () => {
  const errors: string[] = [];
  const { client } = await start({
    async *serverStream(_request, call) {
      yield {};
      try {
        call.sendHeaders();
      } catch (error) {
        errors.push(String(error));
      }
    },
  });
  await collect(client.serverStream({}));
  assert.deepEqual(errors, ["Error: the response's headers have been sent already"]);
});

test("a failed call gives its trailers to onTrailers and on the error, and no headers", async () => {
  const { client } = await start({
    unary(_request, call) {
      call.trailers.set("x-from-call", "1");
      throw new RpcError(StatusCode.ABORTED, "no", { metadata: { "x-from-error": "2" } });
    },
  });
  const events: string[] = [];
  const error = await client
    .unary({}, { onHeaders: () => events.push("headers"), onTrailers: () => events.push("trailers") })
    .catch((thrown: unknown) => thrown);
  assert.ok(error instanceof RpcError);
  assert.deepEqual(events, ["trailers"]);
  assert.equal(error.metadata.get("x-from-call"), "1");
  assert.equal(error.metadata.get("x-from-error"), "2");
});

test("metadata that cannot be sent is refused where the call is made, and nothing is sent", async () => {
  let calls = 0;
  const { client } = await start({
    unary() {
      calls += 1;
      return {};
    },
  });
  for (const metadata of [{ "x a": "1" }, { "x-a": "line\nbreak" }, { "grpc-status": "0" }, { ":path": "/x" }]) {
    await assert.rejects(client.unary({}, { metadata }), TypeError);
  }
  assert.equal(calls, 0);
});

test("a callback that throws fails its own call only", async () => {
  const { client } = await start();
  const failing = client.unary(
    {},
    {
      onHeaders() {
        throw new Error("mine");
      },
    },
  );
  await assert.rejects(failing, (error: RpcError) => (error.cause as Error).message === "mine");
  assert.equal((await client.unary({ text: "fine" })).text, "fine");
});
