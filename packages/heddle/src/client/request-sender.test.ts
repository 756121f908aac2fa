import assert from "node:assert/strict";
import { once } from "node:events";
import test from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { RpcError } from "../core/rpc-error.js";
import { StatusCode } from "../core/status.js";
import type { ClientStream } from "../transport/client-stream.js";
import { RequestSender } from "./request-sender.js";

const LOST = new RpcError(StatusCode.UNAVAILABLE, "the connection was lost");

/** A stream that notes what it is given. A message "bad" cannot be serialised. */
class FakeStream implements ClientStream {
  readonly peerAddress = "192.0.2.1:1";
  readonly sent: unknown[] = [];
  hasRoom = true;

  sendMessage(_encoder: unknown, message: unknown): boolean {
    if (message === "bad") throw new TypeError("not a message");
    this.sent.push(message);
    return this.hasRoom;
  }

  halfClose(): void {
    this.sent.push("half-close");
  }

  cancel(): void {}

  credit(): void {}
}

function failTest(error: unknown): never {
  assert.fail(String(error));
}

function createSender() {
  return { sender: new RequestSender({ encode: () => {} }), stream: new FakeStream() };
}

test("what is sent before there is a stream leaves in its order when there is one", async () => {
  const { sender, stream } = createSender();
  const sends = [sender.send("a"), sender.send("b")];
  sender.end();
  sender.open(stream);
  assert.deepEqual(stream.sent, ["a", "b", "half-close"]);
  await Promise.all(sends);
});

test("a send without room settles when there is room, as do all that wait", async () => {
  const { sender, stream } = createSender();
  stream.hasRoom = false;
  const early = sender.send("a");
  sender.open(stream);
  let settled = 0;
  const sends = [early, sender.send("b")].map((sent) => sent.then(() => settled++));
  await nextTurn();
  assert.equal(settled, 0);
  sender.onRoom();
  await Promise.all(sends);
  assert.equal(settled, 2);
});

test("the end of the call rejects what waits with its error, and nobody has to look", async () => {
  for (const opened of [true, false]) {
    const { sender, stream } = createSender();
    stream.hasRoom = false;
    if (opened) sender.open(stream);
    const watched = sender.send("a");
    void sender.send("b");
    sender.close(LOST);
    await assert.rejects(watched, LOST);
    void sender.send("c");
    await assert.rejects(sender.send("d"), LOST);
    await nextTurn();
  }
});

test("a send that waited for the connection, then for room, harms nobody either when the call ends", async () => {
  const { sender, stream } = createSender();
  stream.hasRoom = false;
  void sender.send("a");
  sender.open(stream);
  sender.close(LOST);
  await nextTurn();
  assert.deepEqual(stream.sent, ["a"]);
});

test("the source of a call that was over before it began is left without being asked", async () => {
  const { sender } = createSender();
  const calls: string[] = [];
  const source: AsyncIterator<unknown> = {
    next: async () => assert.fail("nobody wants a message"),
    return: async () => {
      calls.push("return");
      return { done: true, value: undefined };
    },
  };
  sender.close(LOST);
  await sender.sendAll({ [Symbol.asyncIterator]: () => source }, failTest);
  assert.deepEqual(calls, ["return"]);
});

test("after a call that ended well, sends say that the server has answered", async () => {
  const { sender } = createSender();
  sender.close(undefined);
  await assert.rejects(sender.send("a"), /the server has answered/);
});

test("a send after the half-close is the caller's mistake", async () => {
  const { sender, stream } = createSender();
  sender.open(stream);
  sender.end();
  await assert.rejects(sender.send("a"), /send was called after end/);
});

test("a message that cannot be serialised rejects its own send only", async () => {
  for (const opened of [true, false]) {
    const { sender, stream } = createSender();
    if (opened) sender.open(stream);
    const bad = sender.send("bad");
    const good = sender.send("a");
    sender.open(stream);
    await assert.rejects(bad, {
      code: StatusCode.INTERNAL,
      message: "a request could not be serialised: not a message",
    });
    await good;
    assert.deepEqual(stream.sent, ["a"]);
  }
});

test("a message that is dropped because it cannot be serialised is never silent, sent before the connection or after", async () => {
  for (const opened of [true, false]) {
    const { sender, stream } = createSender();
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    const unhandled = once(process, "unhandledRejection");
    try {
      if (opened) sender.open(stream);
      void sender.send("bad");
      sender.open(stream);
      const timeout = nextTurn().then(() => nextTurn(["nothing was told"]));
      assert.match(String((await Promise.race([unhandled, timeout]))[0]), /a request could not be serialised/);
    } finally {
      for (const listener of listeners) process.on("unhandledRejection", listener);
    }
  }
});

test("a source is sent at the pace of the stream, then half-closed", async () => {
  const { sender, stream } = createSender();
  sender.open(stream);
  stream.hasRoom = false;
  const all = sender.sendAll(["a", "b"], failTest);
  await nextTurn();
  assert.deepEqual(stream.sent, ["a"]);
  sender.onRoom();
  await nextTurn();
  assert.deepEqual(stream.sent, ["a", "b"]);
  sender.onRoom();
  await all;
  assert.deepEqual(stream.sent, ["a", "b", "half-close"]);
});

test("what a source throws is told, and the stream is not half-closed as if all were there", async () => {
  const { sender, stream } = createSender();
  sender.open(stream);
  const failure = new Error("the file is gone");
  const failures: unknown[] = [];
  async function* source() {
    yield "a";
    throw failure;
  }
  await sender.sendAll(source(), (...told) => failures.push(told));
  assert.deepEqual(failures, [[StatusCode.CANCELLED, "the source of the requests failed: the file is gone", failure]]);
  assert.deepEqual(stream.sent, ["a"]);
});

test("requests that cannot be iterated are told as a failure of the source", async () => {
  for (const requests of [{ text: "one request" }, 7, null] as unknown as Iterable<unknown>[]) {
    const { sender } = createSender();
    const failures: unknown[] = [];
    await sender.sendAll(requests, (_code, message) => failures.push(message));
    assert.match(String(failures[0]), /source .* failed: the requests of a streaming call must be iterable/);
  }
});

test("the end of the call leaves the source, also one of which a message could not be serialised", async () => {
  for (const last of ["a", "bad"]) {
    const { sender, stream } = createSender();
    sender.open(stream);
    stream.hasRoom = false;
    let left = false;
    async function* source() {
      try {
        yield last;
        yield "never";
      } finally {
        left = true;
      }
    }
    const all = sender.sendAll(source(), () => sender.close(LOST));
    await nextTurn();
    sender.close(LOST);
    await all;
    await nextTurn();
    assert.equal(left, true);
    assert.ok(!stream.sent.includes("never") && !stream.sent.includes("half-close"));
  }
});

test("a source may end the call while it is asked for the next message", async () => {
  const { sender, stream } = createSender();
  sender.open(stream);
  let wentOn = false;
  function* source() {
    yield "a";
    // A generator that runs cannot be left; it throws at the attempt.
    sender.close(LOST);
    wentOn = true;
    yield "b";
  }
  await sender.sendAll(source(), failTest);
  assert.equal(wentOn, true);
  assert.deepEqual(stream.sent, ["a"]);
});
