/** Every setting at and beyond its bounds, in both roles, and the order in which values take effect. RFC 9113 sections 6.5 and 6.9.2. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Role } from "../connection/options.js";
import { HeaderList } from "../hpack/header-list.js";
import { createEngine, Engine, REQUEST, RESPONSE } from "../testing/engine.js";
import { PREFACE, SETTINGS_ACK, settingsFrame, Type, windowUpdateFrame } from "../testing/frames.js";
import { FIXED_WINDOWS, Peer } from "./testing/peer.js";

const ROLES: readonly Role[] = ["server", "client"];
const HEADER_TABLE_SIZE = 1;
const ENABLE_PUSH = 2;
const MAX_CONCURRENT_STREAMS = 3;
const INITIAL_WINDOW_SIZE = 4;
const MAX_FRAME_SIZE = 5;
const MAX_HEADER_LIST_SIZE = 6;
const MAX_WINDOW = 0x7fffffff;
const MAX_UINT32 = 0xffffffff;
const PROTOCOL_ERROR = 1;
const FLOW_CONTROL_ERROR = 3;

interface Bounds {
  readonly name: string;
  readonly id: number;
  readonly good: readonly number[];
  readonly bad: readonly number[];
  readonly code: number;
}

const SETTINGS: readonly Bounds[] = [
  { name: "HEADER_TABLE_SIZE", id: HEADER_TABLE_SIZE, good: [0, 1, 4096, MAX_UINT32], bad: [], code: 0 },
  { name: "MAX_CONCURRENT_STREAMS", id: MAX_CONCURRENT_STREAMS, good: [0, 1, MAX_UINT32], bad: [], code: 0 },
  {
    name: "INITIAL_WINDOW_SIZE",
    id: INITIAL_WINDOW_SIZE,
    good: [0, 1, 65_535, MAX_WINDOW],
    bad: [MAX_WINDOW + 1, MAX_UINT32],
    code: FLOW_CONTROL_ERROR,
  },
  {
    name: "MAX_FRAME_SIZE",
    id: MAX_FRAME_SIZE,
    good: [16_384, 16_777_215],
    bad: [0, 1, 16_383, 16_777_216, MAX_UINT32],
    code: PROTOCOL_ERROR,
  },
  { name: "MAX_HEADER_LIST_SIZE", id: MAX_HEADER_LIST_SIZE, good: [0, 1, MAX_UINT32], bad: [], code: 0 },
  { name: "a setting that is not known", id: 0xffff, good: [0, 1, MAX_UINT32], bad: [], code: 0 },
  { name: "a setting with the id 0", id: 0, good: [0, 1, MAX_UINT32], bad: [], code: 0 },
];

/** A server may not set ENABLE_PUSH to anything but 0. RFC 9113 section 6.5.2. */
const PUSH: { readonly [K in Role]: Bounds } = {
  server: { name: "ENABLE_PUSH", id: ENABLE_PUSH, good: [0, 1], bad: [2, MAX_UINT32], code: PROTOCOL_ERROR },
  client: { name: "ENABLE_PUSH", id: ENABLE_PUSH, good: [0], bad: [1, 2, MAX_UINT32], code: PROTOCOL_ERROR },
};

/** A connection that has not received SETTINGS. */
function createUnsettled(role: Role): Engine {
  const engine = new Engine(role, FIXED_WINDOWS);
  engine.connection.start();
  if (role === "server") engine.receive(PREFACE);
  engine.takeFrames();
  return engine;
}

for (const role of ROLES) {
  for (const { name, id, good, bad, code } of [...SETTINGS, PUSH[role]]) {
    test(`${role}: ${name} may be ${good.join(", ")}, in the first SETTINGS and in later ones (6.5.2)`, () => {
      for (const value of good) {
        const engine = createUnsettled(role);
        engine.receive(settingsFrame([id, value]), settingsFrame([id, value]));
        assert.deepEqual(engine.sink.takeLog(), ["settings", "settings"]);
        assert.deepEqual(engine.takeSent(), ["SETTINGS ACK", "SETTINGS ACK"]);
      }
    });
    if (bad.length === 0) continue;
    test(`${role}: ${name} of ${bad.join(", ")} is a connection error ${code}, and is not acknowledged (6.5.2)`, () => {
      for (const value of bad) {
        const first = createUnsettled(role);
        first.receive(settingsFrame([id, value]));
        assert.deepEqual(first.takeSent(), [`GOAWAY 0 ${code}`]);
        const later = createEngine(role, FIXED_WINDOWS);
        later.receive(settingsFrame([0xf000, 1], [id, value], [id, good[0] as number]));
        assert.deepEqual(later.takeSent(), [`GOAWAY 0 ${code}`]);
        assert.deepEqual([first.fatalCode, later.fatalCode], [code, code]);
      }
    });
  }

  test(`${role}: each SETTINGS frame is acknowledged once, in order with other answers (6.5.3)`, () => {
    const engine = createEngine(role, FIXED_WINDOWS);
    engine.receive(settingsFrame(), settingsFrame([MAX_HEADER_LIST_SIZE, 1], [MAX_HEADER_LIST_SIZE, 2]));
    engine.connection.ping(Buffer.from("12345678"));
    engine.receive(settingsFrame([0xf000, 1]));
    assert.deepEqual(engine.takeSent(), ["SETTINGS ACK", "SETTINGS ACK", "PING 12345678", "SETTINGS ACK"]);
    assert.equal(engine.connection.remoteMaxHeaderListBytes, 2);
  });

  test(`${role}: a second acknowledgement of the same SETTINGS ends the connection (6.5.3)`, () => {
    const engine = createUnsettled(role);
    engine.receive(settingsFrame(), SETTINGS_ACK);
    assert.equal(engine.fatalCode, undefined);
    engine.receive(SETTINGS_ACK);
    assert.equal(engine.fatalCode, PROTOCOL_ERROR);
  });

  test(`${role}: INITIAL_WINDOW_SIZE leaves the connection's window as it is (6.9.2)`, () => {
    const peer = new Peer(role, createEngine(role, FIXED_WINDOWS, [[INITIAL_WINDOW_SIZE, MAX_WINDOW]]));
    const stream = peer.openCall(1);
    if (role === "server") peer.engine.connection.sendHeaders(stream, HeaderList.of(...RESPONSE), false);
    peer.discard();
    peer.engine.sendData(stream, Buffer.alloc(70_000));
    const bytes = peer.engine.takeFrames().reduce((sum, { payload }) => sum + payload.length, 0);
    assert.equal(bytes, 65_535);
  });

  test(`${role}: INITIAL_WINDOW_SIZE that makes a stream's window too large is a connection error FLOW_CONTROL_ERROR (6.9.2)`, () => {
    const peer = new Peer(role);
    peer.openCall(1);
    peer.engine.receive(windowUpdateFrame(1, MAX_WINDOW - 65_535), settingsFrame([INITIAL_WINDOW_SIZE, 65_535]));
    assert.equal(peer.engine.fatalCode, undefined);
    peer.engine.receive(settingsFrame([INITIAL_WINDOW_SIZE, 65_536]));
    assert.equal(peer.engine.fatalCode, FLOW_CONTROL_ERROR);
  });

  test(`${role}: MAX_FRAME_SIZE that becomes smaller binds what is still queued (4.2, 6.5.2)`, () => {
    const settings = [
      [MAX_FRAME_SIZE, 40_000],
      [INITIAL_WINDOW_SIZE, 0],
    ] as const;
    const peer = new Peer(role, createEngine(role, FIXED_WINDOWS, settings));
    const stream = peer.openCall(1);
    if (role === "server") peer.engine.connection.sendHeaders(stream, HeaderList.of(...RESPONSE), false);
    peer.engine.sendData(stream, Buffer.alloc(50_000));
    peer.discard();
    peer.engine.receive(settingsFrame([MAX_FRAME_SIZE, 16_384], [INITIAL_WINDOW_SIZE, MAX_WINDOW]));
    assert.deepEqual(peer.takeSent(), ["SETTINGS ACK", "DATA 1 16384", "DATA 1 16384", "DATA 1 16384", "DATA 1 848"]);
  });

  test(`${role}: a table that shrinks and grows within one SETTINGS is emptied, and the next block says so (RFC 7541 4.2)`, () => {
    const engine = createEngine(role, FIXED_WINDOWS);
    const peer = new Peer(role, engine);
    const sendBlock = (streamId: number): Buffer => {
      const stream = peer.openCall(streamId);
      if (role === "server") {
        engine.takeFrames();
        engine.connection.sendHeaders(stream, HeaderList.of(...RESPONSE, "x-kept", "in the table"), false);
      }
      const frame = engine.takeFrames().find(({ type }) => type === Type.HEADERS);
      assert.ok(frame !== undefined);
      return frame.payload;
    };
    for (const id of [1, 3, 5]) sendBlock(id);
    const indexed = sendBlock(7);
    engine.receive(settingsFrame([HEADER_TABLE_SIZE, 0], [HEADER_TABLE_SIZE, 4096]));
    engine.takeFrames();
    const after = sendBlock(9);
    assert.equal(after[0], 0x20, "a size update to 0 comes first");
    assert.equal((after[1] as number) & 0xe0, 0x20, "then one to the size in use");
    assert.ok(
      after.length > indexed.length,
      `${after.length} octets after the table was emptied, ${indexed.length} before`,
    );
  });
}

test("a client opens no stream while MAX_CONCURRENT_STREAMS is 0, or not more than are open (5.1.2)", () => {
  const engine = createEngine("client", FIXED_WINDOWS, [[MAX_CONCURRENT_STREAMS, 0]]);
  assert.ok(!engine.connection.canOpenStream && !engine.connection.isExhausted);
  engine.receive(settingsFrame([MAX_CONCURRENT_STREAMS, 1]));
  assert.ok(engine.connection.canOpenStream);
  engine.openStream();
  assert.ok(!engine.connection.canOpenStream);
});

test("a client above a limit that was lowered opens a stream only when enough have closed (5.1.2)", () => {
  const peer = new Peer("client", createEngine("client", FIXED_WINDOWS, [[MAX_CONCURRENT_STREAMS, 3]]));
  const { engine } = peer;
  for (const id of [1, 3, 5]) peer.openCall(id);
  engine.receive(settingsFrame([MAX_CONCURRENT_STREAMS, 1]));
  assert.equal(engine.connection.openStreams, 3, "open streams go on");
  for (const id of [1, 3]) {
    engine.connection.reset(peer.stream(id), 8, "enough");
    assert.ok(!engine.connection.canOpenStream);
  }
  engine.connection.reset(peer.stream(5), 8, "enough");
  assert.ok(engine.connection.canOpenStream);
  const request = engine.connection.openStream(undefined);
  engine.connection.sendHeaders(request, HeaderList.of(...REQUEST), true);
  assert.ok(!engine.connection.canOpenStream, "a half-closed stream counts");
  peer.receiveResponse(7, true);
  assert.ok(engine.connection.canOpenStream);
});
