/** Header blocks in one frame and in several, read and written. RFC 9113 sections 4.3, 6.2 and 6.10. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderList } from "../hpack/header-list.js";
import { createEngine, REQUEST, REQUEST_TEXT, RESPONSE } from "../testing/engine.js";
import {
  block,
  continuationFrame,
  dataFrame,
  headersFrame,
  pingFrame,
  rawFrame,
  rstFrame,
  settingsFrame,
  windowUpdateFrame,
} from "../testing/frames.js";
import { Pair } from "../testing/pair.js";

const BLOCK = block(...REQUEST);

test("a block may be cut anywhere into HEADERS and CONTINUATION, and END_STREAM counts from HEADERS", () => {
  for (let cut = 0; cut <= BLOCK.length; cut++) {
    const engine = createEngine("server");
    engine.receive(
      headersFrame(1, BLOCK.subarray(0, cut), { end: true, endHeaders: false, pad: 3, priority: true }),
      continuationFrame(1, Buffer.alloc(0), false),
      continuationFrame(1, BLOCK.subarray(cut), true),
    );
    assert.deepEqual(engine.sink.log, [`headers 1 ${REQUEST_TEXT} end`, "end 1"]);
  }
});

test("nothing may come between HEADERS and its CONTINUATION", () => {
  const strangers: readonly (readonly [string, Buffer])[] = [
    ["DATA", dataFrame(1, "x")],
    ["HEADERS of the same stream", headersFrame(3, BLOCK)],
    ["HEADERS of another stream", headersFrame(5, BLOCK)],
    ["CONTINUATION of another stream", continuationFrame(1, BLOCK, true)],
    ["PING", pingFrame("12345678")],
    ["SETTINGS", settingsFrame()],
    ["WINDOW_UPDATE", windowUpdateFrame(0, 1)],
    ["RST_STREAM", rstFrame(3, 8)],
    ["an unknown type", rawFrame(0xfa, 0, 0)],
  ];
  for (const [what, frame] of strangers) {
    const engine = createEngine("server");
    engine.receiveRequest(1);
    engine.receive(headersFrame(3, BLOCK.subarray(0, 4), { endHeaders: false }), frame);
    assert.equal(engine.fatalCode, 1, what);
    assert.ok(!engine.sink.streams.has(3), what);
  }
});

test("CONTINUATION after END_HEADERS is an error", () => {
  const engine = createEngine("server");
  engine.receive(headersFrame(1, BLOCK), continuationFrame(1, Buffer.alloc(0), true));
  assert.equal(engine.fatalCode, 1);
});

test("a block that never ends is given up before it costs much", () => {
  const engine = createEngine("server", { maxHeaderListBytes: 1000 });
  engine.receive(headersFrame(1, BLOCK, { endHeaders: false }));
  const fragment = continuationFrame(1, Buffer.alloc(16_384, 0x82), false);
  let frames = 0;
  while (engine.connection.fatal === undefined && frames < 100) {
    engine.receive(fragment);
    frames += 1;
  }
  assert.equal(frames, 4);
  assert.equal(engine.fatalCode, 0xb);
});

test("the limit is one block's: many blocks in parts may follow each other", () => {
  const engine = createEngine("server", { maxHeaderListBytes: 1000 });
  const fragment = Buffer.alloc(16_000, 0x82);
  for (let id = 1; id < 40; id += 2) {
    engine.receive(headersFrame(id, fragment, { endHeaders: false }), continuationFrame(id, fragment, true));
  }
  assert.equal(engine.fatalCode, undefined);
  assert.equal(engine.takeSent().length, 20);
});

test("a header list over the limit costs its stream and not the connection, and the tables stay in step", () => {
  const pair = new Pair({ server: { maxHeaderListBytes: 400 } });
  pair.settle();
  const big = pair.client.openStream(undefined);
  pair.client.sendHeaders(big, HeaderList.of(...REQUEST, "x-big", "b".repeat(200), "x-big", "b".repeat(200)), false);
  for (let i = 0; i < 3; i++) {
    const stream = pair.client.openStream(undefined);
    pair.client.sendHeaders(stream, HeaderList.of(...REQUEST, "x-small", "again"), true);
  }
  pair.settle();
  const small = (id: number) => [`headers ${id} ${REQUEST_TEXT} x-small again end`, `end ${id}`];
  assert.deepEqual(pair.serverSink.log.slice(1), [...small(3), ...small(5), ...small(7)]);
  assert.deepEqual(pair.clientSink.logOf(1), ["reset 1 ENHANCE_YOUR_CALM stream remote", "closed 1"]);
});

test("trailers over the limit reset their stream", () => {
  const engine = createEngine("client", { maxHeaderListBytes: 100 });
  engine.openStream();
  engine.takeFrames();
  engine.receive(headersFrame(1, block(...RESPONSE)));
  engine.receive(headersFrame(1, block("a", "x".repeat(100)), { end: true }));
  assert.deepEqual(engine.takeSent(), ["RST_STREAM 1 11"]);
  assert.deepEqual(engine.sink.log.slice(1), ["reset 1 ENHANCE_YOUR_CALM stream library", "closed 1"]);
  assert.match(engine.sink.lastError.reason, /133 octets in 1 fields; the limit is 100/);
});

test("the block of a stream that was reset is decoded all the same", () => {
  const pair = new Pair();
  pair.settle();
  const first = pair.client.openStream(undefined);
  pair.client.sendHeaders(first, HeaderList.of(...REQUEST), false);
  pair.settle();
  const request = pair.serverSink.stream(1);
  const fields = [":status", "200", "x-new", "value"];
  pair.client.reset(first, 8, "enough");
  // The response is under way when the reset is: twice, so that its fields enter the table.
  pair.server.sendHeaders(request, HeaderList.of(...fields), false);
  pair.server.end(request, HeaderList.of("x-new", "value"));
  pair.settle();
  const second = pair.client.openStream(undefined);
  pair.client.sendHeaders(second, HeaderList.of(...REQUEST), true);
  pair.settle();
  pair.server.sendHeaders(pair.serverSink.stream(3), HeaderList.of(...fields), true);
  pair.settle();
  assert.equal(pair.clientSink.logOf(3)[0], `headers 3 ${fields.join(" ")} end`);
});

test("a block that is larger than the peer's frames is sent as HEADERS and CONTINUATION without anything in between", () => {
  const client = createEngine("client");
  const stream = client.connection.openStream(undefined);
  client.connection.sendHeaders(stream, HeaderList.of(...REQUEST, "x-big", "\u00ff".repeat(40_000)), true);
  client.connection.ping(Buffer.from("12345678"));
  const sent = client.takeSent();
  assert.deepEqual(sent.slice(0, 2), ["HEADERS 1 end 16384+", "CONTINUATION 1 16384+"]);
  assert.match(sent[2] as string, /^CONTINUATION 1 \d+$/);
  assert.equal(sent[3], "PING 12345678");
});

test("a large block arrives, also behind output that waits, and with fields that are added one by one", () => {
  const value = "v".repeat(90_000);
  const pair = new Pair({ server: { maxHeaderListBytes: 200_000 } });
  pair.settle();
  pair.client.ping(Buffer.from("12345678"));
  const stream = pair.client.openStream(undefined);
  pair.client.beginHeaders();
  pair.client.addHeaders(HeaderList.template(REQUEST));
  pair.client.addHeader("x-big", value);
  pair.client.addHeader("x-secret", "s", true);
  pair.client.endHeaders(stream, true);
  pair.settle();
  assert.deepEqual(pair.serverSink.logOf(1), [`headers 1 ${REQUEST_TEXT} x-big ${value} x-secret s end`, "end 1"]);
});
