import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import type { Socket, SocketHandler } from "../transport/socket.js";
import { KeepAlive } from "./keep-alive.js";
import { createSocketPair, type SocketPair } from "./socket-pair.js";

/** A handler that notes what happens, in words. */
class Recorder implements SocketHandler {
  readonly events: string[] = [];
  received: Buffer = Buffer.alloc(0);

  onData(chunk: Buffer): void {
    this.events.push("data");
    this.received = Buffer.concat([this.received, chunk]);
  }

  onDrain(): void {
    this.events.push("drain");
  }

  onClose(error: Error | undefined): void {
    this.events.push(error === undefined ? "close" : `close: ${error.message}`);
  }
}

interface Opened extends SocketPair {
  readonly onClient: Recorder;
  readonly onServer: Recorder;
  readonly closed: () => boolean;
}

const keepAlive = new KeepAlive();
const clients: Socket[] = [];
after(() => {
  for (const client of clients) client.destroy();
});

function open(): Opened {
  let closed = false;
  const pair = createSocketPair({
    serverAddress: "greeter:50051",
    clientAddress: "in-memory:1",
    keepAlive,
    onClosed: () => {
      closed = true;
    },
  });
  clients.push(pair.client);
  const [onClient, onServer] = [new Recorder(), new Recorder()];
  pair.client.open(onClient);
  pair.server.open(onServer);
  return { ...pair, onClient, onServer, closed: () => closed };
}

async function turns(count = 10): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}

/** Writes until the socket is congested; gives the number of octets. */
function fill(socket: Socket): number {
  let bytes = 0;
  for (; !socket.isCongested; bytes += 1000) socket.write(Buffer.alloc(1000, 7));
  return bytes;
}

test("octets arrive in order, and never within the write", async () => {
  const { client, onServer, server, onClient } = open();
  client.write(Buffer.from("one "));
  client.write(Buffer.from("two"));
  server.write(Buffer.from("answer"));
  assert.deepEqual([onServer.events, onClient.events], [[], []]);
  await turns();
  assert.deepEqual([String(onServer.received), String(onClient.received)], ["one two", "answer"]);
});

test("each end sees the other's address", () => {
  const { client, server } = open();
  assert.deepEqual([client.peerAddress, server.peerAddress], ["greeter:50051", "in-memory:1"]);
});

test("a buffer may be used again as soon as write returns true", async () => {
  const { client, onServer } = open();
  const buffer = Buffer.from("first");
  assert.equal(client.write(buffer), true);
  buffer.write("later");
  await turns();
  assert.equal(String(onServer.received), "first");
});

test("what is written before the other end is opened waits for it", async () => {
  const { client, server } = createSocketPair({
    serverAddress: "a:1",
    clientAddress: "b:1",
    keepAlive,
    onClosed: () => {},
  });
  client.open(new Recorder());
  client.write(Buffer.from("early"));
  client.destroy();
  await turns();
  const late = new Recorder();
  server.open(late);
  assert.deepEqual(late.events, []);
  await turns();
  assert.deepEqual([String(late.received), late.events.at(-1)], ["early", "close"]);
});

test("a writer is congested when 64 KiB are on their way, and hears when they have arrived", async () => {
  const { client, onClient, onServer } = open();
  const bytes = fill(client);
  assert.equal(bytes, 66_000);
  await turns();
  assert.equal(client.isCongested, false);
  assert.equal(onServer.received.length, bytes);
  assert.deepEqual(onClient.events, ["drain"]);
});

test("a writer that was never congested hears of no drain", async () => {
  const { client, onClient } = open();
  client.write(Buffer.alloc(1000));
  await turns();
  assert.deepEqual(onClient.events, []);
});

test("a reader that does not read makes its writer congested, and gets everything when it reads again", async () => {
  const { client, server, onClient, onServer } = open();
  server.setReading(false);
  const bytes = fill(client);
  await turns();
  assert.deepEqual([client.isCongested, onServer.events, onClient.events], [true, [], []]);
  server.setReading(true);
  assert.deepEqual(onServer.events, []);
  await turns();
  assert.deepEqual([client.isCongested, onServer.received.length, onClient.events], [false, bytes, ["drain"]]);
});

test("a reader that pauses while it is given octets gets no more of them", async () => {
  const { client, server, onServer } = open();
  onServer.onData = function (this: Recorder, chunk) {
    this.received = Buffer.concat([this.received, chunk]);
    server.setReading(false);
  };
  client.write(Buffer.alloc(200_000));
  await turns();
  assert.equal(onServer.received.length, 65_536);
  server.setReading(true);
  await turns();
  assert.equal(onServer.received.length, 131_072);
});

test("end closes behind what was written, and the other end closes after it", async () => {
  const { client, server, onClient, onServer, closed } = open();
  server.write(Buffer.from("still here"));
  client.write(Buffer.from("last words"));
  client.end();
  client.end();
  client.write(Buffer.from("too late"));
  await turns();
  assert.deepEqual([String(onServer.received), onServer.events.at(-1)], ["last words", "close"]);
  assert.deepEqual([String(onClient.received), onClient.events.at(-1)], ["still here", "close"]);
  assert.equal(closed(), true);
});

test("a reader that does not read hears of the end when it reads again", async () => {
  const { client, server, onServer } = open();
  server.setReading(false);
  client.write(Buffer.from("x"));
  client.end();
  await turns();
  assert.deepEqual(onServer.events, []);
  server.setReading(true);
  await turns();
  assert.deepEqual(onServer.events, ["data", "close"]);
});

test("destroy closes at once, though never within the call, and the other end behind what was written", async () => {
  const { client, onClient, onServer, closed } = open();
  client.write(Buffer.from("x"));
  client.destroy();
  client.destroy();
  assert.deepEqual(onClient.events, []);
  await turns();
  assert.deepEqual(onClient.events, ["close"]);
  assert.deepEqual(onServer.events, ["data", "close"]);
  assert.equal(closed(), true);
});

test("destroy by who has not read everything resets the connection, also for an end that does not read", async () => {
  const { client, server, onServer } = open();
  server.setReading(false);
  server.write(Buffer.from("unread"));
  client.destroy();
  await turns();
  assert.deepEqual(onServer.events, ["close: ECONNRESET: the peer closed it without reading everything"]);
});

test("an end that does not read hears of a reset after an orderly end, too", async () => {
  const { client, server, onServer } = open();
  server.setReading(false);
  server.write(Buffer.from("unread"));
  client.end();
  client.destroy();
  await turns();
  assert.match(onServer.events.join(), /^close: ECONNRESET/);
});

test("an end that is destroyed while it is given octets gets no more, and closes once", async () => {
  const { client, server, onServer } = open();
  onServer.onData = function (this: Recorder) {
    this.events.push("data");
    server.destroy();
  };
  client.write(Buffer.alloc(200_000));
  client.end();
  await turns();
  assert.deepEqual(onServer.events, ["data", "close"]);
});

test("cut loses what is on its way, and both ends are told", async () => {
  const { client, server, onClient, onServer, cut, closed } = open();
  client.write(Buffer.from("lost"));
  server.write(Buffer.from("lost too"));
  cut("unplugged");
  client.write(Buffer.from("after"));
  await turns();
  assert.deepEqual(
    [onClient.events, onServer.events],
    [["close: ECONNRESET: unplugged"], ["close: ECONNRESET: unplugged"]],
  );
  assert.equal(closed(), true);
});

test("an end that nobody has opened is closed by destroy, and says so to who opens it later", async () => {
  let closed = false;
  const { client, server } = createSocketPair({
    serverAddress: "a:1",
    clientAddress: "b:1",
    keepAlive,
    onClosed: () => {
      closed = true;
    },
  });
  const [onClient, onServer] = [new Recorder(), new Recorder()];
  client.open(onClient);
  server.destroy();
  await turns();
  assert.deepEqual([onClient.events, closed], [["close"], true]);
  server.open(onServer);
  await turns();
  assert.deepEqual(onServer.events, ["close"]);
});

test("a connection that has ended cannot be cut any more", async () => {
  const { client, onClient, onServer, cut } = open();
  client.destroy();
  await turns();
  cut("too late");
  await turns();
  assert.deepEqual([onClient.events, onServer.events], [["close"], ["close"]]);
});

test("only the client's end keeps the process alive, while it is referenced and open", async () => {
  let held = 0;
  class Counter extends KeepAlive {
    override hold(): void {
      held += 1;
    }
    override release(): void {
      held -= 1;
    }
  }
  const { client, server } = createSocketPair({
    serverAddress: "a:1",
    clientAddress: "b:1",
    keepAlive: new Counter(),
    onClosed: () => {},
  });
  client.open(new Recorder());
  server.open(new Recorder());
  assert.equal(held, 1);
  client.setReferenced(false);
  client.setReferenced(false);
  server.setReferenced(false);
  assert.equal(held, 0);
  client.setReferenced(true);
  server.setReferenced(true);
  assert.equal(held, 1);
  client.destroy();
  assert.equal(held, 0);
  client.setReferenced(true);
  assert.equal(held, 0);
  await turns();
});

test("whatever is written and however it is read, it arrives unchanged, and each end closes once", async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("write" as const), bytes: fc.integer({ min: 0, max: 150_000 }) }),
    fc.record({ kind: fc.constantFrom("pause" as const, "resume" as const, "turn" as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { client, server, onClient, onServer } = open();
      const sent: Buffer[] = [];
      for (const [index, one] of steps.entries()) {
        if (one.kind === "write") {
          sent.push(Buffer.alloc(one.bytes, index + 1));
          client.write(sent.at(-1) as Buffer);
        } else if (one.kind === "turn") await turn();
        else server.setReading(one.kind === "resume");
      }
      client.end();
      server.setReading(true);
      await turns();
      assert.ok(Buffer.concat(sent).equals(onServer.received));
      for (const { events } of [onClient, onServer]) {
        assert.equal(events.filter((event) => event.startsWith("close")).length, 1);
        assert.equal(events.at(-1), "close");
      }
    }),
    { numRuns: 50 },
  );
});
