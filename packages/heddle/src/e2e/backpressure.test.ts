import assert from "node:assert/strict";
import { test } from "node:test";
import { StatusCode } from "../index.js";
import { collect, deferred, start, untilQuiet } from "./testing/probe.js";

/** 16 KiB of text. */
const CHUNK = "x".repeat(16_384);

test("a client that does not read stops the server's generator at the window, and nobody else", async () => {
  let made = 0;
  const { client } = await start({
    async *serverStream() {
      for (; made < 1000; made++) yield { text: CHUNK };
    },
  });
  const replies = client.serverStream({})[Symbol.asyncIterator]();
  await replies.next();
  const stopped = await untilQuiet(() => made);
  // One window of 64 KiB lies unread here, one message is being sent, and one is made ahead.
  assert.ok(stopped >= 4 && stopped <= 8, `the generator made ${stopped} messages`);
  assert.equal((await client.unary({ text: "others go on" })).text, "others go on");
  for (let i = 0; i < 4; i++) await replies.next();
  const resumed = await untilQuiet(() => made);
  assert.ok(resumed > stopped && resumed <= stopped + 8, `then ${resumed}`);
  await replies.return?.();
});

test("a handler that does not read stops the client's send() at the window, until it reads", async () => {
  const read = deferred();
  const { client } = await start({
    async clientStream(requests) {
      await read.promise;
      let count = 0;
      for await (const _ of requests) count += 1;
      return { count };
    },
  });
  const call = client.clientStream();
  let sent = 0;
  const sending = (async () => {
    for (; sent < 100; sent++) await call.send({ text: CHUNK });
    call.end();
  })();
  const stopped = await untilQuiet(() => sent);
  assert.ok(stopped >= 3 && stopped <= 6, `the client sent ${stopped} messages`);
  read.resolve();
  await sending;
  assert.equal((await call.response).count, 100);
});

test("a generator of requests is pulled at the window's pace", async () => {
  const read = deferred();
  let pulled = 0;
  const { client } = await start({
    async clientStream(requests) {
      await read.promise;
      let count = 0;
      for await (const _ of requests) count += 1;
      return { count };
    },
  });
  const response = client.clientStream(
    (function* () {
      for (; pulled < 100; pulled++) yield { text: CHUNK };
    })(),
  );
  const stopped = await untilQuiet(() => pulled);
  assert.ok(stopped <= 8, `pulled ${stopped}`);
  read.resolve();
  assert.equal((await response).count, 100);
});

test("a handler that ignores its requests and answers does not block the client", async () => {
  const { client } = await start({ clientStream: async () => ({ text: "did not read" }) });
  const call = client.clientStream();
  const sends = Array.from({ length: 50 }, () => call.send({ text: CHUNK }).catch((error) => error.code as number));
  assert.equal((await call.response).text, "did not read");
  for (const result of await Promise.all(sends)) assert.ok(result === undefined || result === StatusCode.CANCELLED);
});

test("a handler that stops reading early, but goes on answering, does not block the client's sends", async () => {
  const { client } = await start({
    async *bidi(requests) {
      for await (const _ of requests) break;
      for (let count = 0; count < 3; count++) yield { count };
    },
  });
  const replies = await collect(client.bidi(Array.from({ length: 50 }, () => ({ text: CHUNK }))));
  assert.equal(replies.length, 3);
});

test("messages that lie unread when the stream ends are still delivered, then the error", async () => {
  const { client } = await start({
    async *serverStream() {
      for (let count = 0; count < 500; count++) yield { count };
      throw new Error("after all of them");
    },
  });
  const replies = client.serverStream({})[Symbol.asyncIterator]();
  await untilQuiet(() => 0);
  for (let count = 0; count < 500; count++) assert.equal((await replies.next()).value?.count, count);
  await assert.rejects(replies.next(), { code: StatusCode.UNKNOWN });
  assert.equal((await replies.next()).done, true);
});

test("a message larger than the window reaches a reader who waits for it", async () => {
  const { client } = await start();
  const text = "y".repeat(1_000_000);
  const replies = await collect(client.serverStream({ text, count: 3 }));
  assert.deepEqual(
    replies.map((reply) => reply.text.length),
    [1_000_000, 1_000_000, 1_000_000],
  );
});
