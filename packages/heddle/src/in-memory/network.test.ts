import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Probe } from "../e2e/testing/gen/probe_pb.js";
import { aborted, deferred, echo, type ProbeClient, type ProbeHandlers } from "../e2e/testing/probe.js";
import { createClient, RpcError, type Server, StatusCode } from "../index.js";
import { createInMemoryNetwork, FakeClock, type InMemoryNetwork } from "./index.js";

const closers: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(
  network: InMemoryNetwork,
  address: string,
  handlers: Partial<ProbeHandlers> = {},
): Promise<Server> {
  const server = network.createServer().add(Probe, { ...echo, ...handlers });
  await server.listen(address);
  closers.push(() => server.shutdown({ graceMs: 0 }));
  return server;
}

function clientOf(network: InMemoryNetwork, target: string): ProbeClient {
  const channel = network.createChannel(target);
  closers.push(() => channel.close());
  return createClient(Probe, channel);
}

/** Handlers that answer `who`, and nothing else. */
function named(who: string): Partial<ProbeHandlers> {
  return { unary: () => ({ text: who }) };
}

test("servers and channels meet by name, several of them on one network", async () => {
  const network = createInMemoryNetwork();
  await serve(network, "greeter:50051", named("greeter"));
  await serve(network, "greeter:50052", named("the other port"));
  await serve(network, "[fd00::1]:50051", named("IPv6"));
  const answers = ["greeter:50051", "dns:///greeter:50052", "[fd00::1]:50051"].map(async (target) => {
    return (await clientOf(network, target).unary({})).text;
  });
  assert.deepEqual(await Promise.all(answers), ["greeter", "the other port", "IPv6"]);
});

test("networks know nothing of each other", async () => {
  const [one, other] = [createInMemoryNetwork(), createInMemoryNetwork()];
  await serve(one, "greeter:50051", named("one"));
  await serve(other, "greeter:50051", named("other"));
  assert.equal((await clientOf(one, "greeter:50051").unary({})).text, "one");
  assert.equal((await clientOf(other, "greeter:50051").unary({})).text, "other");
});

test("a host that means every interface takes the calls to every name, behind a server of that very name", async () => {
  for (const host of ["", "0.0.0.0", "[::]"]) {
    const network = createInMemoryNetwork();
    await serve(network, `${host}:50051`, named("everybody"));
    await serve(network, "greeter:50051", named("greeter"));
    assert.equal((await clientOf(network, "localhost:50051").unary({})).text, "everybody");
    assert.equal((await clientOf(network, "greeter:50051").unary({})).text, "greeter");
  }
});

test("port 0 takes a free port, and says which", async () => {
  const network = createInMemoryNetwork();
  const server = network.createServer().add(Probe, echo);
  closers.push(() => server.shutdown());
  const [first, second] = [await server.listen("greeter:0"), await server.listen("greeter:0")];
  assert.notEqual(first.port, second.port);
  assert.equal(first.address, `greeter:${first.port}`);
  for (const { address } of [first, second]) await clientOf(network, address).unary({});
});

test("an address that is taken, and one that is none, are errors of listen()", async () => {
  const network = createInMemoryNetwork();
  await serve(network, "greeter:50051");
  const server = network.createServer();
  await assert.rejects(server.listen("greeter:50051"), { code: "EADDRINUSE", message: /greeter:50051 already/ });
  await assert.rejects(server.listen("greeter"), TypeError);
});

test("where nobody listens, calls fail with UNAVAILABLE and say who is there; a server that comes later is found", async () => {
  const network = createInMemoryNetwork();
  const client = clientOf(network, "greeter:50051");
  await assert.rejects(client.unary({}), (error: RpcError) => {
    assert.equal(error.code, StatusCode.UNAVAILABLE);
    assert.match(error.message, /greeter:50051: no server of this in-memory network listens there .*served: none/);
    return true;
  });
  await serve(network, "other:50051");
  await assert.rejects(client.unary({}), { message: /served: other:50051\)/ });
  const server = await serve(network, "greeter:50051");
  await client.unary({});
  await server.shutdown();
  await assert.rejects(client.unary({}), { code: StatusCode.UNAVAILABLE });
});

test("each side sees the other's address", async () => {
  const network = createInMemoryNetwork();
  const seen: string[] = [];
  await serve(network, "greeter:50051", {
    unary(_request, call) {
      seen.push(call.peer.address);
      throw new RpcError(StatusCode.NOT_FOUND, "no");
    },
  });
  for (let i = 0; i < 2; i++) {
    await assert.rejects(clientOf(network, "greeter:50051").unary({}), (error: RpcError) => {
      return error.origin?.peer === "greeter:50051" && error.origin.side === "remote";
    });
  }
  assert.deepEqual(seen, ["in-memory:1", "in-memory:2"]);
});

test("an hour passes in an instant, and the deadline ends the call on both sides", async () => {
  const clock = new FakeClock();
  const network = createInMemoryNetwork({ clock });
  const running = deferred();
  const stopped = deferred<unknown>();
  await serve(network, "greeter:50051", {
    async unary(_request, call) {
      running.resolve();
      stopped.resolve(await aborted(call.signal));
      return {};
    },
  });
  const call = clientOf(network, "greeter:50051").unary({}, { timeoutMs: 3_600_000 });
  await running.promise;
  clock.advance(3_599_999);
  await turn();
  clock.advance(10);
  await assert.rejects(call, { code: StatusCode.DEADLINE_EXCEEDED });
  const reason = await stopped.promise;
  assert.ok(reason instanceof RpcError && reason.code === StatusCode.DEADLINE_EXCEEDED, String(reason));
});

test("dropConnections fails the calls in flight with UNAVAILABLE and stops their handlers; the next call connects anew", async () => {
  const network = createInMemoryNetwork();
  const running = deferred();
  const stopped = deferred<unknown>();
  let connections = 0;
  const peers = new Set<string>();
  await serve(network, "greeter:50051", {
    async unary(request, call) {
      if (!peers.has(call.peer.address)) connections += 1;
      peers.add(call.peer.address);
      if (request.text !== "wait") return {};
      running.resolve();
      stopped.resolve(await aborted(call.signal));
      return {};
    },
    async *serverStream() {
      yield { count: 1 };
      await new Promise(() => {});
    },
  });
  const client = clientOf(network, "greeter:50051");
  const waiting = client.unary({ text: "wait" });
  const replies = client.serverStream({})[Symbol.asyncIterator]();
  assert.equal((await replies.next()).value?.count, 1);
  await running.promise;
  network.dropConnections();
  for (const failing of [waiting, replies.next()]) {
    await assert.rejects(failing, (error: RpcError) => {
      assert.equal(error.code, StatusCode.UNAVAILABLE);
      assert.match(error.message, /ECONNRESET: the in-memory network dropped its connections/);
      return true;
    });
  }
  const reason = await stopped.promise;
  assert.ok(reason instanceof RpcError && reason.code === StatusCode.CANCELLED, String(reason));
  await client.unary({});
  assert.equal(connections, 2);
});

test("connections that are dropped at any turn leave every call with one end", async () => {
  const network = createInMemoryNetwork();
  await serve(network, "greeter:50051");
  const client = clientOf(network, "greeter:50051");
  for (let turns = 0; turns < 12; turns++) {
    const ends: string[] = [];
    const calls = Array.from({ length: 5 }, (_, count) =>
      client.unary({ count }).then(
        (reply) => ends.push(`answered ${reply.count}`),
        (error: RpcError) => ends.push(`failed ${error.code}`),
      ),
    );
    for (let i = 0; i < turns; i++) await turn();
    network.dropConnections();
    await Promise.all(calls);
    assert.equal(ends.length, 5);
    assert.ok(ends.every((end) => end === `failed ${StatusCode.UNAVAILABLE}` || end.startsWith("answered")));
  }
});

test("a channel that is closed before it has connected never does", async () => {
  const network = createInMemoryNetwork();
  let calls = 0;
  await serve(network, "greeter:50051", {
    unary() {
      calls += 1;
      return {};
    },
  });
  const channel = network.createChannel("greeter:50051");
  const call = createClient(Probe, channel).unary({});
  await Promise.all([assert.rejects(call, { code: StatusCode.CANCELLED }), channel.close()]);
  for (let i = 0; i < 20; i++) await turn();
  assert.equal(calls, 0);
});
