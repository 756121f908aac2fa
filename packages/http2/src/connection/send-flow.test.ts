/** DATA within the peer's windows: queues, turns, room, and what waits behind. RFC 9113 sections 5.2 and 6.9. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderList } from "../hpack/header-list.js";
import type { Stream } from "../stream/stream.js";
import { createEngine, type Engine, TRAILERS } from "../testing/engine.js";
import { block, headersFrame, rstFrame, settingsFrame, windowUpdateFrame } from "../testing/frames.js";

const INITIAL_WINDOW_SIZE = 4;
const WIDE = 0x7fffffff - 65_535;

/** A client whose peer gives each stream this window, and the connection its 65,535 octets. */
function createSender(streamWindowBytes: number): Engine {
  return createEngine("client", {}, [[INITIAL_WINDOW_SIZE, streamWindowBytes]]);
}

/** Opens a stream; nothing of that stays in the output. */
function open(engine: Engine): Stream<unknown> {
  const stream = engine.openStream();
  engine.takeFrames();
  return stream;
}

test("what fits leaves at once as one frame, with END_STREAM if asked", () => {
  const engine = createSender(100);
  const stream = open(engine);
  assert.ok(engine.sendData(stream, "x".repeat(60)));
  assert.ok(engine.sendData(stream, "x".repeat(40), true));
  assert.deepEqual(engine.takeSent(), ["DATA 1 60", "DATA 1 end 40"]);
  assert.equal(stream.sendWindow, 0);
  assert.ok(!engine.connection.canSend(stream));
});

test("a stream never sends more than its window, and goes on with each credit", () => {
  const engine = createSender(10);
  const stream = open(engine);
  assert.ok(!engine.sendData(stream, "x".repeat(25)));
  assert.deepEqual(engine.takeSent(), ["DATA 1 10"]);
  engine.receive(windowUpdateFrame(1, 1));
  assert.deepEqual(engine.takeSent(), ["DATA 1 1"]);
  assert.deepEqual(engine.sink.log, []);
  engine.receive(windowUpdateFrame(1, 100));
  assert.deepEqual(engine.takeSent(), ["DATA 1 14"]);
  assert.deepEqual(engine.sink.log, ["room 1"]);
  assert.equal(stream.sendWindow, 86);
});

test("all streams together never send more than the connection's window", () => {
  const engine = createSender(60_000);
  const [a, b] = [open(engine), open(engine)];
  engine.sendData(a, Buffer.alloc(60_000));
  engine.takeFrames();
  assert.ok(!engine.sendData(b, Buffer.alloc(10_000), true));
  assert.deepEqual(engine.takeSent(), ["DATA 3 5535"]);
  engine.receive(windowUpdateFrame(3, 1000));
  assert.deepEqual(engine.takeSent(), []);
  engine.receive(windowUpdateFrame(0, 5000));
  assert.deepEqual(engine.takeSent(), ["DATA 3 end 4465"]);
});

test("streams that wait for the connection's window keep their turns", () => {
  const engine = createSender(100_000);
  const filler = open(engine);
  const first = open(engine);
  const waiting = [first, open(engine), open(engine)];
  engine.sendData(filler, Buffer.alloc(65_535));
  engine.takeFrames();
  for (const stream of waiting) engine.sendData(stream, "x".repeat(10));
  // More of a stream that waits already does not move anybody.
  engine.sendData(first, "y".repeat(10));
  engine.receive(windowUpdateFrame(0, 40));
  assert.deepEqual(engine.takeSent(), ["DATA 3 20", "DATA 5 10", "DATA 7 10"]);
});

test("a large body holds up a small one for no more than a frame", () => {
  const engine = createSender(WIDE);
  engine.receive(windowUpdateFrame(0, WIDE));
  const [large, small] = [open(engine), open(engine)];
  engine.connection.setBlocked(true);
  engine.sendData(large, Buffer.alloc(100_000), true);
  engine.sendData(small, "small", true);
  engine.connection.setBlocked(false);
  const sent = engine.takeSent();
  assert.deepEqual(sent.slice(0, 2), ["DATA 1 16384", "DATA 3 end 5"]);
  assert.equal(sent.length, 1 + Math.ceil(100_000 / 16_384));
});

test("streams with much to send take turns, one frame each", () => {
  const engine = createSender(WIDE);
  engine.receive(windowUpdateFrame(0, WIDE));
  const streams = [open(engine), open(engine), open(engine)];
  engine.connection.setBlocked(true);
  for (const stream of streams) engine.sendData(stream, Buffer.alloc(40_000));
  engine.connection.setBlocked(false);
  const order = engine.takeFrames().map((frame) => frame.streamId);
  assert.deepEqual(order, [1, 3, 5, 1, 3, 5, 1, 3, 5]);
});

test("trailers wait behind queued data", () => {
  const engine = createSender(5);
  const stream = open(engine);
  engine.sendData(stream, "0123456789");
  engine.connection.end(stream, HeaderList.of(...TRAILERS));
  assert.ok(!engine.connection.canSend(stream));
  assert.deepEqual(engine.takeSent(), ["DATA 1 5"]);
  engine.receive(windowUpdateFrame(1, 5));
  const sent = engine.takeSent();
  assert.equal(sent[0], "DATA 1 5");
  assert.match(sent[1] as string, /^HEADERS 1 end \d+$/);
});

test("END_STREAM waits behind queued data and travels with its last frame", () => {
  for (const how of ["with the data", "later"] as const) {
    const engine = createSender(5);
    const stream = open(engine);
    engine.sendData(stream, "0123456789", how === "with the data");
    if (how === "later") engine.connection.end(stream, undefined);
    assert.deepEqual(engine.takeSent(), ["DATA 1 5"]);
    engine.receive(windowUpdateFrame(1, 5));
    assert.deepEqual(engine.takeSent(), ["DATA 1 end 5"]);
  }
});

test("an end with nothing queued is a bare END_STREAM or the trailers, whatever the windows are", () => {
  const engine = createSender(0);
  const [a, b] = [open(engine), open(engine)];
  engine.connection.end(a, undefined);
  engine.connection.end(b, HeaderList.of(...TRAILERS));
  const sent = engine.takeSent();
  assert.equal(sent[0], "DATA 1 end 0");
  assert.match(sent[1] as string, /^HEADERS 3 end/);
});

test("data of no octets is not sent, but its END_STREAM is, behind what is queued", () => {
  const engine = createSender(5);
  const [a, b] = [open(engine), open(engine)];
  assert.ok(engine.sendData(a, ""));
  assert.deepEqual(engine.takeSent(), []);
  assert.ok(engine.sendData(a, "", true));
  engine.sendData(b, "0123456789");
  engine.sendData(b, "", true);
  assert.deepEqual(engine.takeSent(), ["DATA 1 end 0", "DATA 3 5"]);
  engine.receive(windowUpdateFrame(3, 10));
  assert.deepEqual(engine.takeSent(), ["DATA 3 end 5"]);
});

test("data that is thought better of is not sent and costs no window", () => {
  const engine = createSender(5);
  const stream = open(engine);
  const out = engine.connection.beginData();
  const start = engine.connection.dataStart;
  assert.equal(start, out.position);
  out.reserve(100_000);
  out.position += 100_000;
  out.dropFrame();
  assert.ok(engine.sendData(stream, "abc"));
  assert.deepEqual(engine.takeSent(), ["DATA 1 3"]);
  assert.equal(stream.sendWindow, 2);
});

test("a message of megabytes leaves through small windows, each octet once and in order", () => {
  const engine = createSender(1000);
  const stream = open(engine);
  const body = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >>> 8)) & 0xff));
  engine.sendData(stream, body, true);
  const parts: Buffer[] = [];
  for (let ended = false; !ended; ) {
    const frames = engine.takeFrames();
    assert.ok(frames.length > 0, "it does not go on");
    let bytes = 0;
    for (const frame of frames) {
      parts.push(frame.payload);
      bytes += frame.payload.length;
      ended = frame.flags === 1;
    }
    assert.ok(bytes <= 1000);
    engine.receive(windowUpdateFrame(0, bytes), windowUpdateFrame(1, bytes));
  }
  assert.ok(Buffer.concat(parts).equals(body));
});

test("a stream that is reset drops what it has queued and gives its turn up", () => {
  for (const who of ["user", "peer"] as const) {
    const engine = createSender(100_000);
    const [a, b] = [open(engine), open(engine)];
    engine.sendData(a, Buffer.alloc(100_000), true);
    engine.sendData(b, "small");
    engine.takeFrames();
    if (who === "user") engine.connection.reset(a, 8, "enough");
    else engine.receive(rstFrame(1, 8));
    engine.takeFrames();
    assert.equal(a.queuedBytes, 0);
    assert.ok(!a.scheduled && a.next === undefined && a.previous === undefined && b.previous === undefined);
    engine.receive(windowUpdateFrame(0, 1000), windowUpdateFrame(1, 1000));
    assert.deepEqual(engine.takeSent(), ["DATA 3 5"]);
    assert.deepEqual(engine.sink.log.slice(-1), ["room 3"]);
  }
});

test("a blocked connection keeps data in the queues and writes everything else", () => {
  const engine = createSender(1000);
  const a = open(engine);
  engine.connection.setBlocked(true);
  assert.ok(!engine.sendData(a, "abc"));
  const b = engine.openStream();
  engine.connection.ping(Buffer.from("12345678"));
  engine.connection.reset(b, 8, "enough");
  engine.receive(windowUpdateFrame(0, 10), windowUpdateFrame(1, 10), settingsFrame());
  const sent = engine.takeSent();
  assert.match(sent[0] as string, /^HEADERS 3/);
  assert.deepEqual(sent.slice(1), ["PING 12345678", "RST_STREAM 3 8", "SETTINGS ACK"]);
  engine.connection.setBlocked(false);
  assert.deepEqual(engine.takeSent(), ["DATA 1 3"]);
  assert.deepEqual(engine.sink.logOf(1), ["room 1"]);
  assert.ok(engine.sendData(a, "def"));
});

test("onRoom comes once for a stream that was told to wait, when all it had queued has left, and not otherwise", () => {
  const engine = createSender(10);
  const [a, b] = [open(engine), open(engine)];
  assert.ok(engine.sendData(b, "fits"));
  assert.ok(!engine.sendData(a, "x".repeat(12)));
  assert.ok(!engine.sendData(a, "x".repeat(3)));
  engine.receive(windowUpdateFrame(1, 4), windowUpdateFrame(3, 50));
  assert.deepEqual(engine.sink.log, []);
  engine.receive(windowUpdateFrame(1, 1));
  assert.deepEqual(engine.sink.log, ["room 1"]);
  engine.receive(windowUpdateFrame(1, 50));
  assert.deepEqual(engine.sink.log, ["room 1"]);
});

test("what is sent from within onRoom goes out in order", () => {
  const engine = createSender(10);
  const streams = [open(engine), open(engine)];
  let rounds = 0;
  engine.sink.react.onRoom = (stream) => {
    if (rounds++ < 6) engine.sendData(stream, "0123456789ab");
  };
  for (const stream of streams) engine.sendData(stream, "x".repeat(11));
  engine.takeFrames();
  for (let i = 0; i < 20; i++) engine.receive(windowUpdateFrame(1, 7), windowUpdateFrame(3, 7));
  const sent = engine.takeFrames();
  const total = sent.reduce((sum, frame) => sum + frame.payload.length, 0);
  assert.equal(total, 2 + 6 * 12);
  for (const id of [1, 3]) {
    const octets = Buffer.concat(sent.filter((frame) => frame.streamId === id).map((frame) => frame.payload));
    assert.match(octets.toString(), /^x(0123456789ab)*$/);
  }
});

test("what is sent from within onRoom waits behind the streams that stand in the line already", () => {
  const engine = createSender(100);
  const streams = [open(engine), open(engine), open(engine)];
  engine.connection.setBlocked(true);
  for (const stream of streams) engine.sendData(stream, "x");
  engine.sink.react.onRoom = (stream) => {
    if (stream.id === 1) engine.sendData(stream, "again");
  };
  engine.connection.setBlocked(false);
  assert.deepEqual(engine.takeSent(), ["DATA 1 1", "DATA 3 1", "DATA 5 1", "DATA 1 5"]);
});

test("credit beyond the largest window resets the stream, or ends the connection", () => {
  const engine = createSender(10);
  open(engine);
  open(engine);
  engine.receive(windowUpdateFrame(1, 0x7fffffff - 10));
  assert.deepEqual(engine.takeSent(), []);
  engine.receive(windowUpdateFrame(1, 1));
  assert.deepEqual(engine.takeSent(), ["RST_STREAM 1 3"]);
  engine.receive(windowUpdateFrame(3, 0));
  assert.deepEqual(engine.takeSent(), ["RST_STREAM 3 1"]);
  engine.receive(windowUpdateFrame(0, WIDE));
  assert.equal(engine.fatalCode, undefined);
  engine.receive(windowUpdateFrame(0, 1));
  assert.equal(engine.fatalCode, 3);
});

test("onOutput is told once until everything was taken, and again when queued data moves later", () => {
  const engine = createSender(WIDE);
  const stream = open(engine);
  const before = engine.sink.outputs;
  // The peer's connection window is used up, then a large message waits whole, behind headers that fill no segment.
  engine.sendData(stream, Buffer.alloc(65_535));
  engine.takeFrames();
  engine.openStream();
  engine.sendData(stream, Buffer.alloc(200_000));
  engine.takeFrames();
  const after = engine.sink.outputs;
  assert.ok(after > before);
  engine.receive(windowUpdateFrame(0, 10));
  assert.equal(engine.sink.outputs, after + 1);
  assert.deepEqual(engine.takeSent(), ["DATA 1 10"]);
});

test("a full segment is announced in the middle of a turn", () => {
  const engine = createSender(WIDE);
  engine.receive(windowUpdateFrame(0, WIDE));
  const stream = open(engine);
  let taken = 0;
  engine.sink.react.onOutputFull = () => {
    taken += engine.takeOctets().length;
  };
  engine.sendData(stream, Buffer.alloc(1_000_000), true);
  assert.ok(engine.sink.fullOutputs >= 14, `${engine.sink.fullOutputs}`);
  taken += engine.takeOctets().length;
  assert.equal(taken, 1_000_000 + 9 * Math.ceil(1_000_000 / 16_384));
});

test("a driver that blocks on a full segment gets no more of the queue until it is free", () => {
  const engine = createSender(WIDE);
  engine.receive(windowUpdateFrame(0, WIDE));
  const stream = open(engine);
  engine.sink.react.onOutputFull = () => engine.connection.setBlocked(true);
  assert.ok(!engine.sendData(stream, Buffer.alloc(1_000_000)));
  assert.ok(engine.connection.out.pendingBytes < 100_000);
  assert.ok(stream.queuedBytes > 900_000);
});

test("headers of a response are not held up by queued data of another stream", () => {
  const engine = createEngine("server", {}, [[INITIAL_WINDOW_SIZE, 10]]);
  const a = engine.receiveRequest(1, true, true);
  engine.sendData(a, "x".repeat(100));
  engine.receive(headersFrame(3, block(":method", "GET", ":scheme", "http", ":path", "/"), { end: true }));
  engine.connection.sendHeaders(engine.sink.stream(3), HeaderList.of(":status", "200"), true);
  assert.match(engine.takeSent().at(-1) as string, /^HEADERS 3 end/);
});
