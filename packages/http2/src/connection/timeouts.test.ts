import assert from "node:assert/strict";
import test from "node:test";
import { createEngine, Engine, REQUEST } from "../testing/engine.js";
import {
  block,
  dataFrame,
  headersFrame,
  PREFACE,
  pingFrame,
  SETTINGS_ACK,
  settingsFrame,
  windowUpdateFrame,
} from "../testing/frames.js";

const SETTINGS_TIMEOUT = 4;
const BLOCK = block(...REQUEST);

/** What a driver does: it calls `advance` when the engine has asked for it, up to this time. */
function letPass(engine: Engine, untilMs: number): void {
  while (engine.sink.dueMs <= untilMs) {
    const dueMs = engine.sink.dueMs;
    engine.sink.dueMs = Number.POSITIVE_INFINITY;
    engine.connection.advance(dueMs);
  }
  engine.connection.advance(untilMs);
}

test("a peer that sends nothing, or half a preface, or no SETTINGS, is given twenty seconds", () => {
  for (const octets of [Buffer.alloc(0), PREFACE.subarray(0, 10), PREFACE]) {
    const engine = new Engine("server");
    engine.connection.start(1000);
    assert.equal(engine.sink.dueMs, 21_000);
    if (octets.length > 0) engine.receive(octets);
    letPass(engine, 20_999);
    assert.equal(engine.fatalCode, undefined);
    letPass(engine, 21_000);
    assert.equal(engine.fatalCode, SETTINGS_TIMEOUT);
    assert.match(engine.sink.lastError.reason, /its SETTINGS.* within 20000 ms/);
    assert.equal(engine.sink.log.at(-1), "fatal SETTINGS_TIMEOUT library");
  }
});

test("a peer that never acknowledges our SETTINGS is given up, in both roles", () => {
  for (const role of ["server", "client"] as const) {
    const engine = new Engine(role, { handshakeTimeoutMs: 500 });
    engine.connection.start(0);
    if (role === "server") engine.receive(PREFACE);
    engine.receive(settingsFrame());
    letPass(engine, 499);
    assert.equal(engine.fatalCode, undefined);
    letPass(engine, 500);
    assert.equal(engine.fatalCode, SETTINGS_TIMEOUT);
    assert.match(engine.sink.lastError.reason, /the acknowledgement of our SETTINGS within 500 ms/);
  }
});

test("once both sides have shaken hands, in either order, the time-out is over", () => {
  const orders = [
    [settingsFrame(), SETTINGS_ACK],
    [settingsFrame(), settingsFrame(), SETTINGS_ACK],
  ];
  for (const order of orders) {
    const engine = new Engine("client");
    engine.connection.start(0);
    engine.receive(...order);
    letPass(engine, 10_000_000);
    assert.equal(engine.fatalCode, undefined);
  }
});

test("a server's connection without streams is drained after an hour, and finished when the peer does not answer the PING", () => {
  const engine = createEngine("server");
  letPass(engine, 3_599_999);
  assert.deepEqual(engine.takeSent(), []);
  letPass(engine, 3_600_000);
  assert.deepEqual(engine.takeSent(), ["GOAWAY 2147483647 0", "PING heddle\0\0"]);
  letPass(engine, 3_604_999);
  assert.deepEqual(engine.takeSent(), []);
  letPass(engine, 3_605_000);
  assert.deepEqual(engine.takeSent(), ["GOAWAY 0 0"]);
  assert.deepEqual(engine.sink.takeLog(), ["drained"]);
});

test("a connection that was used since, or has a stream, is not idle; it is drained within twice the time after its last use", () => {
  const engine = createEngine("server", { idleTimeoutMs: 1000 });
  const stream = engine.receiveRequest(1);
  letPass(engine, 10_000);
  assert.deepEqual(engine.takeSent(), []);
  engine.connection.reset(stream, 0, "done");
  for (let ms = 10_100; ms <= 20_000; ms += 700) {
    letPass(engine, ms);
    engine.receive(headersFrame(2 * ms + 1, BLOCK), dataFrame(2 * ms + 1, "x"));
    engine.connection.reset(engine.sink.stream(2 * ms + 1), 0, "done");
  }
  assert.ok(engine.takeSent().every((frame) => !frame.startsWith("GOAWAY")));
  letPass(engine, 22_100);
  assert.equal(engine.takeSent()[0], "GOAWAY 2147483647 0");
});

test("a client's connection is never idle by default", () => {
  const engine = createEngine("client");
  letPass(engine, 1e12);
  assert.deepEqual(engine.takeSent(), []);
});

test("a peer that answers the PING of the drain in time is not hurried", () => {
  const engine = createEngine("server");
  engine.connection.drain("bye");
  engine.receive(pingFrame("heddle\0\0", true));
  assert.deepEqual(engine.takeSent(), ["GOAWAY 2147483647 0", "PING heddle\0\0", "GOAWAY 0 0"]);
  letPass(engine, 100_000);
  assert.deepEqual(engine.takeSent(), []);
});

test("a peer that takes nothing while too much is queued for it is given up after a minute, or two at most", () => {
  const engine = createEngine("server", { maxQueuedBytes: 100_000 });
  const stream = engine.receiveRequest(1, true, true);
  engine.connection.advance(5000);
  engine.sendData(stream, Buffer.alloc(200_000));
  engine.takeFrames();
  letPass(engine, 64_999);
  engine.receive(windowUpdateFrame(0, 1), windowUpdateFrame(1, 1));
  letPass(engine, 124_999);
  assert.equal(engine.fatalCode, undefined);
  letPass(engine, 185_000);
  assert.equal(engine.fatalCode, 11);
  assert.match(engine.sink.lastError.reason, /taken nothing for 60000 ms while 134464 octets wait/);
});

test("a slow reader that has less queued may take as long as it likes", () => {
  const engine = createEngine("server");
  engine.sendData(engine.receiveRequest(1, true, true), Buffer.alloc(200_000));
  letPass(engine, 3_000_000);
  assert.equal(engine.fatalCode, undefined);
});

test("a call of advance that comes too early, too late, or for nothing does no harm", () => {
  const engine = new Engine("server");
  engine.connection.start(0);
  for (const ms of [0, 5, 3, 19_999.9]) engine.connection.advance(ms);
  engine.receive(PREFACE, settingsFrame(), SETTINGS_ACK);
  for (const ms of [20_000, 30_000]) engine.connection.advance(ms);
  assert.equal(engine.fatalCode, undefined);
  engine.connection.close(0, "bye");
  engine.connection.advance(1e12);
  assert.equal(engine.sink.log.at(-1), "fatal NO_ERROR user");
});
