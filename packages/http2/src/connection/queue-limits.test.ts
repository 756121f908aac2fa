import assert from "node:assert/strict";
import test from "node:test";
import { createEngine, type Engine } from "../testing/engine.js";
import { dataFrame, rstFrame, settingsFrame, windowUpdateFrame } from "../testing/frames.js";

const FRAME_BYTES = 16_384;

function upload(engine: Engine, streamId: number, bytes: number): void {
  for (let left = bytes; left > 0; left -= FRAME_BYTES) {
    engine.receive(dataFrame(streamId, Buffer.alloc(Math.min(left, FRAME_BYTES))));
  }
}

/** The credit that was given on stream 0. */
function connectionCredit(engine: Engine): number {
  let bytes = 0;
  for (const frame of engine.takeSent()) {
    const match = /^WINDOW_UPDATE 0 \+(\d+)$/.exec(frame);
    if (match !== null) bytes += Number(match[1]);
  }
  return bytes;
}

test("what is unread and what may be under way never exceed the limit together", () => {
  const limit = 400_000;
  const engine = createEngine("server", { connectionWindowBytes: 100_000, maxUnreadBytes: limit });
  let window = 100_000;
  let unread = 0;
  for (let id = 1; unread + FRAME_BYTES <= 390_000 && window >= FRAME_BYTES; id += 2) {
    engine.receiveRequest(id);
    const bytes = Math.min(window - (window % FRAME_BYTES), 3 * FRAME_BYTES);
    upload(engine, id, bytes);
    unread += bytes;
    window += connectionCredit(engine) - bytes;
    assert.ok(unread + window <= limit, `${unread} unread and ${window} under way`);
  }
  assert.ok(unread > 250_000, `only ${unread} octets were let in`);
  assert.equal(engine.fatalCode, undefined);
});

/** A server with 245,000 octets unread on three streams, which gives no more credit. */
function createFull(): Engine {
  const engine = createEngine("server", {
    connectionWindowBytes: 100_000,
    maxUnreadBytes: 300_000,
    streamWindowBytes: 100_000,
  });
  for (const id of [1, 3, 5]) {
    engine.receiveRequest(id);
    upload(engine, id, id === 5 ? 45_000 : 100_000);
  }
  upload(engine, 5, 5000);
  engine.takeFrames();
  assert.equal(engine.fatalCode, undefined);
  return engine;
}

test("credit that was kept back is given when something is read", () => {
  const engine = createFull();
  engine.connection.consume(engine.sink.stream(3), 1000);
  assert.equal(connectionCredit(engine), 0);
  engine.connection.consume(engine.sink.stream(3), 90_000);
  assert.ok(connectionCredit(engine) >= 50_000);
});

test("credit that was kept back is given when a stream ends with its octets unread", () => {
  for (const end of ["reset by us", "reset by the peer"]) {
    const engine = createFull();
    if (end === "reset by us") engine.connection.reset(engine.sink.stream(1), 8, "not wanted");
    else engine.receive(rstFrame(1, 8));
    assert.ok(connectionCredit(engine) >= 50_000, end);
  }
});

test("what is consumed of a stream that is gone counts for nothing", () => {
  const engine = createFull();
  const stream = engine.sink.stream(1);
  engine.connection.reset(stream, 8, "not wanted");
  engine.takeFrames();
  for (let i = 0; i < 10; i++) engine.connection.consume(stream, 1_000_000);
  assert.deepEqual(engine.takeSent(), []);
});

test("above the limit of queued octets every sender is asked to wait, and told when half of it has left", () => {
  const engine = createEngine("server", { maxQueuedBytes: 200_000 });
  const first = engine.receiveRequest(1, true, true);
  const second = engine.receiveRequest(3, true, true);
  assert.equal(engine.sendData(first, Buffer.alloc(300_000)), false);
  assert.equal(engine.connection.hasRoom, false);
  engine.receive(windowUpdateFrame(0, 10), windowUpdateFrame(3, 10));
  // This one leaves at once, but it is not the time for more.
  assert.equal(engine.sendData(second, "x"), false);
  engine.sink.takeLog();
  engine.receive(windowUpdateFrame(0, 1_000_000), windowUpdateFrame(1, 100_000));
  assert.deepEqual(engine.sink.takeLog(), []);
  engine.receive(windowUpdateFrame(1, 40_000));
  assert.deepEqual(engine.sink.takeLog(), ["room 3", "capacity"]);
  assert.equal(engine.connection.hasRoom, true);
  engine.receive(windowUpdateFrame(1, 1_000_000));
  assert.deepEqual(engine.sink.takeLog(), ["room 1"]);
});

test("the end of a stream frees what it had queued", () => {
  const engine = createEngine("server", { maxQueuedBytes: 200_000 });
  const first = engine.receiveRequest(1, true, true);
  engine.sendData(first, Buffer.alloc(300_000));
  engine.receive(rstFrame(1, 8));
  assert.equal(engine.connection.hasRoom, true);
  assert.equal(engine.sink.log.at(-1), "capacity");
});

test("a client opens no stream while too much is queued", () => {
  const engine = createEngine("client", { maxQueuedBytes: 200_000 });
  const stream = engine.openStream();
  engine.sendData(stream, Buffer.alloc(300_000));
  assert.equal(engine.connection.canOpenStream, false);
  engine.receive(windowUpdateFrame(0, 1_000_000), windowUpdateFrame(1, 1_000_000));
  assert.equal(engine.connection.canOpenStream, true);
  assert.deepEqual(engine.sink.log.slice(-2), ["room 1", "capacity"]);
});

test("of many INITIAL_WINDOW_SIZEs in one SETTINGS frame the last one counts", () => {
  const engine = createEngine("server");
  const stream = engine.receiveRequest(1, true, true);
  engine.receive(settingsFrame([4, 0], [4, 1_000_000], [3, 5], [4, 5]));
  engine.takeFrames();
  engine.sendData(stream, "123456789");
  assert.deepEqual(engine.takeSent(), ["DATA 1 5"]);
});
