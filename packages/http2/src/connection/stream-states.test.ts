/** What a stream may receive in each state, and how it ends. RFC 9113 sections 5.1, 5.1.1, 5.4.2 and 8.1. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderList } from "../hpack/header-list.js";
import { createEngine, REQUEST, REQUEST_TEXT, RESPONSE, TRAILERS } from "../testing/engine.js";
import { block, dataFrame, headersFrame, rstFrame, windowUpdateFrame } from "../testing/frames.js";
import { Pair } from "../testing/pair.js";

const BLOCK = block(...REQUEST);
const ANSWER = HeaderList.of(...RESPONSE);

test("a whole call runs through both sides, and both forget the stream", () => {
  const pair = new Pair();
  const call = pair.client.openStream("call");
  pair.client.sendHeaders(call, HeaderList.of(...REQUEST), false);
  pair.client.end(call, undefined);
  pair.settle();
  assert.equal(call.context, "call");
  pair.server.sendHeaders(pair.serverSink.stream(1), ANSWER, false);
  pair.server.end(pair.serverSink.stream(1), HeaderList.of(...TRAILERS));
  pair.settle();
  assert.deepEqual(pair.serverSink.logOf(1), [`headers 1 ${REQUEST_TEXT}`, "end 1", "closed 1"]);
  assert.deepEqual(pair.clientSink.logOf(1), [
    "headers 1 :status 200",
    "trailers 1 grpc-status 0",
    "end 1",
    "closed 1",
  ]);
  assert.equal(pair.client.openStreams + pair.server.openStreams, 0);
  assert.equal(pair.client.fatal ?? pair.server.fatal, undefined);
});

test("what may be sent follows from what was sent", () => {
  const { connection } = createEngine("client");
  const stream = connection.openStream(undefined);
  assert.ok(connection.canSendHeaders(stream) && !connection.canSend(stream));
  connection.sendHeaders(stream, HeaderList.of(...REQUEST), false);
  assert.ok(!connection.canSendHeaders(stream) && connection.canSend(stream));
  connection.end(stream, undefined);
  assert.ok(!connection.canSendHeaders(stream) && !connection.canSend(stream));
  const other = connection.openStream(undefined);
  connection.sendHeaders(other, HeaderList.of(...REQUEST), true);
  assert.ok(!connection.canSend(other));
  assert.deepEqual([stream.id, other.id, connection.openStream(undefined).id], [1, 3, 5]);
});

test("DATA and HEADERS after END_STREAM reset the stream with STREAM_CLOSED", () => {
  for (const frame of [dataFrame(1, "late"), headersFrame(1, block("a", "b"), { end: true })]) {
    const engine = createEngine("server");
    engine.receiveRequest(1, true);
    engine.receive(frame);
    assert.deepEqual(engine.takeSent(), ["RST_STREAM 1 5"]);
    assert.deepEqual(engine.sink.logOf(1).slice(2), ["reset 1 STREAM_CLOSED stream library", "closed 1"]);
    assert.equal(engine.fatalCode, undefined);
  }
});

test("WINDOW_UPDATE and RST_STREAM are fine after END_STREAM, and WINDOW_UPDATE and RST_STREAM after the end of both", () => {
  const engine = createEngine("server");
  const stream = engine.receiveRequest(1, true);
  engine.receive(windowUpdateFrame(1, 5));
  assert.equal(stream.sendWindow, 65_540);
  engine.connection.sendHeaders(stream, ANSWER, true);
  engine.receive(windowUpdateFrame(1, 5), windowUpdateFrame(1, 0), rstFrame(1, 8));
  assert.equal(engine.fatalCode, undefined);
  assert.deepEqual(engine.sink.logOf(1), [`headers 1 ${REQUEST_TEXT} end`, "end 1", "closed 1"]);
});

test("DATA and HEADERS on a stream that ended in order end the connection with STREAM_CLOSED", () => {
  for (const frame of [dataFrame(1, "late"), headersFrame(1, BLOCK, { end: true })]) {
    const engine = createEngine("server");
    engine.connection.sendHeaders(engine.receiveRequest(1, true), ANSWER, true);
    engine.receive(frame);
    assert.equal(engine.fatalCode, 5);
  }
});

test("late frames of a stream that we have reset are ignored", () => {
  const engine = createEngine("server");
  engine.connection.reset(engine.receiveRequest(1), 8, "enough");
  engine.sink.takeLog();
  engine.receive(dataFrame(1, "late"), headersFrame(1, block("a", "b"), { end: true }), windowUpdateFrame(1, 0));
  engine.receive(rstFrame(1, 8), dataFrame(1, "later", { pad: 7 }));
  assert.deepEqual(engine.sink.log, []);
  assert.deepEqual(engine.takeSent(), ["RST_STREAM 1 8"]);
  assert.equal(engine.fatalCode, undefined);
});

test("late frames of a stream that the peer has reset are ignored", () => {
  const engine = createEngine("server");
  engine.receiveRequest(1);
  engine.receive(rstFrame(1, 8), dataFrame(1, "late"), headersFrame(1, block("a", "b"), { end: true }));
  assert.deepEqual(engine.sink.log.slice(1), ["reset 1 CANCEL stream remote", "closed 1"]);
  assert.equal(engine.fatalCode, undefined);
});

test("late frames do not end the connection when a thousand streams were reset at once", () => {
  const engine = createEngine("client");
  const streams = Array.from({ length: 1000 }, () => engine.openStream());
  for (const stream of streams) engine.connection.reset(stream, 8, "enough");
  for (const { id } of streams) engine.receive(headersFrame(id, block(...RESPONSE)), dataFrame(id, "late"));
  assert.equal(engine.fatalCode, undefined);
});

test("a client refuses DATA before HEADERS", () => {
  const engine = createEngine("client");
  engine.openStream();
  engine.takeFrames();
  engine.receive(dataFrame(1, "x"), dataFrame(1, "y", { end: true }));
  assert.deepEqual(engine.takeSent(), ["RST_STREAM 1 1"]);
  assert.deepEqual(engine.sink.log, ["reset 1 PROTOCOL_ERROR stream library", "closed 1"]);
});

test("nothing may come on a stream that a client has not opened, or on an even one", () => {
  for (const id of [1, 2, 3]) {
    for (const frame of [dataFrame(id, "x"), headersFrame(id, block(...RESPONSE)), rstFrame(id, 0)]) {
      const engine = createEngine("client");
      engine.receive(frame);
      assert.equal(engine.fatalCode, 1);
    }
  }
});

test("a request's id must be higher than all before; those that were skipped are closed", () => {
  const engine = createEngine("server");
  engine.receiveRequest(7);
  engine.receive(windowUpdateFrame(3, 1), rstFrame(5, 8));
  assert.equal(engine.fatalCode, undefined);
  engine.receive(headersFrame(5, BLOCK));
  assert.equal(engine.fatalCode, 1);
  assert.ok(!engine.sink.streams.has(5));
});

test("a server that answers before the request's end asks with RST_STREAM NO_ERROR to stop it", () => {
  for (const how of ["headers", "trailers", "data"] as const) {
    const pair = new Pair();
    const call = pair.client.openStream(undefined);
    pair.client.sendHeaders(call, HeaderList.of(...REQUEST), false);
    pair.settle();
    const request = pair.serverSink.stream(1);
    pair.server.sendHeaders(request, ANSWER, how === "headers");
    if (how === "trailers") pair.server.end(request, HeaderList.of(...TRAILERS));
    if (how === "data") pair.server.end(request, undefined);
    assert.deepEqual(pair.serverSink.logOf(1).slice(1), ["closed 1"]);
    pair.settle();
    assert.deepEqual(pair.clientSink.logOf(1).slice(-3), ["end 1", "reset 1 NO_ERROR stream remote", "closed 1"]);
    assert.equal(pair.client.fatal ?? pair.server.fatal, undefined);
    assert.equal(pair.client.openStreams, 0);
  }
});

test("the rest of a request that was answered early is ignored", () => {
  const engine = createEngine("server");
  engine.connection.sendHeaders(engine.receiveRequest(1), ANSWER, true);
  engine.receive(dataFrame(1, "more"), headersFrame(1, block("a", "b"), { end: true }));
  assert.equal(engine.fatalCode, undefined);
  assert.deepEqual(engine.sink.logOf(1), [`headers 1 ${REQUEST_TEXT}`, "closed 1"]);
});

test("an early end that is queued asks to stop only when it is sent", () => {
  const engine = createEngine("server", {}, [[4, 3]]);
  const stream = engine.receiveRequest(1, false, true);
  engine.sendData(stream, "12345", true);
  assert.deepEqual(engine.takeSent().slice(1), ["DATA 1 3"]);
  engine.receive(dataFrame(1, "still read"));
  assert.deepEqual(engine.sink.logOf(1).slice(1), ['data 1 "still read"']);
  engine.receive(windowUpdateFrame(1, 9));
  assert.deepEqual(engine.takeSent(), ["DATA 1 end 2", "RST_STREAM 1 0"]);
});

test("an answer from within the delivery of a request's last frame ends the stream in order, without RST_STREAM", () => {
  const answers = ["onHeaders", "onData", "onTrailers", "onEnd"] as const;
  for (const at of answers) {
    for (const pad of [undefined, 5]) {
      const engine = createEngine("server");
      engine.sink.react[at] = (stream: { id: number }) =>
        engine.connection.sendHeaders(engine.sink.stream(stream.id), ANSWER, true);
      const last = pad === undefined ? { end: true } : { end: true, pad };
      if (at === "onHeaders" || at === "onEnd") engine.receive(headersFrame(1, BLOCK, last));
      else engine.sink.react.onHeaders = () => {};
      if (at === "onData") engine.receive(headersFrame(1, BLOCK), dataFrame(1, "x", last));
      if (at === "onTrailers") engine.receive(headersFrame(1, BLOCK), headersFrame(1, block("a", "b"), last));
      const sent = engine.takeSent();
      assert.equal(sent.length, 1, `${at}: ${sent}`);
      assert.match(sent[0] as string, /^HEADERS 1 end/);
      assert.deepEqual(engine.sink.log.slice(-2), ["end 1", "closed 1"], at);
    }
  }
});

test("a client that ends its side from within the last callbacks still hears of the end", () => {
  const engine = createEngine("client");
  engine.sink.react.onData = (stream) => engine.connection.end(stream, undefined);
  engine.openStream();
  engine.receive(headersFrame(1, block(...RESPONSE)), dataFrame(1, "x", { end: true }));
  assert.deepEqual(engine.sink.log, ["headers 1 :status 200", 'data 1 "x"', "end 1", "closed 1"]);
});

test("a client's reset reaches the server once, and a second one does nothing", () => {
  const pair = new Pair();
  const call = pair.client.openStream(undefined);
  pair.client.sendHeaders(call, HeaderList.of(...REQUEST), false);
  pair.settle();
  pair.client.reset(call, 8, "enough");
  pair.client.reset(call, 2, "again");
  assert.deepEqual(pair.clientSink.logOf(1), ["reset 1 CANCEL stream user", "closed 1"]);
  assert.equal(pair.clientSink.lastError.reason, "enough");
  pair.settle();
  assert.deepEqual(pair.serverSink.logOf(1).slice(1), ["reset 1 CANCEL stream remote", "closed 1"]);
  assert.ok(!pair.serverSink.lastError.unprocessed);
  assert.equal(pair.server.openStreams, 0);
});

test("resets that cross each other end the stream once on each side", () => {
  const pair = new Pair();
  const call = pair.client.openStream(undefined);
  pair.client.sendHeaders(call, HeaderList.of(...REQUEST), false);
  pair.settle();
  pair.client.reset(call, 8, "client");
  pair.server.reset(pair.serverSink.stream(1), 2, "server");
  pair.settle();
  assert.deepEqual(pair.clientSink.logOf(1), ["reset 1 CANCEL stream user", "closed 1"]);
  assert.deepEqual(pair.serverSink.logOf(1).slice(1), ["reset 1 INTERNAL_ERROR stream user", "closed 1"]);
  assert.equal(pair.client.fatal ?? pair.server.fatal, undefined);
});

test("an error code that the RFC does not know is kept as it is", () => {
  const engine = createEngine("client");
  engine.openStream();
  engine.receive(rstFrame(1, 0xdeadbeef));
  assert.equal(engine.sink.lastError.code, 0xdeadbeef);
  assert.match(engine.sink.lastError.reason, /0xdeadbeef/);
});
