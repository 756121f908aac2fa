import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { createServer, RpcError, StatusCode } from "../index.js";
import { Probe } from "./testing/gen/probe_pb.js";
import { aborted, collect, deferred, echo, start, turn } from "./testing/probe.js";
import { hasSystemSockets } from "./testing/test-network.js";

/** For tests that connect by themselves. */
const SOCKETS = { skip: !hasSystemSockets() };

test("shutdown lets calls in flight finish, unary and streaming, and then closes", async () => {
  const running = deferred();
  const release = deferred();
  const { server, client } = await start({
    async unary(request) {
      await release.promise;
      return { text: request.text };
    },
    async *serverStream() {
      yield { count: 1 };
      running.resolve();
      await release.promise;
      yield { count: 2 };
    },
  });
  const unary = client.unary({ text: "in flight" });
  const stream = collect(client.serverStream({}));
  await running.promise;
  let closed = false;
  const shutdown = server.shutdown().then(() => {
    closed = true;
  });
  for (let i = 0; i < 20; i++) await turn();
  assert.equal(closed, false);
  release.resolve();
  assert.equal((await unary).text, "in flight");
  assert.deepEqual(
    (await stream).map((reply) => reply.count),
    [1, 2],
  );
  await shutdown;
});

test("after shutdown has begun new connections are refused", SOCKETS, async () => {
  const { server, port } = await start();
  await server.shutdown();
  const socket = connect(port, "127.0.0.1");
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => socket.once("error", resolve));
  assert.equal(error.code, "ECONNREFUSED");
});

test("after the grace time calls are aborted: the handler by its signal, the caller with UNAVAILABLE", async () => {
  const running = deferred();
  const stopped = deferred<unknown>();
  const { server, client } = await start({
    async unary(_request, call) {
      running.resolve();
      stopped.resolve(await aborted(call.signal));
      return {};
    },
  });
  const call = client.unary({});
  await running.promise;
  const shutdown = server.shutdown({ graceMs: 10 });
  await assert.rejects(call, { code: StatusCode.UNAVAILABLE });
  const reason = await stopped.promise;
  assert.ok(reason instanceof RpcError);
  assert.match(reason.message, /grace time of 10 ms/);
  await shutdown;
});

test("a handler that never returns does not keep the shutdown from ending", async () => {
  const running = deferred();
  const { server, client } = await start({
    unary() {
      running.resolve();
      return new Promise(() => {});
    },
  });
  const call = client.unary({});
  await running.promise;
  await Promise.all([assert.rejects(call), server.shutdown({ graceMs: 5 })]);
});

test("shutdown is idempotent, and await using does it", async () => {
  const { server } = await start();
  assert.equal(server.shutdown(), server.shutdown());
  await server.shutdown();
  {
    await using other = createServer().add(Probe, echo);
    await other.listen("127.0.0.1:0");
  }
  await assert.rejects(server.listen("127.0.0.1:0"), /shut down/);
});

test("idle connections and silent sockets do not hold up a shutdown", SOCKETS, async () => {
  const { server, client, port } = await start();
  await client.unary({});
  const silent = connect(port, "127.0.0.1");
  await new Promise<void>((resolve) => silent.once("connect", () => resolve()));
  silent.on("error", () => {});
  await client.unary({});
  await server.shutdown();
  silent.destroy();
});

test("a port that is taken, and an address that is none, are errors of listen()", SOCKETS, async () => {
  const { port } = await start();
  const server = createServer();
  await assert.rejects(server.listen(`127.0.0.1:${port}`), { code: "EADDRINUSE" });
  for (const address of ["localhost", "1.2.3.4", "127.0.0.1:99999", "127.0.0.1:x"]) {
    await assert.rejects(server.listen(address), TypeError);
  }
  await server.shutdown();
});

test("one server may listen on several addresses", async () => {
  const server = createServer().add(Probe, echo);
  const first = await server.listen("127.0.0.1:0");
  const second = await server.listen("[::1]:0").catch(() => server.listen("127.0.0.1:0"));
  assert.notEqual(first.port, second.port);
  await server.shutdown();
});

test("a service that is added twice, and a handler that is missing, are errors of add()", () => {
  const server = createServer().add(Probe, echo);
  assert.throws(() => server.add(Probe, echo), /heddle\.probe\.Probe was added to this server twice/);
  const { unary: _, ...missing } = echo;
  assert.throws(() => createServer().add(Probe, missing as typeof echo), /no handler for heddle\.probe\.Probe\/Unary/);
});
