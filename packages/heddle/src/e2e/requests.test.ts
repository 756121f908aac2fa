/** What a server makes of requests, in order or not, and what its answers are made of: seen frame by frame. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RpcError, StatusCode } from "../index.js";
import { start } from "./testing/probe.js";
import { frame, HELLO, headersFrame, RawClient, type ReceivedFrame, requestFields } from "./testing/raw-client.js";
import { dataFrame, settingsFrame } from "./testing/raw-server.js";

const DATA = 0;
const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const END_STREAM = 1;

const EMPTY = dataFrame(1, []);

/** The request of a unary call. */
function unary(
  streamId: number,
  fields: Readonly<Record<string, string>> = {},
  message: readonly number[] = [],
): Buffer {
  return Buffer.concat([
    headersFrame(streamId, requestFields("Unary", fields)),
    dataFrame(streamId, message),
    frame(DATA, END_STREAM, streamId, []),
  ]);
}

/** The types of the frames of a stream, and which one ended it: `["HEADERS", "DATA", "HEADERS end"]`. */
function shape(frames: readonly ReceivedFrame[], streamId: number): string[] {
  const names = ["DATA", "HEADERS", "2", "RST_STREAM"];
  return frames
    .filter((one) => one.streamId === streamId && one.type <= RST_STREAM)
    .map(({ type, flags }) => `${names[type]}${type <= HEADERS && (flags & END_STREAM) !== 0 ? " end" : ""}`);
}

test("a -bin value that is not base64 fails its call with INTERNAL and names its key, before the handler", async () => {
  let calls = 0;
  const { port } = await start({
    unary() {
      calls += 1;
      return {};
    },
  });
  const raw = await RawClient.connect(port);
  for (const [index, value] of ["*", "AAAAA", "AA=", "AAAA,%", "a b"].entries()) {
    const streamId = index * 2 + 1;
    raw.write(unary(streamId, { "good-bin": "AA==,AAA", "token-bin": value }));
    const fields = await raw.lastBlock(streamId);
    assert.equal(fields["grpc-status"], "13", value);
    assert.match(fields["grpc-message"] ?? "", /metadata "token-bin" has a value that is not base64/);
  }
  raw.write(unary(11, { "token-bin": "AA==, AAA=,,AAAA", "grpc-status-details-bin": "*" }));
  assert.equal((await raw.lastBlock(11))["grpc-status"], "0");
  assert.equal(calls, 1);
});

test("what is no gRPC request is told so in terms of HTTP, and why in terms of gRPC", async () => {
  const { port } = await start();
  const raw = await RawClient.connect(port);
  const cases: readonly (readonly [Record<string, string>, Record<string, string>, RegExp])[] = [
    [{ "content-type": "text/plain" }, { ":status": "415", "grpc-status": "2" }, /content-type is text\/plain/],
    [{ "content-type": "application/grpc-web" }, { ":status": "415", "grpc-status": "2" }, /application\/grpc-web/],
    [{ ":method": "GET" }, { ":status": "405", allow: "POST", "grpc-status": "2" }, /POST, not GET/],
    [{ "grpc-timeout": "1x" }, { ":status": "400", "grpc-status": "13" }, /grpc-timeout is "1x"/],
    [{ "grpc-timeout": "123456789S" }, { ":status": "400", "grpc-status": "13" }, /"123456789S"; up to 8 digits/],
  ];
  for (const [index, [request, expected, message]] of cases.entries()) {
    const streamId = index * 2 + 1;
    raw.write(headersFrame(streamId, requestFields("Unary", request), true));
    const fields = await raw.lastBlock(streamId);
    for (const [name, value] of Object.entries(expected)) assert.equal(fields[name], value, name);
    assert.match(fields["grpc-message"] ?? "", message);
  }
  raw.write(unary(21));
  assert.equal((await raw.lastBlock(21))["grpc-status"], "0");
});

test("a message that cannot be decoded is told with its type, its field and where", async () => {
  const { port } = await start();
  const raw = await RawClient.connect(port);
  raw.write(unary(1, {}, [10, 2, 0xc3, 0x28]), unary(3, {}, [24, 0x80]), unary(5));
  const [text, wire] = [await raw.lastBlock(1), await raw.lastBlock(3)];
  assert.match(text["grpc-message"] ?? "", /a request .*heddle\.probe\.Request\.text at byte \d+: .*UTF-8/);
  assert.match(wire["grpc-message"] ?? "", /heddle\.probe\.Request\.count at byte/);
  assert.deepEqual([text["grpc-status"], wire["grpc-status"]], ["13", "13"]);
  assert.equal((await raw.lastBlock(5))["grpc-status"], "0");
});

test("an answer is HEADERS, DATA and trailers; an error before any of them is one block with the content-type", async () => {
  const { port } = await start({
    unary(request, call) {
      if (request.count === 2) call.sendHeaders({ "x-sent": "yes" });
      if (request.count > 0) throw new RpcError(StatusCode.NOT_FOUND, "50 %\n\ud800");
      return {};
    },
  });
  const raw = await RawClient.connect(port);
  raw.write(unary(1), unary(3, {}, [24, 1]), unary(5, {}, [24, 2]));
  assert.deepEqual(await raw.lastBlock(1), { "grpc-status": "0" });
  const status = { "grpc-status": "5", "grpc-message": "50 %25%0A%EF%BF%BD" };
  assert.deepEqual(await raw.lastBlock(3), { ":status": "200", "content-type": "application/grpc", ...status });
  assert.deepEqual(await raw.lastBlock(5), status);
  assert.deepEqual(shape(raw.frames, 1), ["HEADERS", "DATA", "HEADERS end"]);
  assert.deepEqual(shape(raw.frames, 3), ["HEADERS end"]);
  assert.deepEqual(shape(raw.frames, 5), ["HEADERS", "HEADERS end"]);
});

test("grpc-status is the code in decimal, without leading zeros, for every code", async () => {
  const { port } = await start({
    unary(request) {
      throw new RpcError(request.count as StatusCode, "");
    },
  });
  const raw = await RawClient.connect(port);
  for (let code = 1; code <= 16; code++) {
    const streamId = code * 2 - 1;
    raw.write(unary(streamId, {}, [24, code]));
    const fields = await raw.lastBlock(streamId);
    assert.deepEqual([fields["grpc-status"], fields["grpc-message"]], [String(code), undefined]);
  }
});

test("wherever a handler fails, what it gave before is sent, and then its status", async () => {
  const { port } = await start({
    async *serverStream(request, call) {
      try {
        if (request.count === 0) throw new RpcError(StatusCode.ABORTED, "before the headers");
        call.sendHeaders();
        if (request.count === 1) throw new RpcError(StatusCode.ABORTED, "before the messages");
        yield {};
        if (request.count === 2) throw new RpcError(StatusCode.ABORTED, "between them");
        yield {};
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: what a test of a failing clean-up is about
        if (request.count === 3) throw new RpcError(StatusCode.ABORTED, "after them");
      }
    },
  });
  const raw = await RawClient.connect(port);
  const shapes = [
    ["HEADERS end"],
    ["HEADERS", "HEADERS end"],
    ["HEADERS", "DATA", "HEADERS end"],
    ["HEADERS", "DATA", "DATA", "HEADERS end"],
  ];
  for (const [count, expected] of shapes.entries()) {
    const streamId = count * 2 + 1;
    raw.write(
      headersFrame(streamId, requestFields("ServerStream")),
      dataFrame(streamId, [24, count]),
      frame(DATA, END_STREAM, streamId, []),
    );
    assert.equal((await raw.lastBlock(streamId))["grpc-status"], "10");
    assert.deepEqual(shape(raw.frames, streamId), expected);
  }
});

test("an answer before the caller's half-close is followed by RST_STREAM(NO_ERROR), which frees the stream", async () => {
  const { port } = await start({ clientStream: () => ({ text: "enough" }) }, { server: { maxConcurrentCalls: 1 } });
  const raw = await RawClient.connect(port);
  for (const streamId of [1, 3, 5]) {
    raw.write(headersFrame(streamId, requestFields("ClientStream")), dataFrame(streamId, []));
    assert.equal((await raw.lastBlock(streamId))["grpc-status"], "0");
    const reset = await raw.find((one) => one.type === RST_STREAM && one.streamId === streamId);
    assert.equal(reset.payload.readUInt32BE(), 0);
  }
});

test("a second request, and none at all, break the rules of a method that takes one, and not of one that takes a stream", async () => {
  const { port } = await start();
  const raw = await RawClient.connect(port);
  raw.write(headersFrame(1, requestFields("Unary")), EMPTY, EMPTY);
  assert.match((await raw.lastBlock(1))["grpc-message"] ?? "", /Unary takes one request, but a second one was sent/);
  raw.write(headersFrame(3, requestFields("ServerStream"), true));
  assert.match((await raw.lastBlock(3))["grpc-message"] ?? "", /ServerStream takes one request, but none was sent/);
  raw.write(headersFrame(5, requestFields("ClientStream"), true));
  assert.equal((await raw.lastBlock(5))["grpc-status"], "0");
});

test("our SETTINGS tell the peer how large a header list may be", async () => {
  const { port } = await start();
  const raw = await RawClient.connect(port);
  const { payload } = await raw.find((one) => one.type === SETTINGS && (one.flags & 1) === 0);
  const settings = new Map<number, number>();
  for (let at = 0; at < payload.length; at += 6) settings.set(payload.readUInt16BE(at), payload.readUInt32BE(at + 2));
  assert.equal(settings.get(6), 8192);
});

test("a peer that accepts header lists of one octet is answered all the same: no call is reset for it", async () => {
  const { port } = await start({
    unary(request, call) {
      if (request.count === 1) throw new RpcError(StatusCode.NOT_FOUND, "gone");
      call.sendHeaders({ "x-head": "h" });
      call.trailers.set("x-tail", "t");
      return {};
    },
  });
  const hello = Buffer.concat([HELLO.subarray(0, 24), settingsFrame([[6, 1]])]);
  const raw = await RawClient.connect(port, hello);
  for (let call = 0; call < 1000; call++) {
    raw.write(unary(call * 2 + 1, {}, [24, call % 2]));
    const fields = await raw.lastBlock(call * 2 + 1);
    assert.equal(fields["grpc-status"], call % 2 === 1 ? "5" : "0");
  }
  assert.equal(raw.frames.filter((one) => one.type === RST_STREAM).length, 0);
});
