import assert from "node:assert/strict";
import { test } from "node:test";
import { REQUEST, RESPONSE, TRAILERS } from "../../testing/engine.js";
import {
  block,
  continuationFrame,
  dataFrame,
  goAwayFrame,
  headersFrame,
  PREFACE,
  pingFrame,
  priorityFrame,
  rawFrame,
  rstFrame,
  SETTINGS_ACK,
  settingsFrame,
  Type,
  windowUpdateFrame,
} from "../../testing/frames.js";
import { WireChecker } from "./wire-checker.js";

const [CANCEL, STREAM_CLOSED] = [8, 5];
const request = headersFrame(1, block(...REQUEST));
const lastRequest = headersFrame(1, block(...REQUEST), { end: true });
const response = headersFrame(1, block(...RESPONSE));
const trailers = headersFrame(1, block(...TRAILERS), { end: true });

/** What goes over the wire in turns: the peer first, then the engine, and so on. The last turn is the engine's. */
type Turns = readonly (readonly Buffer[])[];

function watch(role: "client" | "server", turns: Turns): WireChecker {
  const checker = new WireChecker(role);
  const begins = role === "client" ? PREFACE : Buffer.alloc(0);
  checker.peerSent(Buffer.concat([role === "server" ? PREFACE : Buffer.alloc(0), settingsFrame()]));
  checker.engineSent(Buffer.concat([begins, settingsFrame(), SETTINGS_ACK]));
  checker.settle();
  turns.forEach((frames, i) => {
    if (i % 2 === 0) {
      checker.peerSent(Buffer.concat(frames));
    } else {
      checker.engineSent(Buffer.concat(frames));
      checker.settle();
    }
  });
  return checker;
}

const server = (...turns: Turns): WireChecker => watch("server", turns);
const client = (...turns: Turns): WireChecker => watch("client", turns);

test("an orderly call passes, on both sides", () => {
  server(
    [request, dataFrame(1, "ask", { end: true })],
    [response, dataFrame(1, "answer"), trailers],
  ).checkNothingIsOwed();
  client(
    [],
    [request, dataFrame(1, "ask", { end: true })],
    [response, dataFrame(1, "answer"), trailers],
    [lastRequestOf(3)],
  );
});

function lastRequestOf(streamId: number): Buffer {
  return headersFrame(streamId, block(...REQUEST), { end: true });
}

test("everything that a peer allows passes", () => {
  const large = dataFrame(1, Buffer.alloc(20_000));
  server([request, settingsFrame([5, 20_000])], [response, SETTINGS_ACK, large]);
  server(
    [request, settingsFrame([4, 100_000]), windowUpdateFrame(0, 100_000)],
    [response, SETTINGS_ACK, ...Array<Buffer>(5).fill(dataFrame(1, Buffer.alloc(16_384)))],
  );
  server([request, pingFrame("12345678")], [pingFrame("12345678", true)]).checkNothingIsOwed();
  server(
    [request],
    [headersFrame(1, block(...RESPONSE), { endHeaders: false }), continuationFrame(1, block("a", "b"), true)],
  );
  server([request, rstFrame(1, CANCEL), dataFrame(1, "late")], [rstFrame(1, STREAM_CLOSED)]);
  server([request], [response, trailers, rstFrame(1, 0)]);
  server([request], [goAwayFrame(7, 0)], [], [goAwayFrame(1, 0)]);
});

/** What an engine must never send, and a part of what is said of it. */
const VIOLATIONS: Readonly<Record<string, readonly [() => unknown, RegExp]>> = {
  "a client without a preface": [() => new WireChecker("client").engineSent(settingsFrame()), /not the preface/],
  "something else than SETTINGS at first": [
    () => new WireChecker("server").engineSent(pingFrame("12345678")),
    /before our SETTINGS/,
  ],
  "a frame cut in two at the end": [() => server([], [pingFrame("12345678").subarray(0, 12)]), /ends within a frame/],
  "a frame of an unknown type": [() => server([], [rawFrame(0x20, 0, 0)]), /a type that we do not send/],
  PRIORITY: [() => server([request], [priorityFrame(1)]), /a type that we do not send/],
  "an unknown flag": [() => server([request], [rawFrame(Type.DATA, 0x40, 1)]), /flags that it must not have/],
  "a frame over the peer's limit": [
    () => server([request], [response, dataFrame(1, Buffer.alloc(16_385))]),
    /the peer takes 16384/,
  ],
  "a frame over a limit that is not acknowledged yet": [
    () => server([request, settingsFrame([5, 20_000])], [response, dataFrame(1, Buffer.alloc(20_000))]),
    /the peer takes 16384/,
  ],
  "a PING within a header block": [
    () => server([request], [headersFrame(1, block(...RESPONSE), { endHeaders: false }), pingFrame("12345678")]),
    /within a header block/,
  ],
  "CONTINUATION of another stream": [
    () =>
      server(
        [request, lastRequestOf(3)],
        [headersFrame(1, Buffer.alloc(0), { endHeaders: false }), continuationFrame(3, Buffer.alloc(0), true)],
      ),
    /within a header block/,
  ],
  "CONTINUATION without HEADERS": [
    () => server([request], [response, continuationFrame(1, Buffer.alloc(0), true)]),
    /without HEADERS/,
  ],
  "a header block without an end": [
    () => server([request], [headersFrame(1, block(...RESPONSE), { endHeaders: false })]),
    /ends within a header block/,
  ],
  "SETTINGS on a stream": [() => server([request], [rawFrame(Type.SETTINGS, 0, 1)]), /not on stream 0/],
  "DATA on stream 0": [() => server([request], [dataFrame(0, "x")]), /is on stream 0/],
  "HEADERS on a stream that the peer has not begun": [
    () => server([request], [headersFrame(3, block(...RESPONSE))]),
    /is idle/,
  ],
  "RST_STREAM on an idle stream": [() => server([request], [rstFrame(3, CANCEL)]), /is idle/],
  "DATA on a client's stream that is not open": [() => client([], [dataFrame(1, "x")]), /is idle/],
  "DATA before HEADERS": [() => server([request], [dataFrame(1, "x")]), /before HEADERS/],
  "DATA after END_STREAM": [() => server([request], [response, trailers, dataFrame(1, "x")]), /after END_STREAM/],
  "trailers after END_STREAM": [
    () => server([request], [response, dataFrame(1, "x", { end: true }), trailers]),
    /after END_STREAM/,
  ],
  "a second block without END_STREAM": [() => server([request], [response, response]), /without END_STREAM/],
  "DATA after our own reset": [
    () => server([request], [response, rstFrame(1, CANCEL), dataFrame(1, "x")]),
    /after our RST_STREAM/,
  ],
  "a second reset": [() => server([request], [rstFrame(1, CANCEL), rstFrame(1, CANCEL)]), /after our RST_STREAM/],
  "DATA after the peer's reset": [
    () => server([request], [response], [rstFrame(1, CANCEL)], [], [], [dataFrame(1, "x")]),
    /after the peer's RST_STREAM/,
  ],
  "a reset in answer to a reset": [
    () => server([request, rstFrame(1, CANCEL)], [], [], [rstFrame(1, CANCEL)]),
    /after the peer's RST_STREAM/,
  ],
  "a frame on a stream that both sides have ended": [
    () => server([lastRequest], [response, trailers], [], [rstFrame(1, 0)]),
    /after END_STREAM of both sides/,
  ],
  "an id that does not rise": [() => client([], [lastRequestOf(5), lastRequestOf(3)]), /opens a stream after 5/],
  "an even id": [() => client([], [lastRequestOf(2)]), /even id/],
  "a stream after GOAWAY": [() => client([goAwayFrame(0, 0)], [], [], [lastRequest]), /after the peer's GOAWAY/],
  "more streams than the peer allows": [
    () => client([settingsFrame([3, 1])], [SETTINGS_ACK, lastRequestOf(1), lastRequestOf(3)]),
    /makes 2 streams; the peer allows 1/,
  ],
  "DATA over the stream's window": [
    () => server([request, settingsFrame([4, 10])], [response, SETTINGS_ACK, dataFrame(1, Buffer.alloc(11))]),
    /exceeds the stream's window by 1/,
  ],
  "DATA over a window that has shrunk after it was used": [
    () =>
      server(
        [request],
        [response, dataFrame(1, Buffer.alloc(100))],
        [settingsFrame([4, 10]), windowUpdateFrame(1, 90)],
        [SETTINGS_ACK, dataFrame(1, "x")],
      ),
    /exceeds the stream's window by 1/,
  ],
  "DATA over the connection's window": [
    () =>
      server(
        [request, windowUpdateFrame(1, 65_535)],
        [response, ...Array<Buffer>(4).fill(dataFrame(1, Buffer.alloc(16_384)))],
      ),
    /exceeds the connection's window by 1/,
  ],
  "an acknowledgement of no SETTINGS": [() => server([], [SETTINGS_ACK]), /SETTINGS that did not come/],
  "an answer to no PING": [() => server([], [pingFrame("12345678", true)]), /a PING that did not come/],
  "an answer with other octets": [() => server([pingFrame("12345678")], [pingFrame("87654321", true)]), /another PING/],
  "a GOAWAY that rises": [() => server([request], [goAwayFrame(1, 0), goAwayFrame(3, 0)]), /raises the last stream id/],
  "WINDOW_UPDATE of 0": [() => server([request], [windowUpdateFrame(1, 0)]), /of 0/],
  "credit for more than the largest window": [
    () => server([request], [windowUpdateFrame(0, 0x7fffffff)]),
    /makes a window of/,
  ],
  "an index that is in no table": [
    () => server([request], [headersFrame(1, Buffer.from([0x88, 0xbe]))]),
    /no entry 62/,
  ],
  "a size update over what the peer allows": [
    () => server([request], [headersFrame(1, Buffer.from([0x3f, 0xe2, 0x1f, 0x88]))]),
    /over the limit/,
  ],
  "no size update after the peer's table has shrunk": [
    () => server([request, settingsFrame([1, 0])], [SETTINGS_ACK, response]),
    /size update is missing/,
  ],
  "a pseudo-header behind a regular field": [
    () => server([request], [headersFrame(1, block("a", "b", ":status", "200"))]),
    /pseudo-header behind/,
  ],
};

for (const [what, [break_, said]] of Object.entries(VIOLATIONS)) {
  test(`${what} is found`, () => {
    assert.throws(break_, said);
  });
}

test("data that no window allows is found", () => {
  const checker = server([request], [response]);
  checker.granted.delivered(1, 65_536);
  assert.throws(() => checker.settle(), /65536 octets of stream 1 were taken, and 65535 allowed/);
  const credited = server([request], [response, windowUpdateFrame(1, 10), windowUpdateFrame(0, 10)]);
  credited.granted.delivered(1, 65_545);
  credited.settle();
});

test("octets after the end are found", () => {
  const checker = server([request], [goAwayFrame(1, 1)]);
  checker.end();
  assert.throws(() => checker.engineSent(pingFrame("12345678")), /after the end/);
});

test("what is owed to the peer is found", () => {
  assert.throws(() => server([settingsFrame()], []).checkNothingIsOwed(), /not acknowledged/);
  assert.throws(() => server([pingFrame("12345678")], []).checkNothingIsOwed(), /not answered/);
});
