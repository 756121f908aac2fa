/** Header lists that are larger than the other side accepts: every call has a status that says so, and nothing is reset. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BadRequestSchema } from "../errors/index.js";
import { createChannel, createClient, detail, RpcError, StatusCode } from "../index.js";
import { Probe } from "./testing/gen/probe_pb.js";
import { closeLater, collect, start } from "./testing/probe.js";
import { dataFrame, responseHead, startRawServer, trailers } from "./testing/raw-server.js";

const LONG = "x".repeat(2000);

/** What the caller accepts in these tests. */
const CALLER = { channel: { http2: { maxHeaderListBytes: 1000 } } };

async function errorOf(call: Promise<unknown>): Promise<RpcError> {
  const error = await call.then(
    () => assert.fail("the call succeeded"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof RpcError, String(error));
  return error;
}

test("metadata that the server does not accept fails the call here, with the sizes, and nothing is sent", async () => {
  let calls = 0;
  const { client, address } = await start(
    {
      unary() {
        calls += 1;
        return {};
      },
    },
    { server: { http2: { maxHeaderListBytes: 1000 } } },
  );
  await client.unary({}, { metadata: { short: "x".repeat(200) }, timeoutMs: 10_000 });
  const metadata = { long: LONG, "bytes-bin": new Uint8Array(300) };
  const failures = [
    client.unary({}, { metadata }),
    collect(client.serverStream({}, { metadata })),
    client.clientStream([{}], { metadata }),
    collect(client.bidi([{}], { metadata })),
  ];
  for (const failure of failures) {
    const error = await errorOf(failure);
    assert.equal(error.code, StatusCode.RESOURCE_EXHAUSTED);
    assert.match(error.message, /headers take 2\d{3} octets, 2477 of them metadata; the peer accepts 1000/);
    assert.deepEqual([error.origin?.side, error.origin?.peer], ["local", address]);
  }
  await client.unary({});
  assert.equal(calls, 2);
});

test("headers that the caller does not accept throw at the handler, and become the call's status if nobody catches it", async () => {
  const { client, reported } = await start(
    {
      unary(request, call) {
        try {
          call.sendHeaders({ long: LONG });
        } catch (error) {
          if (request.count === 0) throw error;
          call.sendHeaders({ short: "instead" });
        }
        return {};
      },
    },
    CALLER,
  );
  const error = await errorOf(client.unary({ count: 0 }));
  assert.equal(error.code, StatusCode.RESOURCE_EXHAUSTED);
  assert.match(error.message, /the response's headers take 2138 octets, 2036 of them metadata; the peer accepts 1000/);
  assert.equal(error.origin?.side, "remote");
  const headers: unknown[] = [];
  await client.unary({ count: 1 }, { onHeaders: (received) => headers.push(received.get("short")) });
  assert.deepEqual([headers, reported], [["instead"], []]);
});

test("a success whose trailers the caller does not accept is RESOURCE_EXHAUSTED, and says so", async () => {
  const { client } = await start(
    {
      unary(_request, call) {
        call.trailers.set("long", LONG);
        return {};
      },
      async *serverStream(_request, call) {
        call.trailers.set("long", LONG);
        yield {};
      },
    },
    CALLER,
  );
  for (const call of [client.unary({}), collect(client.serverStream({}))]) {
    const error = await errorOf(call);
    assert.equal(error.code, StatusCode.RESOURCE_EXHAUSTED);
    assert.match(error.message, /^the call succeeded, but its status takes 20\d\d octets .* the peer accepts 1000/);
    assert.equal(error.metadata.size, 0);
  }
});

test("a failure keeps its code and its message when its details and trailers are too large", async () => {
  const { client } = await start(
    {
      unary(request, call) {
        if (request.count === 1) call.sendHeaders();
        const details = [detail(BadRequestSchema, { fieldViolations: [{ field: "text", description: LONG }] })];
        throw new RpcError(StatusCode.NOT_FOUND, "größer", { details, metadata: { long: LONG } });
      },
    },
    CALLER,
  );
  for (const count of [0, 1]) {
    const error = await errorOf(client.unary({ count }));
    assert.equal(error.code, StatusCode.NOT_FOUND);
    assert.match(error.message, /^größer \(without details and trailers: the status takes \d+ octets .*accepts 1000/);
    assert.deepEqual([error.details.length, error.metadata.size], [0, 0]);
  }
});

test("a message that is too large by itself is cut between two characters", async () => {
  const { client } = await start(
    {
      unary() {
        throw new RpcError(StatusCode.NOT_FOUND, "ä😀".repeat(1000));
      },
    },
    CALLER,
  );
  const error = await errorOf(client.unary({}));
  assert.equal(error.code, StatusCode.NOT_FOUND);
  assert.match(error.message, /^(ä😀){5,}ä? \(without details/);
});

test("headers and trailers that we do not accept fail their own call with RESOURCE_EXHAUSTED, and the connection goes on", async () => {
  const answers = [
    (id: number) => [responseHead(id, { long: LONG })],
    (id: number) => [responseHead(id), dataFrame(id, []), trailers(id, "0", { long: LONG })],
    (id: number) => [responseHead(id), dataFrame(id, []), trailers(id, "0")],
  ];
  const { address, count } = await startRawServer((id) => (answers.shift() as (id: number) => Buffer[])(id));
  const channel = createChannel(address, CALLER.channel);
  closeLater(() => channel.close());
  const client = createClient(Probe, channel);
  for (let call = 0; call < 2; call++) {
    const error = await errorOf(client.unary({}));
    assert.equal(error.code, StatusCode.RESOURCE_EXHAUSTED);
    assert.match(error.message, /header list .*1000/);
    assert.equal(error.origin?.side, "local");
  }
  await client.unary({});
  assert.equal(count(1), 3);
});

test("a server that accepts header lists of one octet gets its calls all the same", async () => {
  const settings = [[6, 1]] as const;
  const { address } = await startRawServer((id) => [responseHead(id), dataFrame(id, []), trailers(id, "0")], settings);
  const channel = createChannel(address);
  closeLater(() => channel.close());
  const client = createClient(Probe, channel);
  for (let call = 0; call < 100; call++) await client.unary({}, { metadata: { some: "metadata" } });
});
