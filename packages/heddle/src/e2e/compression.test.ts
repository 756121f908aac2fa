import assert from "node:assert/strict";
import { test } from "node:test";
import { type CompressionAlgorithm, type RpcError, StatusCode } from "../index.js";
import { collect, start } from "./testing/probe.js";

const TEXT = "the same words again ".repeat(5000);
const MIB = 1_048_576;

async function* texts(count: number): AsyncGenerator<{ text: string; count: number }> {
  for (let i = 0; i < count; i++) yield { text: `${i} ${i % 3 === 0 ? "short" : TEXT}`, count: i };
}

for (const compression of ["gzip", "deflate", "identity"]) {
  test(`all kinds of calls work with ${compression} in both directions, in order`, async () => {
    const { client } = await start(
      {},
      { server: { compression: { send: compression } }, channel: { compression: { send: compression } } },
    );
    assert.equal((await client.unary({ text: TEXT })).text, TEXT);
    assert.equal((await collect(client.serverStream({ text: TEXT, count: 20 }))).at(-1)?.text, TEXT);
    const sum = await client.clientStream(texts(30));
    assert.equal(sum.count, 30);
    const echoed = await collect(client.bidi(texts(60)));
    assert.deepEqual(
      echoed.map((reply) => reply.count),
      Array.from({ length: 60 }, (_, i) => i),
    );
    assert.ok(echoed.every((reply, i) => reply.text === `${i} ${i % 3 === 0 ? "short" : TEXT}`));
  });
}

test("a handler sees which requests came compressed: large ones do, small and exempted ones do not", async () => {
  const seen: boolean[] = [];
  const { client } = await start({
    async clientStream(requests, call) {
      for await (const request of requests) seen.push(call.wasCompressed(request));
      return {};
    },
  });
  const call = client.clientStream(undefined, { compression: "gzip" });
  await call.send({ text: TEXT });
  await call.send({ text: "small" });
  await call.send({ text: TEXT }, { compress: false });
  await call.send({ text: TEXT }, { compress: true });
  call.end();
  await call.response;
  assert.deepEqual(seen, [true, false, false, true]);
});

test("a handler chooses the compression of its responses, message by message", async () => {
  const { client } = await start({
    async *serverStream(_request, call) {
      call.compression = "deflate";
      assert.equal(call.compression, "deflate");
      yield { text: TEXT };
      call.compress = false;
      yield { text: TEXT };
      assert.throws(() => {
        call.compression = "gzip";
      }, /before the response's headers are sent/);
    },
    unary(_request, call) {
      call.compression = "snappy";
      return {};
    },
  });
  assert.deepEqual(
    (await collect(client.serverStream({}))).map((reply) => reply.text === TEXT),
    [true, true],
  );
  await assert.rejects(client.unary({}), { code: StatusCode.UNKNOWN });
});

test("an algorithm of one's own works when both sides know it", async () => {
  const rot: CompressionAlgorithm = {
    name: "half",
    compress: async (message) => message.subarray(0, message.length / 2),
    decompress: (compressed, maxBytes) =>
      compressed.length * 2 > maxBytes ? undefined : Buffer.concat([compressed, compressed]),
  };
  const own = { algorithms: [rot], send: "half", minBytes: 100_000 };
  const { client } = await start({}, { server: { compression: { algorithms: [rot] } }, channel: { compression: own } });
  // Two equal halves behind the field's tag and length are not what a message consists of, so this one is unknown on arrival.
  await assert.rejects(client.unary({ text: "ab".repeat(100_000) }), { code: StatusCode.INTERNAL });
  assert.equal((await client.unary({ text: "small" })).text, "small");
});

test("an algorithm that the server does not know is UNIMPLEMENTED, names those that it does, and costs one call", async () => {
  const zstd: CompressionAlgorithm = {
    name: "zstd",
    compress: (message) => message.subarray(1),
    decompress: (message) => message,
  };
  const { client } = await start({}, { channel: { compression: { algorithms: [zstd] } } });
  await assert.rejects(client.unary({ text: TEXT }, { compression: "zstd" }), (error: RpcError) => {
    assert.equal(error.code, StatusCode.UNIMPLEMENTED);
    assert.match(error.message, /"zstd"; it knows identity,gzip,deflate/);
    return true;
  });
  assert.equal((await client.unary({ text: "x" })).text, "x");
});

test("a response goes uncompressed to a caller that does not understand the server's choice", async () => {
  const zstd: CompressionAlgorithm = {
    name: "zstd",
    compress: (message) => message.subarray(1),
    decompress: (message) => message,
  };
  let chosen = "";
  const { client } = await start(
    {
      unary(request, call) {
        chosen = call.compression;
        return { text: request.text };
      },
    },
    { server: { compression: { algorithms: [zstd], send: "zstd" } } },
  );
  assert.equal((await client.unary({ text: TEXT })).text, TEXT);
  assert.equal(chosen, "identity");
});

test("an unknown name for a call throws where the call is made", async () => {
  const { client } = await start();
  await assert.rejects(client.unary({}, { compression: "lzma" }), {
    name: "TypeError",
    message: /"lzma" is not known/,
  });
});

test("a decompression bomb stops at the receive limit, in both directions, and costs one call", async () => {
  const { client } = await start(
    { unary: (request) => (request.count > 0 ? { data: new Uint8Array(3 * MIB) } : { text: request.text }) },
    {
      server: { maxReceiveMessageBytes: MIB, compression: { send: "gzip" } },
      channel: { maxReceiveMessageBytes: MIB, compression: { send: "gzip" } },
    },
  );
  for (const request of [{ data: new Uint8Array(100 * MIB) }, { count: 1 }]) {
    await assert.rejects(client.unary(request), (error: RpcError) => {
      assert.equal(error.code, StatusCode.RESOURCE_EXHAUSTED);
      assert.match(error.message, /compressed with gzip exceeds the receive limit of 1048576 octets/);
      return true;
    });
  }
  assert.equal((await client.unary({ text: "x" })).text, "x");
});

test("calls that are given up while a message is being compressed or decompressed leave nothing behind", async () => {
  const { client } = await start(
    {},
    { server: { compression: { send: "gzip" } }, channel: { compression: { send: "gzip" } } },
  );
  const data = new Uint8Array(2 * MIB);
  for (let turns = 0; turns < 20; turns++) {
    const controller = new AbortController();
    const call = client.unary({ data }, { signal: controller.signal });
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await call.catch(() => {});
  }
  assert.equal((await client.unary({ text: "x" })).text, "x");
});

test("trailers and errors come behind the messages that were still being compressed", async () => {
  const { client } = await start(
    {
      async *serverStream(request, call) {
        for (let count = 0; count < 5; count++) yield { data: new Uint8Array(500_000), count };
        call.trailers.set("tail", "yes");
        if (request.text === "fail") throw new Error("after the messages");
      },
    },
    { server: { compression: { send: "gzip" } } },
  );
  let tail: unknown;
  const onTrailers = (trailers: { get(name: string): unknown }): void => {
    tail = trailers.get("tail");
  };
  assert.equal((await collect(client.serverStream({}, { onTrailers }))).length, 5);
  assert.equal(tail, "yes");
  const counts: number[] = [];
  await assert.rejects(
    async () => {
      for await (const reply of client.serverStream({ text: "fail" })) counts.push(reply.count);
    },
    { code: StatusCode.UNKNOWN },
  );
  assert.deepEqual(counts, [0, 1, 2, 3, 4]);
});
