/** DATA that arrives: delivery, padding, what counts against which window, and the credit. RFC 9113 sections 6.1 and 6.9. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine, Engine, REQUEST } from "../testing/engine.js";
import { block, dataFrame, headersFrame, PREFACE, rstFrame, SETTINGS_ACK, settingsFrame } from "../testing/frames.js";

test("data is delivered without its padding, in the parts in which it comes", () => {
  for (const pad of [undefined, 0, 1, 255]) {
    const frame = dataFrame(1, "hello", pad === undefined ? { end: true } : { end: true, pad });
    for (let cut = 0; cut <= frame.length; cut++) {
      const engine = createEngine("server");
      engine.receiveRequest(1);
      engine.sink.takeLog();
      engine.receive(frame.subarray(0, cut));
      engine.receive(frame.subarray(cut));
      assert.deepEqual(engine.sink.log, ['data 1 "hello"', "end 1"]);
    }
  }
});

test("a frame of padding alone, or of nothing, delivers no data", () => {
  const engine = createEngine("server");
  engine.receiveRequest(1);
  engine.sink.takeLog();
  engine.receive(dataFrame(1, ""), dataFrame(1, "", { pad: 0 }), dataFrame(1, "", { pad: 9 }));
  assert.deepEqual(engine.sink.log, []);
  engine.receive(dataFrame(1, "", { pad: 9, end: true }));
  assert.deepEqual(engine.sink.log, ["end 1"]);
});

test("a padded DATA frame counts its padding against the windows, and gets credit for it without being asked", () => {
  const engine = createEngine("server", { streamWindowBytes: 1000 });
  const stream = engine.receiveRequest(1);
  engine.receive(dataFrame(1, "x".repeat(100), { pad: 199 }));
  assert.equal(stream.receiveWindow, 1000 - 300);
  engine.connection.consume(stream, 100);
  engine.receive(dataFrame(1, "x".repeat(100), { pad: 199 }));
  // 200 + 100 + 200 octets are half of the window.
  assert.deepEqual(engine.takeSent(), ["WINDOW_UPDATE 1 +500"]);
  assert.equal(stream.receiveWindow, 900);
});

test("a stream's credit is given for consumed octets only, in batches of half a window", () => {
  const engine = createEngine("server", { streamWindowBytes: 1000 });
  const stream = engine.receiveRequest(1);
  engine.receive(dataFrame(1, Buffer.alloc(1000)));
  assert.deepEqual(engine.takeSent(), []);
  engine.connection.consume(stream, 499);
  assert.deepEqual(engine.takeSent(), []);
  engine.connection.consume(stream, 1);
  assert.deepEqual(engine.takeSent(), ["WINDOW_UPDATE 1 +500"]);
  engine.connection.consume(stream, 499);
  assert.deepEqual(engine.takeSent(), []);
  engine.receive(dataFrame(1, Buffer.alloc(500)));
  assert.equal(stream.receiveWindow, 0);
});

test("no credit is given for a stream that has ended or is closed, and none of nothing", () => {
  const engine = createEngine("server", { streamWindowBytes: 1 });
  const stream = engine.receiveRequest(1);
  engine.connection.consume(stream, 0);
  engine.receive(dataFrame(1, "x"));
  engine.connection.consume(stream, 1);
  assert.deepEqual(engine.takeSent(), ["WINDOW_UPDATE 1 +1"]);
  engine.receive(dataFrame(1, "x", { end: true }));
  engine.connection.consume(stream, 1);
  engine.connection.reset(stream, 8, "enough");
  engine.connection.consume(stream, 1);
  assert.deepEqual(engine.takeSent(), ["RST_STREAM 1 8"]);
});

test("no credit is given from within the delivery of a stream's last octets", () => {
  const engine = createEngine("server", { streamWindowBytes: 100 });
  engine.sink.react.onData = (stream, _chunk, start, end) => engine.connection.consume(stream, end - start);
  engine.receiveRequest(1);
  engine.receive(dataFrame(1, Buffer.alloc(100), { end: true }));
  assert.deepEqual(engine.takeSent(), []);
});

test("more than a stream's window resets the stream, and its octets are not delivered", () => {
  const engine = createEngine("server", { streamWindowBytes: 100 });
  engine.receiveRequest(1);
  engine.receiveRequest(3);
  engine.sink.takeLog();
  engine.receive(dataFrame(1, Buffer.alloc(100)), dataFrame(1, "x"), dataFrame(1, "late"), dataFrame(3, "fine"));
  assert.deepEqual(engine.takeSent(), ["RST_STREAM 1 3"]);
  assert.deepEqual(engine.sink.logOf(1).slice(1), ["reset 1 FLOW_CONTROL_ERROR stream library", "closed 1"]);
  assert.deepEqual(engine.sink.logOf(3), ['data 3 "fine"']);
});

test("the connection's credit is given as octets arrive, whoever reads them, and for streams that are gone", () => {
  const engine = createEngine("server", { connectionWindowBytes: 100_000, streamWindowBytes: 1_000_000 });
  engine.receiveRequest(1);
  engine.receiveRequest(3);
  for (let i = 0; i < 3; i++) engine.receive(dataFrame(1, Buffer.alloc(16_384)));
  assert.deepEqual(engine.takeSent(), []);
  engine.receive(rstFrame(1, 8), dataFrame(1, Buffer.alloc(847), { pad: 0 }));
  assert.deepEqual(engine.takeSent(), ["WINDOW_UPDATE 0 +50000", "RST_STREAM 1 5"]);
  engine.receive(dataFrame(3, Buffer.alloc(100), { pad: 50 }));
  for (let i = 0; i < 3; i++) engine.receive(dataFrame(3, Buffer.alloc(16_384)));
  assert.deepEqual(engine.takeSent(), []);
  engine.receive(dataFrame(3, Buffer.alloc(697)));
  assert.deepEqual(engine.takeSent(), ["WINDOW_UPDATE 0 +50000"]);
});

test("more than the connection's window ends the connection", () => {
  // Credit is given at half the window, so that only a frame as large as the other half can exceed it.
  const engine = createEngine("server", {
    connectionWindowBytes: 65_535,
    streamWindowBytes: 200_000,
    maxFrameBytes: 100_000,
  });
  engine.receiveRequest(1);
  engine.receive(dataFrame(1, Buffer.alloc(32_766)));
  assert.deepEqual(engine.takeSent(), []);
  engine.receive(dataFrame(1, Buffer.alloc(32_770)));
  assert.equal(engine.fatalCode, 3);
  assert.match(engine.sink.lastError.reason, /by 1$/);
});

test("a stream that is reset from within onData delivers no more of that frame or of later ones", () => {
  const engine = createEngine("server");
  engine.sink.react.onData = (stream) => engine.connection.reset(stream, 8, "enough");
  engine.receiveRequest(1);
  engine.sink.takeLog();
  const frame = dataFrame(1, "0123456789", { end: true });
  engine.receive(frame.subarray(0, 12));
  engine.receive(frame.subarray(12), dataFrame(1, "late"));
  assert.deepEqual(engine.sink.log, ['data 1 "012"', "reset 1 CANCEL stream user", "closed 1"]);
  assert.equal(engine.fatalCode, undefined);
});

test("a window that becomes smaller when it is acknowledged leaves no credit lying", () => {
  const engine = new Engine("server", { streamWindowBytes: 777 });
  engine.connection.start();
  engine.receive(PREFACE, settingsFrame(), headersFrame(1, block(...REQUEST)), dataFrame(1, Buffer.alloc(15_000)));
  // Too little of a window of 65,535 to be credited, and more than the window of 777 has.
  engine.connection.consume(engine.sink.stream(1), 15_000);
  engine.takeFrames();
  engine.receive(SETTINGS_ACK);
  assert.deepEqual(engine.takeSent(), ["WINDOW_UPDATE 1 +15000"]);
});
