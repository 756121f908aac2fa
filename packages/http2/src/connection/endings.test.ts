/** The end of a connection: what is told, in which order, and what callbacks may do in the middle of it. RFC 9113 section 5.4.1. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionError, ErrorCode } from "../error.js";
import { createEngine, REQUEST_TEXT, RESPONSE } from "../testing/engine.js";
import {
  block,
  dataFrame,
  goAwayFrame,
  headersFrame,
  pingFrame,
  rawFrame,
  rstFrame,
  settingsFrame,
} from "../testing/frames.js";

const BAD_FRAME = rawFrame(4, 0, 1);

test("everything valid before the error in a chunk is delivered, every stream is reset, and the fatal error is last", () => {
  const engine = createEngine("server");
  engine.receiveRequest(1);
  engine.sink.takeLog();
  engine.receiveRequest(3, true);
  engine.receive(dataFrame(1, "valid"), pingFrame("12345678"), BAD_FRAME, dataFrame(1, "not read"), BAD_FRAME);
  assert.deepEqual(engine.sink.log, [
    `headers 3 ${REQUEST_TEXT} end`,
    "end 3",
    'data 1 "valid"',
    "reset 1 PROTOCOL_ERROR connection library",
    "closed 1",
    "reset 3 PROTOCOL_ERROR connection library",
    "closed 3",
    "fatal PROTOCOL_ERROR library",
  ]);
  assert.deepEqual(engine.takeSent(), ["PING ACK 12345678", "GOAWAY 3 1"]);
  engine.receive(dataFrame(1, "ignored"));
  assert.equal(engine.connection.openStreams, 0);
});

test("close sends GOAWAY with the reason, and resets every stream", () => {
  const engine = createEngine("client");
  engine.openStream();
  engine.takeFrames();
  engine.connection.close(ErrorCode.ENHANCE_YOUR_CALM, "too much");
  engine.connection.close(ErrorCode.NO_ERROR, "again");
  assert.deepEqual(engine.sink.log, [
    "reset 1 ENHANCE_YOUR_CALM connection user",
    "closed 1",
    "fatal ENHANCE_YOUR_CALM user",
  ]);
  const [goAway] = engine.takeFrames();
  assert.equal(goAway?.payload.toString("latin1", 8), "too much");
  assert.ok(!engine.connection.canOpenStream && engine.connection.isExhausted);
});

test("abort tells everybody and sends nothing, even when a callback resets other streams", () => {
  const engine = createEngine("client");
  const [, second] = [engine.openStream(), engine.openStream()];
  engine.takeFrames();
  engine.sink.react.onReset = () => engine.connection.reset(second, ErrorCode.CANCEL, "from a callback");
  engine.connection.abort(connectionError(ErrorCode.CANCEL, "remote", "the socket is gone"));
  engine.connection.abort(connectionError(ErrorCode.CANCEL, "remote", "again"));
  assert.deepEqual(engine.sink.log, [
    "reset 1 CANCEL connection remote",
    "closed 1",
    "reset 3 CANCEL connection remote",
    "closed 3",
    "fatal CANCEL remote",
  ]);
  assert.deepEqual(engine.takeSent(), []);
});

test("each callback may close the connection, and nothing but the endings follows", () => {
  const conversation = [
    headersFrame(1, block(...RESPONSE)),
    dataFrame(1, "x", { pad: 3 }),
    headersFrame(1, block("a", "b"), { end: true }),
    pingFrame("12345678", true),
    settingsFrame([4, 100]),
    rstFrame(5, 8),
    goAwayFrame(7, 0),
    headersFrame(3, block(...RESPONSE), { end: true }),
  ];
  const callbacks = [
    "onHeaders",
    "onData",
    "onTrailers",
    "onEnd",
    "onPingAck",
    "onSettings",
    "onGoAway",
    "onRoom",
  ] as const;
  for (const name of callbacks) {
    const engine = createEngine("client", {}, [[4, 10]]);
    for (let i = 0; i < 3; i++) engine.openStream();
    engine.sendData(engine.openStream(), "x".repeat(50));
    engine.sink.react[name] = () => engine.connection.close(ErrorCode.NO_ERROR, name);
    engine.receive(...conversation);
    const log = engine.sink.log;
    const at = log.findIndex((line) => line.startsWith("reset 7 NO_ERROR connection user"));
    assert.ok(at >= 0, `${name}: ${log}`);
    assert.equal(log.at(-1), "fatal NO_ERROR user", name);
    assert.equal(engine.connection.openStreams, 0, name);
    const endings = log.filter((line) => /^closed /.test(line));
    assert.equal(new Set(endings).size, endings.length, name);
    assert.equal(endings.length, 4, name);
  }
});

test("a reset from within onEnd or onHeaders ends the stream once", () => {
  for (const name of ["onHeaders", "onEnd"] as const) {
    const engine = createEngine("server");
    engine.sink.react[name] = (stream: { id: number }) =>
      engine.connection.reset(engine.sink.stream(stream.id), ErrorCode.CANCEL, "no");
    engine.receiveRequest(1, true);
    assert.deepEqual(engine.sink.log.slice(-2), ["reset 1 CANCEL stream user", "closed 1"]);
    assert.deepEqual(engine.takeSent(), ["RST_STREAM 1 8"]);
  }
});

test("onReset may close the connection: each stream is told of its own end once, and the fatal error comes last", () => {
  const engine = createEngine("server");
  engine.receiveRequest(1);
  engine.receiveRequest(3);
  engine.sink.takeLog();
  engine.sink.react.onReset = () => engine.connection.close(ErrorCode.NO_ERROR, "enough");
  engine.receive(rstFrame(3, 8));
  assert.deepEqual(engine.sink.log, [
    "reset 3 CANCEL stream remote",
    "reset 1 NO_ERROR connection user",
    "closed 1",
    "closed 3",
    "fatal NO_ERROR user",
  ]);
});

test("a client that closes the connection when GOAWAY resets its streams does not hear of the GOAWAY after the fatal error", () => {
  const engine = createEngine("client");
  engine.openStream();
  engine.sink.react.onReset = () => engine.connection.close(ErrorCode.NO_ERROR, "enough");
  engine.receive(goAwayFrame(0, 0));
  assert.deepEqual(engine.sink.log, [
    "reset 1 REFUSED_STREAM stream remote unprocessed",
    "closed 1",
    "fatal NO_ERROR user",
  ]);
});

test("onClosed may close the connection", () => {
  const engine = createEngine("server");
  engine.receiveRequest(1);
  engine.sink.takeLog();
  engine.sink.react.onClosed = () => engine.connection.close(ErrorCode.NO_ERROR, "that was the last");
  engine.receive(rstFrame(1, 8), rstFrame(1, 8));
  assert.deepEqual(engine.sink.log, ["reset 1 CANCEL stream remote", "closed 1", "fatal NO_ERROR user"]);
});
