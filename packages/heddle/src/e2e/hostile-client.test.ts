import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, test } from "node:test";
import { FakeClock } from "../core/fake-clock.js";
import { RpcError, StatusCode } from "../index.js";
import { aborted, deferred, start } from "./testing/probe.js";
import { frame, HELLO, headersFrame, RawClient, requestFields } from "./testing/raw-client.js";

const uncaught: unknown[] = [];
process.on("uncaughtException", (error) => uncaught.push(error));
after(() => assert.deepEqual(uncaught, []));

const GOAWAY = 7;

/** A message with its prefix. */
function message(...bytes: number[]): number[] {
  return [0, 0, 0, 0, bytes.length, ...bytes];
}

test("garbage costs its sender the connection, with GOAWAY, and nobody else anything", async () => {
  const { client, port } = await start();
  for (const garbage of ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\x16\x03\x01\x02\x00\x01", "\0".repeat(100)]) {
    const raw = await RawClient.connect(port, Buffer.from(garbage, "latin1"));
    const goAway = await raw.find((one) => one.type === GOAWAY);
    assert.equal(goAway.payload.readUInt32BE(4), 1);
    raw.socket.end();
    await raw.closed();
    assert.equal((await client.unary({ text: "still here" })).text, "still here");
  }
});

test("a client that disconnects in the middle of a frame, at any octet, costs its own call only", async () => {
  const stopped: Promise<unknown>[] = [];
  const { client, port } = await start({
    async clientStream(_requests, call) {
      stopped.push(aborted(call.signal));
      await aborted(call.signal);
      return {};
    },
  });
  const bytes = Buffer.concat([
    HELLO,
    headersFrame(1, requestFields("ClientStream")),
    frame(0, 0, 1, message(10, 1, 65)),
  ]);
  for (let length = 1; length <= bytes.length; length += 7) {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
    await new Promise<void>((resolve) => socket.write(bytes.subarray(0, length), () => resolve()));
    socket.resetAndDestroy();
  }
  assert.equal((await client.unary({ text: "still here" })).text, "still here");
  await Promise.all(stopped);
});

test("requests that are not gRPC get the HTTP status that says so, and the connection goes on", async () => {
  const { port } = await start();
  const raw = await RawClient.connect(port);
  const cases: [Record<string, string>, string][] = [
    [{ "content-type": "application/json" }, "415"],
    [{ "content-type": "application/grpc-web" }, "415"],
    [{ ":method": "GET" }, "405"],
    [{ "grpc-timeout": "5 seconds" }, "400"],
  ];
  let streamId = 1;
  for (const [fields, status] of cases) {
    raw.write(headersFrame(streamId, requestFields("Unary", fields), true));
    assert.equal((await raw.lastBlock(streamId))[":status"], status);
    streamId += 2;
  }
  raw.write(headersFrame(streamId, requestFields("Unary")), frame(0, 1, streamId, message()));
  assert.equal((await raw.lastBlock(streamId))["grpc-status"], "0");
});

test("content types with a subtype or parameters are gRPC", async () => {
  const { port } = await start();
  const raw = await RawClient.connect(port);
  let streamId = 1;
  for (const type of ["application/grpc+proto", "application/grpc;charset=utf-8", "Application/GRPC"]) {
    raw.write(
      headersFrame(streamId, requestFields("Unary", { "content-type": type })),
      frame(0, 1, streamId, message()),
    );
    assert.equal((await raw.lastBlock(streamId))["grpc-status"], "0");
    streamId += 2;
  }
});

test("paths without a method get UNIMPLEMENTED, with the reason", async () => {
  const { port } = await start();
  const raw = await RawClient.connect(port);
  const cases: [string, RegExp][] = [
    ["/", /is not of the form/],
    ["//", /is not of the form/],
    ["heddle.probe.Probe/Unary", /is not of the form/],
    ["/heddle.probe.Probe/Unary/", /is not of the form/],
    ["/heddle.probe.Probe/Nothing", /the service heddle.probe.Probe has no method Nothing/],
    ["/nobody.Here/Unary", /this server has no service nobody.Here/],
    ["/__proto__/constructor", /this server has no service __proto__/],
  ];
  let streamId = 1;
  for (const [path, reason] of cases) {
    raw.write(headersFrame(streamId, requestFields("Unary", { ":path": path }), true));
    const fields = await raw.lastBlock(streamId);
    assert.equal(fields["grpc-status"], "12");
    assert.match(fields["grpc-message"] as string, reason);
    streamId += 2;
  }
});

test("messages that are broken, truncated, compressed or too large fail their own call only", async () => {
  const { port } = await start({}, { server: { maxReceiveMessageBytes: 100 } });
  const raw = await RawClient.connect(port);
  const cases: [number[], string, RegExp][] = [
    [[0, 0, 0, 0], "13", /ended after 4 of the 5 octets/],
    [[0, 0, 0, 0, 9, 1], "13", /ended after 1 of the 9 octets/],
    [[1, 0, 0, 0, 0], "13", /compressed/],
    [[7, 0, 0, 0, 0], "13", /begins with 7/],
    [[0, 255, 255, 255, 255], "8", /4294967295 octets exceeds the receive limit of 100/],
    [message(255, 255), "13", /could not be decoded/],
    [message(10, 1, 0xff), "13", /could not be decoded/],
    [[], "12", /none was sent/],
    [[...message(), ...message()], "12", /a second one was sent/],
  ];
  let streamId = 1;
  for (const [body, status, reason] of cases) {
    raw.write(headersFrame(streamId, requestFields("Unary")), frame(0, 1, streamId, body));
    const fields = await raw.lastBlock(streamId);
    assert.equal(fields["grpc-status"], status, JSON.stringify(fields));
    assert.match(decodeURIComponent(fields["grpc-message"] as string), reason);
    streamId += 2;
  }
  raw.write(headersFrame(streamId, requestFields("Unary")), frame(0, 1, streamId, message()));
  assert.equal((await raw.lastBlock(streamId))["grpc-status"], "0");
});

test("a message of exactly the limit passes", async () => {
  const { client } = await start({}, { server: { maxReceiveMessageBytes: 102 } });
  assert.equal((await client.unary({ text: "x".repeat(100) })).text.length, 100);
  await assert.rejects(client.unary({ text: "x".repeat(101) }), { code: 8 });
});

test("RST_STREAM for a call aborts its handler's signal", async () => {
  const running = deferred();
  const stopped = deferred<unknown>();
  const { port } = await start({
    async unary(_request, call) {
      running.resolve();
      stopped.resolve(await aborted(call.signal));
      return {};
    },
  });
  const raw = await RawClient.connect(port);
  raw.write(headersFrame(1, requestFields("Unary")), frame(0, 1, 1, message()));
  await running.promise;
  raw.write(frame(3, 0, 1, [0, 0, 0, 8]));
  assert.match(String(await stopped.promise), /CANCELLED.*gave the call up/);
});

test("the server keeps the deadline by itself when the client does not", async () => {
  const running = deferred();
  const stopped = deferred<unknown>();
  const serverClock = new FakeClock();
  const { port } = await start(
    {
      async unary(_request, call) {
        running.resolve();
        stopped.resolve(await aborted(call.signal));
        return {};
      },
    },
    { serverClock },
  );
  const raw = await RawClient.connect(port);
  raw.write(headersFrame(1, requestFields("Unary", { "grpc-timeout": "250m" })), frame(0, 1, 1, message()));
  await running.promise;
  serverClock.advance(270);
  assert.equal((await raw.lastBlock(1))["grpc-status"], "4");
  const reason = await stopped.promise;
  assert.ok(reason instanceof RpcError && reason.code === StatusCode.DEADLINE_EXCEEDED);
});
