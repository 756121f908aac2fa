/** SETTINGS in both directions. RFC 9113 section 6.5. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderList } from "../hpack/header-list.js";
import { createEngine, Engine, REQUEST, RESPONSE } from "../testing/engine.js";
import {
  block,
  dataFrame,
  headersFrame,
  PREFACE,
  SETTINGS_ACK,
  settingsFrame,
  windowUpdateFrame,
} from "../testing/frames.js";
import { Pair } from "../testing/pair.js";

const HEADER_TABLE_SIZE = 1;
const ENABLE_PUSH = 2;
const MAX_CONCURRENT_STREAMS = 3;
const INITIAL_WINDOW_SIZE = 4;
const MAX_FRAME_SIZE = 5;
const MAX_HEADER_LIST_SIZE = 6;

test("the peer's SETTINGS are acknowledged, then told", () => {
  const engine = new Engine("client");
  engine.connection.start();
  engine.takeFrames();
  assert.ok(!engine.connection.isEstablished);
  engine.receive(settingsFrame([MAX_HEADER_LIST_SIZE, 77]));
  assert.deepEqual(engine.takeSent(), ["SETTINGS ACK"]);
  assert.deepEqual(engine.sink.log, ["settings"]);
  assert.ok(engine.connection.isEstablished);
  assert.equal(engine.connection.remoteMaxHeaderListBytes, 77);
});

test("values that are not allowed end the connection", () => {
  const bad: readonly (readonly [number, number, number])[] = [
    [ENABLE_PUSH, 2, 1],
    [INITIAL_WINDOW_SIZE, 0x80000000, 3],
    [MAX_FRAME_SIZE, 16_383, 1],
    [MAX_FRAME_SIZE, 0, 1],
    [MAX_FRAME_SIZE, 16_777_216, 1],
  ];
  for (const [id, value, code] of bad) {
    const engine = createEngine("server");
    engine.receive(settingsFrame([99, 99], [id, value]));
    assert.equal(engine.fatalCode, code);
    assert.deepEqual(engine.takeSent(), [`GOAWAY 0 ${code}`]);
  }
});

test("a server may not announce that it pushes; a client may say that it would take it", () => {
  const client = createEngine("client");
  client.receive(settingsFrame([ENABLE_PUSH, 0]));
  assert.equal(client.fatalCode, undefined);
  client.receive(settingsFrame([ENABLE_PUSH, 1]));
  assert.equal(client.fatalCode, 1);
  const server = createEngine("server", {}, [[ENABLE_PUSH, 1]]);
  assert.equal(server.fatalCode, undefined);
});

test("unknown settings are ignored, and of repeated ones the last counts", () => {
  const engine = createEngine("client", {}, [
    [0x4242, 0xffffffff],
    [MAX_CONCURRENT_STREAMS, 1],
    [MAX_CONCURRENT_STREAMS, 2],
  ]);
  engine.openStream();
  assert.ok(engine.connection.canOpenStream);
  engine.openStream();
  assert.ok(!engine.connection.canOpenStream);
});

test("100 streams are assumed before SETTINGS, and any number after SETTINGS that name none", () => {
  const engine = new Engine("client");
  engine.connection.start();
  for (let i = 0; i < 100; i++) {
    assert.ok(engine.connection.canOpenStream);
    engine.openStream();
  }
  assert.ok(!engine.connection.canOpenStream);
  engine.receive(settingsFrame());
  assert.ok(engine.connection.canOpenStream);
  engine.receive(settingsFrame([MAX_CONCURRENT_STREAMS, 100]));
  assert.ok(!engine.connection.canOpenStream);
  engine.receive(settingsFrame());
  assert.ok(!engine.connection.canOpenStream, "SETTINGS that do not name a value leave it");
  engine.receive(settingsFrame([MAX_CONCURRENT_STREAMS, 101]));
  assert.ok(engine.connection.canOpenStream);
});

test("a server refuses streams beyond its limit, unprocessed, and ignores the rest of them", () => {
  const engine = createEngine("server", { maxConcurrentStreams: 2 });
  for (const id of [1, 3, 5]) engine.receive(headersFrame(id, block(...REQUEST)));
  engine.receive(dataFrame(5, "ignored"), headersFrame(5, block("a", "b"), { end: true }));
  assert.deepEqual(engine.takeSent(), ["RST_STREAM 5 7"]);
  assert.ok(!engine.sink.streams.has(5));
  assert.equal(engine.connection.openStreams, 2);
  const pair = new Pair({ server: { maxConcurrentStreams: 1 } });
  for (let i = 0; i < 2; i++)
    pair.client.sendHeaders(pair.client.openStream(undefined), HeaderList.of(...REQUEST), false);
  pair.settle();
  assert.deepEqual(pair.clientSink.logOf(3), ["reset 3 REFUSED_STREAM stream remote unprocessed", "closed 3"]);
});

test("INITIAL_WINDOW_SIZE moves the windows of open streams, below zero too, and of later ones", () => {
  const engine = createEngine("client", {}, [[INITIAL_WINDOW_SIZE, 100]]);
  const stream = engine.openStream();
  engine.takeFrames();
  assert.ok(!engine.sendData(stream, "x".repeat(150)));
  assert.deepEqual(engine.takeSent(), ["DATA 1 100"]);
  engine.receive(settingsFrame([INITIAL_WINDOW_SIZE, 20]));
  assert.equal(stream.sendWindow, -80);
  engine.receive(windowUpdateFrame(1, 80));
  assert.deepEqual(engine.takeSent(), ["SETTINGS ACK"]);
  engine.receive(windowUpdateFrame(1, 1));
  assert.deepEqual(engine.takeSent(), ["DATA 1 1"]);
  engine.receive(settingsFrame([INITIAL_WINDOW_SIZE, 30]));
  assert.deepEqual(engine.takeSent(), ["SETTINGS ACK", "DATA 1 10"]);
  assert.deepEqual(engine.sink.log, ["settings", "settings"]);
  assert.equal(engine.openStream().sendWindow, 30);
});

test("INITIAL_WINDOW_SIZE that overflows a stream's window is a FLOW_CONTROL_ERROR of the connection", () => {
  const engine = createEngine("client", {}, [[INITIAL_WINDOW_SIZE, 10]]);
  engine.openStream();
  engine.receive(windowUpdateFrame(1, 0x7fffffff - 10));
  assert.equal(engine.fatalCode, undefined);
  engine.receive(settingsFrame([INITIAL_WINDOW_SIZE, 11]));
  assert.equal(engine.fatalCode, 3);
  assert.match(engine.sink.lastError.reason, /stream 1/);
});

test("frames are as large as the peer's MAX_FRAME_SIZE allows", () => {
  const engine = createEngine("client", {}, [[MAX_FRAME_SIZE, 20_000]]);
  const stream = engine.openStream();
  engine.takeFrames();
  engine.sendData(stream, Buffer.alloc(20_000));
  engine.sendData(stream, Buffer.alloc(20_001));
  assert.deepEqual(engine.takeSent(), ["DATA 1 20000", "DATA 1 20000", "DATA 1 1"]);
});

test("our own frame limit holds from the peer's acknowledgement on", () => {
  const engine = new Engine("server", { maxFrameBytes: 20_000 });
  engine.connection.start();
  engine.receive(PREFACE, settingsFrame(), SETTINGS_ACK);
  engine.receiveRequest(1);
  engine.receive(dataFrame(1, Buffer.alloc(20_000)));
  assert.equal(engine.fatalCode, undefined);
  engine.receive(dataFrame(1, Buffer.alloc(20_001)));
  assert.equal(engine.fatalCode, 6);
  const early = new Engine("server", { maxFrameBytes: 20_000 });
  early.connection.start();
  early.receive(PREFACE, settingsFrame());
  early.receiveRequest(1);
  early.receive(dataFrame(1, Buffer.alloc(16_385)));
  assert.equal(early.fatalCode, 6);
});

test("our own stream window holds from the peer's acknowledgement on, for open streams too", () => {
  const engine = new Engine("server", { streamWindowBytes: 1000 });
  engine.connection.start();
  engine.receive(PREFACE, settingsFrame());
  const stream = engine.receiveRequest(1);
  engine.receive(dataFrame(1, Buffer.alloc(1500)));
  assert.equal(stream.receiveWindow, 65_535 - 1500);
  engine.receive(SETTINGS_ACK);
  assert.equal(stream.receiveWindow, -500);
  engine.takeFrames();
  engine.connection.consume(stream, 1500);
  assert.deepEqual(engine.takeSent(), ["WINDOW_UPDATE 1 +1500"]);
  assert.equal(stream.receiveWindow, 1000);
  engine.receive(dataFrame(1, Buffer.alloc(1001)));
  assert.deepEqual(engine.takeSent(), ["RST_STREAM 1 3"]);
});

test("values other than the protocol's own are announced", () => {
  const engine = new Engine("server", {
    headerTableBytes: 0,
    maxConcurrentStreams: 7,
    streamWindowBytes: 1 << 20,
    connectionWindowBytes: 65_535,
    maxFrameBytes: 1 << 17,
    maxHeaderListBytes: 5000,
  });
  engine.connection.start();
  assert.deepEqual(engine.takeSent(), [`SETTINGS 1=0 3=7 4=${1 << 20} 5=${1 << 17} 6=5000`]);
});

test("HEADER_TABLE_SIZE of the peer bounds our encoder: without a table, the same block costs the same each time", () => {
  const blockBytes = (tableBytes: number): number[] => {
    const engine = createEngine("client", {}, [[HEADER_TABLE_SIZE, tableBytes]]);
    return Array.from({ length: 6 }, () => {
      engine.connection.sendHeaders(
        engine.connection.openStream(undefined),
        HeaderList.of(...REQUEST, "x-a", "value"),
        true,
      );
      return engine.takeFrames()[0]?.payload.length ?? 0;
    });
  };
  const [first, ...others] = blockBytes(0);
  assert.equal(new Set(others).size, 1);
  // The first block says that the table is gone.
  assert.equal(first, (others[0] as number) + 1);
  const withTable = blockBytes(4096);
  assert.ok((withTable.at(-1) as number) < (others[0] as number) / 2, `${withTable}`);
});

test("header blocks arrive whatever table sizes both sides announce", () => {
  for (const headerTableBytes of [0, 50, 4096, 65_536]) {
    const pair = new Pair({ client: { headerTableBytes }, server: { headerTableBytes } });
    for (let i = 0; i < 12; i++) {
      const stream = pair.client.openStream(undefined);
      pair.client.sendHeaders(stream, HeaderList.of(...REQUEST, "x-n", String(i % 3), `x-${i % 4}`, "value"), true);
      pair.settle();
      pair.server.sendHeaders(
        pair.serverSink.stream(stream.id),
        HeaderList.of(...RESPONSE, "y-n", String(i % 3)),
        true,
      );
      pair.settle();
      const id = stream.id;
      assert.match(pair.serverSink.logOf(id)[0] as string, new RegExp(` x-n ${i % 3} x-${i % 4} value end$`));
      assert.deepEqual(pair.clientSink.logOf(id), [
        `headers ${id} :status 200 y-n ${i % 3} end`,
        `end ${id}`,
        `closed ${id}`,
      ]);
    }
  }
});

test("a peer that keeps a larger table than we have announced is told of its error after its acknowledgement", () => {
  const engine = new Engine("server", { headerTableBytes: 0 });
  engine.connection.start();
  engine.receive(PREFACE, settingsFrame());
  // Before the acknowledgement, the protocol's table of 4096 octets may be used.
  engine.receive(headersFrame(1, Buffer.concat([block(...REQUEST), Buffer.from([0x40, 1, 0x61, 1, 0x62])])));
  assert.equal(engine.fatalCode, undefined);
  engine.receive(SETTINGS_ACK, headersFrame(3, Buffer.concat([block(...REQUEST), Buffer.from([0xbe])])));
  assert.equal(engine.fatalCode, 9);
});
