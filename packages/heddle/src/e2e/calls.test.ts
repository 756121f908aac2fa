import assert from "node:assert/strict";
import { test } from "node:test";
import { createChannel, createClient, createServer } from "../index.js";
import { Probe } from "./testing/gen/probe_pb.js";
import { closeLater, collect, echo, type ProbeHandlers, start } from "./testing/probe.js";

test("a unary call gives the handler's answer as a message with its type's name", async () => {
  const { client } = await start();
  const reply = await client.unary({ text: "hé", data: new Uint8Array([1, 2]), count: -3 });
  assert.equal(reply.$typeName, "heddle.probe.Reply");
  assert.deepEqual([reply.text, [...reply.data], reply.count], ["hé", [1, 2], -3]);
});

test("a handler may answer without a promise", async () => {
  const { client } = await start({ unary: () => ({ text: "now" }) });
  assert.equal((await client.unary({})).text, "now");
});

test("an empty message travels in both directions", async () => {
  const { client } = await start();
  assert.equal((await client.unary({})).text, "");
});

test("a server stream gives all messages in order, from an async generator", async () => {
  const { client } = await start();
  const replies = await collect(client.serverStream({ text: "a", count: 1000 }));
  assert.deepEqual(
    replies.map((reply) => reply.count),
    Array.from({ length: 1000 }, (_, i) => i),
  );
});

test("a server stream may be an array, a generator or any other iterable", async () => {
  const sources: ProbeHandlers["serverStream"][] = [
    () => [{ count: 1 }, { count: 2 }],
    function* () {
      yield { count: 1 };
      yield { count: 2 };
    },
    () => new Set([{ count: 1 }, { count: 2 }]),
  ];
  for (const serverStream of sources) {
    const { client } = await start({ serverStream });
    assert.deepEqual(
      (await collect(client.serverStream({}))).map((reply) => reply.count),
      [1, 2],
    );
  }
});

test("a server stream may be empty", async () => {
  const { client } = await start();
  assert.deepEqual(await collect(client.serverStream({ count: 0 })), []);
});

test("a client stream from a generator reaches the handler in order", async () => {
  const { client } = await start();
  const reply = await client.clientStream(
    (function* () {
      for (const text of "abcdef") yield { text };
    })(),
  );
  assert.deepEqual([reply.count, reply.text], [6, "abcdef"]);
});

test("a client stream may be sent by hand, before there is a connection", async () => {
  const { client } = await start();
  const call = client.clientStream();
  await call.send({ text: "a" });
  await call.send({ text: "b" });
  call.end();
  assert.equal((await call.response).text, "ab");
});

test("a client stream without requests is answered", async () => {
  const { client } = await start();
  assert.equal((await client.clientStream([])).count, 0);
});

test("a handler may answer a client stream before it has ended", async () => {
  const { client } = await start({
    async clientStream(requests) {
      for await (const request of requests) return { text: request.text };
      return {};
    },
  });
  const call = client.clientStream();
  await call.send({ text: "first" });
  assert.equal((await call.response).text, "first");
});

test("a bidirectional call answers each message while the client is still sending", async () => {
  const { client } = await start();
  const call = client.bidi();
  const replies = call[Symbol.asyncIterator]();
  for (const text of ["a", "b", "c"]) {
    await call.send({ text });
    assert.equal((await replies.next()).value?.text, text);
  }
  call.end();
  assert.equal((await replies.next()).done, true);
});

test("a bidirectional call takes its requests from any iterable", async () => {
  const { client } = await start();
  const replies = await collect(client.bidi([{ text: "x" }, { text: "y" }]));
  assert.deepEqual(
    replies.map((reply) => reply.text),
    ["x", "y"],
  );
});

test("a handler that is a class's method keeps its this", async () => {
  class Service implements ProbeHandlers {
    readonly #greeting = "from a class";
    unary() {
      return { text: this.#greeting };
    }
    serverStream = echo.serverStream;
    clientStream = echo.clientStream;
    bidi = echo.bidi;
  }
  const server = createServer().add(Probe, new Service());
  const { address } = await server.listen("127.0.0.1:0");
  const channel = createChannel(address);
  closeLater(async () => {
    await channel.close();
    await server.shutdown();
  });
  assert.equal((await createClient(Probe, channel).unary({})).text, "from a class");
});

test("a thousand calls at once over one connection all get their own answer", async () => {
  const { client } = await start();
  const replies = await Promise.all(Array.from({ length: 1000 }, (_, count) => client.unary({ count })));
  assert.ok(replies.every((reply, count) => reply.count === count));
});

test("more calls than the server allows at once wait for their turn", async () => {
  const { client } = await start({}, { server: { maxConcurrentCalls: 3 } });
  const replies = await Promise.all(Array.from({ length: 100 }, (_, count) => client.unary({ count })));
  assert.ok(replies.every((reply, count) => reply.count === count));
});

test("a message much larger than the windows arrives whole, in both directions", async () => {
  const { client } = await start();
  const data = new Uint8Array(3_000_000);
  for (let i = 0; i < data.length; i++) data[i] = (i * 31) >>> 3;
  const reply = await client.unary({ data });
  assert.ok(Buffer.from(data).equals(reply.data));
});

test("large and small calls share a connection without harm to either", async () => {
  const { client } = await start();
  const data = Buffer.alloc(1_000_000, 7);
  const large = Promise.all(Array.from({ length: 5 }, () => client.unary({ data })));
  const small = await Promise.all(Array.from({ length: 200 }, (_, count) => client.unary({ count })));
  assert.ok(small.every((reply, count) => reply.count === count));
  for (const reply of await large) assert.ok(data.equals(reply.data));
});
