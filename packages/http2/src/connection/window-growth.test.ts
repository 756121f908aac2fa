import assert from "node:assert/strict";
import test from "node:test";
import { createEngine, type Engine } from "../testing/engine.js";
import { dataFrame, pingFrame, SETTINGS_ACK } from "../testing/frames.js";

const PROBE = "PING window\0\0";
const PONG = pingFrame("window\0\0", true);
const FRAME_BYTES = 16_384;

/** DATA of this many octets, in frames. */
function body(streamId: number, bytes: number): Buffer {
  const frames: Buffer[] = [];
  for (let left = bytes; left > 0; left -= FRAME_BYTES) {
    frames.push(dataFrame(streamId, Buffer.alloc(Math.min(left, FRAME_BYTES))));
  }
  return Buffer.concat(frames);
}

/** A server whose reader takes everything as it comes. */
function createReader(options = {}): Engine {
  const engine = createEngine("server", options);
  engine.sink.react = { onData: (stream, _chunk, start, end) => engine.connection.consume(stream, end - start) };
  engine.receiveRequest(1);
  return engine;
}

test("a probe goes out before the credit, when half of a stream's window has been used up", () => {
  const engine = createReader();
  engine.receive(body(1, 32_000));
  assert.deepEqual(engine.takeSent(), []);
  engine.receive(body(1, 1000));
  assert.deepEqual(engine.takeSent(), [PROBE, "WINDOW_UPDATE 1 +33000"]);
});

test("a window that was full while the probe was under way doubles, and binds once it is acknowledged", () => {
  const engine = createReader();
  engine.receive(body(1, 33_000));
  engine.receive(body(1, 32_000), PONG);
  const sent = engine.takeSent();
  assert.equal(sent.at(-1), "SETTINGS 4=131070");
  // What the peer sends before it has acknowledged is still measured by the old window.
  engine.receive(SETTINGS_ACK, body(1, 65_000));
  assert.equal(engine.fatalCode, undefined);
  assert.deepEqual(engine.sink.errors, []);
});

test("a path that carries less than the window leaves it as it is", () => {
  const engine = createReader();
  engine.receive(body(1, 33_000), body(1, 20_000), PONG);
  assert.ok(engine.takeSent().every((frame) => !frame.startsWith("SETTINGS")));
});

test("a reader that does not keep up gets no larger window", () => {
  const engine = createEngine("server");
  const stream = engine.receiveRequest(1);
  engine.receive(body(1, 65_000));
  engine.connection.consume(stream, 33_000);
  engine.receive(body(1, 32_000), PONG);
  assert.ok(engine.takeSent().every((frame) => !frame.startsWith("SETTINGS")));
});

test("a stream's window grows up to its cap and no further, and then nothing is probed any more", () => {
  const engine = createReader({ maxStreamWindowBytes: 200_000, connectionWindowBytes: 8 * 1_048_576 });
  const grown: string[] = [];
  for (let i = 0; i < 200; i++) {
    engine.receive(body(1, grown.length === 0 ? 65_000 : 130_000), PONG);
    for (const frame of engine.takeSent()) {
      if (!frame.startsWith("SETTINGS")) continue;
      grown.push(frame);
      engine.receive(SETTINGS_ACK);
    }
    if (engine.fatalCode !== undefined) break;
  }
  assert.deepEqual(grown, ["SETTINGS 4=131070", "SETTINGS 4=200000"]);
});

test("windows that were set by hand are neither probed nor changed", () => {
  const engine = createReader({ streamWindowBytes: 65_535 });
  for (let i = 0; i < 100; i++) engine.receive(body(1, 60_000));
  assert.ok(engine.takeSent().every((frame) => frame.startsWith("WINDOW_UPDATE")));
});

test("the connection's window doubles too when it is what limits, up to half of what may be unread", () => {
  const engine = createReader({ connectionWindowBytes: 100_000, maxUnreadBytes: 400_000 });
  engine.receive(body(1, 49_000));
  engine.takeFrames();
  engine.receive(body(1, 1000));
  engine.receive(body(1, 10_000), PONG);
  assert.ok(!engine.takeSent().includes("WINDOW_UPDATE 0 +100000"));
  const credits: string[] = [];
  for (let i = 0; i < 60; i++) {
    engine.receive(body(1, 40_000), PONG, SETTINGS_ACK);
    if (engine.fatalCode !== undefined) break;
    credits.push(...engine.takeSent().filter((frame) => frame.startsWith("WINDOW_UPDATE 0")));
  }
  assert.ok(credits.length > 0);
});

test("an acknowledged PING that is no probe, or comes without one, goes to the layer above", () => {
  const engine = createReader();
  engine.receive(PONG, pingFrame("12345678", true));
  assert.deepEqual(engine.sink.takeLog().slice(-2), ["pong window\0\0", "pong 12345678"]);
});
