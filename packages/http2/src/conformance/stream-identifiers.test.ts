/** Which stream ids may begin a stream, how many streams at a time, and what GOAWAY says about ids. RFC 9113 sections 5.1.1, 5.1.2, 6.8. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderList } from "../hpack/header-list.js";
import { createEngine, REQUEST, RESPONSE } from "../testing/engine.js";
import { block, continuationFrame, dataFrame, goAwayFrame, headersFrame, rstFrame } from "../testing/frames.js";
import { FIXED_WINDOWS, Peer } from "./testing/peer.js";

const MAX_ID = 0x7fffffff;
const PROTOCOL_ERROR = 1;
const REFUSED_STREAM = 7;
const ANSWER = HeaderList.of(...RESPONSE);

/** A server that takes this many streams at a time. */
function createServer(maxConcurrentStreams = 1000): Peer {
  return new Peer("server", createEngine("server", { ...FIXED_WINDOWS, maxConcurrentStreams }));
}

function request(peer: Peer, streamId: number, end = false): Buffer {
  return headersFrame(streamId, peer.insertingBlock(...REQUEST), { end });
}

test("server: HEADERS with an even id is a connection error PROTOCOL_ERROR, whole or in parts (5.1.1)", () => {
  for (const id of [2, 4, 100, MAX_ID - 1]) {
    const whole = createServer();
    whole.engine.receive(request(whole, id));
    assert.deepEqual(whole.takeSent(), [`GOAWAY 0 ${PROTOCOL_ERROR}`]);
    const parts = createServer();
    const head = parts.insertingBlock(...REQUEST);
    parts.engine.receive(
      headersFrame(id, head.subarray(0, 4), { endHeaders: false }),
      continuationFrame(id, head.subarray(4), true),
    );
    assert.deepEqual(parts.takeSent(), [`GOAWAY 0 ${PROTOCOL_ERROR}`]);
    assert.ok(!whole.engine.sink.streams.has(id) && !parts.engine.sink.streams.has(id));
  }
});

test("server: HEADERS with any id that was skipped is a connection error PROTOCOL_ERROR (5.1.1)", () => {
  for (const used of [[3], [9], [1, 5], [1, 9, 15], [MAX_ID]] as const) {
    const last = used.at(-1) as number;
    const skipped = [1, 3, 7, 11, 13, MAX_ID - 2].filter(
      (id) => id < last && !(used as readonly number[]).includes(id),
    );
    for (const id of skipped) {
      const peer = createServer();
      for (const each of used) peer.engine.receive(request(peer, each, true));
      peer.discard();
      peer.engine.receive(request(peer, id));
      assert.deepEqual(peer.takeSent(), [`GOAWAY ${last} ${PROTOCOL_ERROR}`], `${id} after ${used}`);
      assert.ok(!peer.engine.sink.streams.has(id));
    }
  }
});

test("server: the highest id of all may be used, and is the last one (5.1.1)", () => {
  const peer = createServer();
  peer.engine.receive(request(peer, MAX_ID, true));
  peer.engine.connection.sendHeaders(peer.stream(MAX_ID), ANSWER, true);
  assert.deepEqual(peer.takeSent(), [`HEADERS ${MAX_ID} end :status 200`]);
  peer.engine.receive(request(peer, 1));
  assert.deepEqual(peer.takeSent(), [`GOAWAY ${MAX_ID} ${PROTOCOL_ERROR}`]);
});

test("server: an id whose stream was refused, reset or malformed cannot be used again (5.1.1)", () => {
  const refused = createServer(0);
  refused.engine.receive(request(refused, 1));
  refused.engine.receive(request(refused, 1));
  assert.deepEqual(refused.takeSent(), [`RST_STREAM 1 ${REFUSED_STREAM}`]);
  const malformed = createServer();
  malformed.engine.receive(headersFrame(1, block("x", "y")), request(malformed, 1));
  assert.deepEqual(malformed.takeSent(), [`RST_STREAM 1 ${PROTOCOL_ERROR}`]);
  assert.ok(!refused.engine.sink.streams.has(1));
  assert.deepEqual(malformed.engine.sink.takeLog(), ["reset 1 PROTOCOL_ERROR stream library", "closed 1"]);
});

test("server: a refused id counts as used, so that those below it are skipped (5.1.1)", () => {
  const peer = createServer(1);
  peer.engine.receive(request(peer, 1), request(peer, 7));
  assert.deepEqual(peer.takeSent(), [`RST_STREAM 7 ${REFUSED_STREAM}`]);
  peer.engine.receive(request(peer, 5));
  assert.equal(peer.engine.fatalCode, PROTOCOL_ERROR);
});

test("server: a header list over the limit uses its id (5.1.1)", () => {
  const peer = new Peer("server", createEngine("server", { ...FIXED_WINDOWS, maxHeaderListBytes: 200 }));
  peer.engine.receive(headersFrame(5, peer.insertingBlock(...REQUEST, "x-big", "b".repeat(120))));
  assert.deepEqual(peer.takeSent(), ["RST_STREAM 5 11"]);
  peer.engine.receive(request(peer, 3));
  assert.equal(peer.engine.fatalCode, PROTOCOL_ERROR);
});

test("server: open and half-closed streams count against MAX_CONCURRENT_STREAMS, closed and refused ones do not (5.1.2)", () => {
  const peer = createServer(2);
  const { engine } = peer;
  engine.receive(request(peer, 1, true), request(peer, 3));
  for (const id of [5, 7, 9]) engine.receive(request(peer, id));
  assert.deepEqual(
    peer.takeSent(),
    [5, 7, 9].map((id) => `RST_STREAM ${id} ${REFUSED_STREAM}`),
  );
  engine.connection.sendHeaders(peer.stream(1), ANSWER, true);
  engine.receive(request(peer, 11), request(peer, 13));
  engine.receive(rstFrame(3, 8), request(peer, 15));
  engine.connection.reset(peer.stream(11), 8, "enough");
  engine.receive(request(peer, 17));
  const refused = peer.takeSent().filter((line) => line.endsWith(` ${REFUSED_STREAM}`));
  assert.deepEqual(refused, [`RST_STREAM 13 ${REFUSED_STREAM}`]);
  assert.deepEqual(
    [...engine.sink.streams.keys()].filter((id) => !peer.stream(id).isClosed),
    [15, 17],
  );
});

test("server: the headers of refused streams keep the tables in step (4.3, 5.1.2)", () => {
  const peer = createServer(1);
  peer.openCall(1);
  for (const id of [3, 5, 7]) peer.engine.receive(request(peer, id));
  peer.engine.receive(headersFrame(1, peer.referringBlock("x-last", "1"), { end: true }));
  assert.deepEqual(peer.engine.sink.logOf(1).slice(1), [`trailers 1 x-last 1 ${peer.lastInserted}`, "end 1"]);
});

test("client: anything but PRIORITY on an id that it has not opened yet is a connection error PROTOCOL_ERROR (5.1)", () => {
  for (const id of [5, 7, MAX_ID, 2, MAX_ID - 1]) {
    const frames = [headersFrame(id, block(...RESPONSE)), dataFrame(id, "x"), dataFrame(id, ""), rstFrame(id, 0)];
    for (const frame of frames) {
      const peer = new Peer("client");
      for (const opened of [1, 3]) peer.openCall(opened);
      peer.discard();
      peer.engine.receive(frame);
      assert.deepEqual(peer.takeSent(), [`GOAWAY 0 ${PROTOCOL_ERROR}`]);
    }
  }
});

for (const role of ["server", "client"] as const) {
  test(`${role}: GOAWAY that raises its last id is a connection error PROTOCOL_ERROR, by one or by all (6.8)`, () => {
    for (const [first, second] of [
      [0, 1],
      [3, 4],
      [3, MAX_ID],
      [MAX_ID - 1, MAX_ID],
    ] as const) {
      const peer = new Peer(role);
      peer.engine.receive(goAwayFrame(first, 0), goAwayFrame(first, 0));
      assert.equal(peer.engine.fatalCode, undefined);
      peer.engine.receive(goAwayFrame(second, 0));
      assert.deepEqual(peer.takeSent(), [`GOAWAY 0 ${PROTOCOL_ERROR}`]);
    }
  });

  test(`${role}: GOAWAY may come with any code and any debug data, and the connection goes on (6.8, 7)`, () => {
    const peer = new Peer(role);
    peer.openCall(1);
    if (role === "client") peer.receiveResponse(1);
    peer.discard();
    const debug = "\u0000\r\n\u00ff".repeat(1000);
    peer.engine.receive(goAwayFrame(MAX_ID, 0xffffffff, debug), goAwayFrame(101, 2), dataFrame(1, "goes on"));
    const [first, ...others] = peer.engine.sink.takeLog();
    assert.ok(first?.startsWith(`goaway ${MAX_ID} 0xffffffff \u0000\r\n\u00ff`));
    assert.deepEqual(others, ["goaway 101 INTERNAL_ERROR ", 'data 1 "goes on"']);
    assert.deepEqual(peer.takeSent(), []);
  });
}

test("client: GOAWAY that lowers its last id ends just the streams between (6.8)", () => {
  const peer = new Peer("client");
  for (const id of [1, 3, 5, 7]) peer.openCall(id);
  peer.discard();
  const ends: readonly (readonly [lastId: number, ended: readonly number[]])[] = [
    [MAX_ID, []],
    [7, []],
    [6, [7]],
    [5, []],
    [1, [3, 5]],
    [0, [1]],
  ];
  for (const [lastId, ended] of ends) {
    peer.engine.receive(goAwayFrame(lastId, 0));
    const expected = ended.flatMap((id) => [`reset ${id} REFUSED_STREAM stream remote unprocessed`, `closed ${id}`]);
    assert.deepEqual(peer.engine.sink.takeLog(), [...expected, `goaway ${lastId} NO_ERROR `]);
  }
  assert.equal(peer.engine.connection.openStreams, 0);
  assert.deepEqual(peer.takeSent(), []);
});
