/** Informational responses at a client: any number, before the final one, and never the end. RFC 9113 sections 8.1 and 8.6. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RESPONSE } from "../testing/engine.js";
import { continuationFrame, dataFrame, headersFrame } from "../testing/frames.js";
import { Peer } from "./testing/peer.js";

const PROTOCOL_ERROR = 1;

/** A client with a call on stream 1 that was sent to its end, and one on stream 3 with an open end. */
function createClient(): Peer {
  const peer = new Peer("client");
  peer.engine.connection.end(peer.openCall(1), undefined);
  peer.openCall(3);
  peer.discard();
  return peer;
}

test("any number of informational responses may come before the final one, and keep the tables in step", () => {
  for (const id of [1, 3]) {
    const peer = createClient();
    for (let i = 0; i < 20; i++) {
      peer.engine.receive(headersFrame(id, peer.insertingBlock(":status", String(100 + i), "link", `<${i}>`)));
    }
    assert.deepEqual({ told: peer.engine.sink.takeLog(), sent: peer.takeSent() }, { told: [], sent: [] });
    peer.engine.receive(headersFrame(id, peer.referringBlock(...RESPONSE)), dataFrame(id, "body"));
    peer.engine.receive(headersFrame(id, peer.referringBlock("x-last", "1"), { end: true }));
    const closed = id === 1 ? [`closed ${id}`] : [];
    assert.deepEqual(peer.engine.sink.takeLog(), [
      `headers ${id} :status 200 ${peer.lastInserted}`,
      `data ${id} "body"`,
      `trailers ${id} x-last 1 ${peer.lastInserted}`,
      `end ${id}`,
      ...closed,
    ]);
  }
});

test("an informational response may be cut into CONTINUATION and be padded", () => {
  const peer = createClient();
  const head = peer.insertingBlock(":status", "103", "link", "<a>");
  peer.engine.receive(
    headersFrame(1, head.subarray(0, 5), { endHeaders: false, pad: 9, priority: true }),
    continuationFrame(1, head.subarray(5), true),
  );
  assert.deepEqual(peer.engine.sink.takeLog(), []);
  peer.receiveResponse(1, true);
  assert.deepEqual(peer.engine.sink.takeLog(), [`headers 1 :status 200 ${peer.lastInserted} end`, "end 1", "closed 1"]);
});

test("an informational response with END_STREAM is malformed, as the first or after others", () => {
  for (const before of [0, 1, 3]) {
    for (const id of [1, 3]) {
      const peer = createClient();
      for (let i = 0; i < before; i++) peer.engine.receive(headersFrame(id, peer.insertingBlock(":status", "100")));
      peer.engine.receive(headersFrame(id, peer.insertingBlock(":status", "103"), { end: true }));
      assert.deepEqual(peer.engine.sink.takeLog(), [`reset ${id} PROTOCOL_ERROR stream library`, `closed ${id}`]);
      assert.deepEqual(peer.takeSent(), [`RST_STREAM ${id} ${PROTOCOL_ERROR}`]);
    }
  }
});

test("an informational response after the final one is malformed, with and without END_STREAM", () => {
  for (const end of [false, true]) {
    for (const body of ["", "some"]) {
      const peer = createClient();
      peer.receiveResponse(1);
      peer.engine.receive(dataFrame(1, body));
      peer.engine.sink.takeLog();
      peer.engine.receive(headersFrame(1, peer.insertingBlock(":status", "100"), { end }));
      assert.deepEqual(peer.engine.sink.takeLog(), ["reset 1 PROTOCOL_ERROR stream library", "closed 1"]);
      assert.deepEqual(peer.takeSent(), [`RST_STREAM 1 ${PROTOCOL_ERROR}`]);
    }
  }
});

test("DATA after an informational response and before the final one is malformed", () => {
  for (const end of [false, true]) {
    const peer = createClient();
    peer.engine.receive(headersFrame(1, peer.insertingBlock(":status", "100")), dataFrame(1, "early", { end }));
    assert.deepEqual(peer.engine.sink.takeLog(), ["reset 1 PROTOCOL_ERROR stream library", "closed 1"]);
    assert.deepEqual(peer.takeSent(), [`RST_STREAM 1 ${PROTOCOL_ERROR}`]);
  }
});

test("an informational response obeys the rules of header fields", () => {
  const malformed = [
    [":status", "100", "Upper", "case"],
    [":status", "100", "connection", "close"],
    ["x-a", "v", ":status", "100"],
    [":status", "100", ":status", "100"],
    [":status", "100", "x-a", "a\nb"],
    [":status", "10"],
    [":status", "1000"],
  ];
  for (const fields of malformed) {
    const peer = createClient();
    peer.engine.receive(headersFrame(1, peer.insertingBlock(...fields)));
    assert.deepEqual(peer.takeSent(), [`RST_STREAM 1 ${PROTOCOL_ERROR}`], fields.join(" "));
    assert.deepEqual(peer.engine.sink.takeLog(), ["reset 1 PROTOCOL_ERROR stream library", "closed 1"]);
  }
});

test("an informational response after the stream was reset by us is ignored, and keeps the tables in step", () => {
  const peer = createClient();
  peer.engine.connection.reset(peer.stream(1), 8, "enough");
  peer.discard();
  peer.engine.receive(headersFrame(1, peer.insertingBlock(":status", "100")));
  peer.engine.receive(headersFrame(3, peer.referringBlock(...RESPONSE), { end: true }));
  assert.deepEqual(peer.engine.sink.takeLog(), [`headers 3 :status 200 ${peer.lastInserted} end`, "end 3"]);
});
