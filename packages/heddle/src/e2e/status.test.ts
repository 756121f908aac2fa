import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BadRequestSchema } from "../errors/index.js";
import { detail, RpcError, StatusCode } from "../index.js";
import { collect, start } from "./testing/probe.js";

async function failureOf(promise: Promise<unknown>): Promise<RpcError> {
  const error = await promise.then(
    () => assert.fail("the call succeeded"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof RpcError, String(error));
  return error;
}

test("a handler's RpcError reaches the caller with code, message, details, path and peer", async () => {
  const { client, address } = await start({
    unary() {
      throw new RpcError(StatusCode.INVALID_ARGUMENT, "50 % größer, 😀\n", {
        details: [detail(BadRequestSchema, { fieldViolations: [{ field: "text", description: "is empty" }] })],
      });
    },
  });
  const error = await failureOf(client.unary({}));
  assert.equal(error.code, StatusCode.INVALID_ARGUMENT);
  assert.equal(error.message, "50 % größer, 😀\n");
  assert.deepEqual(
    error.detailsOf(BadRequestSchema).map((one) => one.fieldViolations[0]?.field),
    ["text"],
  );
  assert.deepEqual(
    [error.origin?.side, error.origin?.peer, error.origin?.path],
    ["remote", address, "/heddle.probe.Probe/Unary"],
  );
});

test("anything else that a handler throws is UNKNOWN to the caller, without its text, and is reported on the server", async () => {
  const secret = new Error("password=hunter2");
  const { client, reported } = await start({
    unary() {
      throw secret;
    },
    async *serverStream() {
      yield {};
      throw secret;
    },
    async clientStream() {
      throw secret;
    },
    // biome-ignore lint/correctness/useYield: it fails before it could
    async *bidi() {
      throw secret;
    },
  });
  const failures = [
    await failureOf(client.unary({})),
    await failureOf(collect(client.serverStream({}))),
    await failureOf(client.clientStream([{}])),
    await failureOf(collect(client.bidi([{}]))),
  ];
  for (const error of failures) {
    assert.equal(error.code, StatusCode.UNKNOWN);
    assert.doesNotMatch(error.message, /hunter2/);
  }
  assert.deepEqual(reported, [secret, secret, secret, secret]);
});

test("a handler that fails with undefined has failed all the same", async () => {
  const { client, reported } = await start({
    unary: () => Promise.reject(),
    async *serverStream() {
      yield* [];
      await Promise.reject();
    },
    async *bidi() {
      yield {};
      await Promise.reject();
    },
  });
  for (const call of [client.unary({}), collect(client.serverStream({})), collect(client.bidi([]))]) {
    assert.equal((await failureOf(call)).code, StatusCode.UNKNOWN);
  }
  assert.deepEqual(reported.map(String), Array(3).fill("Error: the handler failed with undefined"));
});

test("whatever text a status has, it arrives, with its code and its details", async () => {
  const { client } = await start({
    unary(request) {
      const details = [detail(BadRequestSchema, { fieldViolations: [{ description: request.text }] })];
      throw new RpcError(request.count as StatusCode, JSON.parse(`"${request.text}"`), { details });
    },
  });
  const anyText = fc.string({ unit: "binary", maxLength: 100 });
  const lone = fc.constantFrom("\ud800", "\udc00x", "\udfff\ud800", "%", "%4", "%zz", "\u0000", "\ufeff");
  const text = fc.array(fc.oneof(anyText, lone), { maxLength: 4 }).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 16 }), text, async (code, message) => {
      // A lone surrogate cannot travel in a request either, so it goes escaped.
      const escaped = [...message].map((unit) => escapeUnits(unit)).join("");
      const error = await failureOf(client.unary({ text: escaped, count: code }));
      assert.equal(error.code, code);
      assert.equal(error.message, Buffer.from(message, "utf8").toString("utf8"));
      assert.equal(error.detailsOf(BadRequestSchema)[0]?.fieldViolations[0]?.description, escaped);
    }),
    { numRuns: 200 },
  );
});

/** The UTF-16 units of a text as JSON writes them. */
function escapeUnits(text: string): string {
  return text
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

test("the messages before an error are delivered before it", async () => {
  const { client } = await start({
    async *serverStream() {
      yield { count: 1 };
      yield { count: 2 };
      throw new RpcError(StatusCode.DATA_LOSS, "no more");
    },
  });
  const seen: number[] = [];
  const error = await failureOf(
    (async () => {
      for await (const reply of client.serverStream({})) seen.push(reply.count);
    })(),
  );
  assert.deepEqual([seen, error.code], [[1, 2], StatusCode.DATA_LOSS]);
});

test("a response that cannot be serialised is INTERNAL, reported, and leaves the connection in order", async () => {
  const { client, reported } = await start({ unary: (request) => ({ count: request.count === 0 ? 0.5 : 1 }) });
  const error = await failureOf(client.unary({ count: 0 }));
  assert.equal(error.code, StatusCode.INTERNAL);
  assert.equal(reported.length, 1);
  assert.equal((await client.unary({ count: 1 })).count, 1);
});

test("a request that cannot be serialised fails its call only", async () => {
  const { client } = await start();
  const error = await failureOf(client.unary({ count: 0.5 }));
  assert.equal(error.code, StatusCode.INTERNAL);
  assert.ok(error.cause instanceof Error);
  assert.equal((await client.unary({ count: 1 })).count, 1);
});

test("a handler that gives nothing at all is INTERNAL, not a hang", async () => {
  const { client } = await start({ unary: () => undefined as never });
  assert.equal((await failureOf(client.unary({}))).code, StatusCode.INTERNAL);
});

test("a source of requests that throws cancels the call, and its error is the cause", async () => {
  const { client } = await start();
  const failure = new Error("disk");
  const error = await failureOf(
    client.clientStream(
      (function* () {
        yield { text: "a" };
        throw failure;
      })(),
    ),
  );
  assert.equal(error.code, StatusCode.CANCELLED);
  assert.equal(error.cause, failure);
});

test("sending after the half-close is refused", async () => {
  const { client } = await start();
  const call = client.clientStream();
  call.end();
  await assert.rejects(call.send({}), /after end/);
  assert.equal((await call.response).count, 0);
});
