/** GOAWAY in both directions and the orderly leave in two steps. RFC 9113 section 6.8. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderList } from "../hpack/header-list.js";
import { createEngine, REQUEST, REQUEST_TEXT, RESPONSE } from "../testing/engine.js";
import { block, dataFrame, goAwayFrame, headersFrame, pingFrame, rawFrame } from "../testing/frames.js";
import { Pair } from "../testing/pair.js";

const MAX_ID = 0x7fffffff;
const DRAIN_PING = "heddle\0\0";

test("GOAWAY resets the client's streams above its last id as unprocessed, then is told; the others go on", () => {
  const engine = createEngine("client");
  for (let i = 0; i < 3; i++) engine.openStream();
  engine.takeFrames();
  engine.receive(goAwayFrame(1, 0, "leaving"));
  assert.deepEqual(engine.sink.takeLog(), [
    "reset 3 REFUSED_STREAM stream remote unprocessed",
    "closed 3",
    "reset 5 REFUSED_STREAM stream remote unprocessed",
    "closed 5",
    "goaway 1 NO_ERROR leaving",
  ]);
  assert.ok(!engine.connection.canOpenStream && engine.connection.isExhausted);
  assert.deepEqual(engine.takeSent(), []);
  engine.receive(headersFrame(1, block(...RESPONSE), { end: true }), dataFrame(3, "late"));
  assert.deepEqual(engine.sink.log, ["headers 1 :status 200 end", "end 1"]);
  assert.equal(engine.fatalCode, undefined);
});

test("GOAWAY may lower its last id, but never raise it", () => {
  const engine = createEngine("client");
  for (let i = 0; i < 3; i++) engine.openStream();
  engine.receive(goAwayFrame(MAX_ID, 0), goAwayFrame(3, 0), goAwayFrame(3, 0xb, "again"));
  assert.equal(engine.connection.openStreams, 2);
  assert.equal(engine.sink.log.at(-1), "goaway 3 ENHANCE_YOUR_CALM again");
  engine.receive(goAwayFrame(5, 0));
  assert.equal(engine.fatalCode, 1);
});

test("a client's GOAWAY leaves its streams at the server as they are", () => {
  const engine = createEngine("server");
  engine.receiveRequest(1);
  engine.receive(goAwayFrame(0, 2, "bye"), dataFrame(1, "x"));
  assert.deepEqual(engine.sink.log, [`headers 1 ${REQUEST_TEXT}`, "goaway 0 INTERNAL_ERROR bye", 'data 1 "x"']);
});

test("a server leaves in two steps: it takes what comes before the PING is back, and nothing after", () => {
  const engine = createEngine("server");
  engine.receiveRequest(1);
  engine.connection.drain("restart");
  engine.connection.drain("twice");
  assert.deepEqual(engine.takeSent(), [`GOAWAY ${MAX_ID} 0`, `PING ${DRAIN_PING}`]);
  engine.receiveRequest(3);
  engine.receive(pingFrame("12345678", true));
  assert.deepEqual(engine.sink.log.slice(-1), ["pong 12345678"]);
  engine.receive(pingFrame(DRAIN_PING, true));
  assert.deepEqual(engine.takeSent(), ["GOAWAY 3 0"]);
  assert.deepEqual(engine.sink.log.slice(-1), ["drained"]);
  engine.receive(headersFrame(5, block(...REQUEST), { end: true }));
  assert.deepEqual(engine.takeSent(), ["RST_STREAM 5 7"]);
  engine.receive(dataFrame(3, "goes on", { end: true }), pingFrame(DRAIN_PING, true));
  assert.deepEqual(engine.sink.log.slice(-2), ['data 3 "goes on"', "end 3"]);
});

test("finishDrain takes the second step at once, tells it, and the PING that comes back later changes nothing", () => {
  const engine = createEngine("server");
  engine.connection.finishDrain();
  assert.deepEqual(engine.takeSent(), []);
  engine.connection.drain("restart");
  engine.connection.finishDrain();
  engine.connection.finishDrain();
  assert.deepEqual(engine.takeSent().slice(2), ["GOAWAY 0 0"]);
  engine.receive(pingFrame(DRAIN_PING, true));
  assert.deepEqual(engine.takeSent(), []);
  assert.deepEqual(engine.sink.log, ["drained"]);
});

test("the last id of our GOAWAY never rises, also when streams were refused after it", () => {
  const engine = createEngine("server");
  engine.receiveRequest(1);
  engine.connection.drain("restart");
  engine.connection.finishDrain();
  engine.receive(headersFrame(3, block(...REQUEST)));
  engine.takeFrames();
  engine.connection.close(2, "giving up");
  assert.deepEqual(engine.takeSent(), ["GOAWAY 1 2"]);
});

test("a request that is under way when the server leaves is answered", () => {
  const pair = new Pair();
  pair.settle();
  const request = HeaderList.of(...REQUEST);
  const first = pair.client.openStream(undefined);
  pair.client.sendHeaders(first, request, true);
  pair.server.drain("restart");
  pair.settle();
  assert.ok(!pair.client.canOpenStream);
  pair.server.sendHeaders(pair.serverSink.stream(1), HeaderList.of(...RESPONSE), true);
  pair.settle();
  assert.deepEqual(pair.clientSink.logOf(1), ["headers 1 :status 200 end", "end 1", "closed 1"]);
  assert.deepEqual(
    pair.clientSink.log.filter((line) => line.startsWith("goaway")),
    [`goaway ${MAX_ID} NO_ERROR restart`, "goaway 1 NO_ERROR restart"],
  );
  assert.ok(pair.serverSink.log.includes("drained"));
});

test("a client that opens a stream just before the final GOAWAY arrives hears that it was not processed, once", () => {
  const pair = new Pair();
  pair.settle();
  pair.server.drain("restart");
  pair.server.finishDrain();
  const stream = pair.client.openStream(undefined);
  pair.client.sendHeaders(stream, HeaderList.of(...REQUEST), false);
  pair.settle();
  assert.deepEqual(pair.clientSink.logOf(1), ["reset 1 REFUSED_STREAM stream remote unprocessed", "closed 1"]);
  assert.ok(!pair.serverSink.streams.has(1));
  assert.equal(pair.client.fatal ?? pair.server.fatal, undefined);
});

test("nothing is drained on a connection that is over", () => {
  const engine = createEngine("server");
  engine.receive(rawFrame(4, 0, 1));
  engine.takeFrames();
  engine.connection.drain("restart");
  engine.connection.finishDrain();
  assert.deepEqual(engine.takeSent(), []);
});
