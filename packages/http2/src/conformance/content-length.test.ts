/** A body must be as long as its content-length says, in both roles. RFC 9113 section 8.1.1, RFC 9110 sections 6.4.1 and 8.6. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { REQUEST, RESPONSE } from "../testing/engine.js";
import { dataFrame, headersFrame } from "../testing/frames.js";
import { MessageTester, type Part } from "./testing/messages.js";
import { Peer } from "./testing/peer.js";

const KINDS = [
  { kind: "request", fields: REQUEST },
  { kind: "response", fields: RESPONSE },
] as const;

/** What was told of a message, without the numbers of streams: `headers`, `data "abc"`, `trailers`, `end`, `reset`, `closed`. */
function outline(told: readonly string[]): string[] {
  return told.map((line) => (line.startsWith("data") ? line.replace(/ \d+/, "") : line.replace(/ .*/, "")));
}

function lengthField(value: string | number): string[] {
  return ["content-length", String(value)];
}

const TRAILERS: Part = { trailers: ["x-last", "1"] };

for (const { kind, fields } of KINDS) {
  const send = (lengths: readonly (string | number)[], end: boolean, ...parts: readonly Part[]): string[] => {
    const tester = new MessageTester(kind);
    const told = outline(tester.send([...fields, ...lengths.flatMap(lengthField)], end, ...parts));
    assert.equal(tester.peer.engine.fatalCode, undefined);
    const errors = tester.peer.takeSent().filter((line) => line.startsWith("RST_STREAM"));
    assert.deepEqual(errors, told.includes("reset") ? [`RST_STREAM ${tester.streamId} 1`] : []);
    if (told.includes("reset")) assert.equal(tester.peer.engine.sink.lastError.code, 1);
    tester.works();
    return told;
  };

  test(`${kind}: a body as long as its content-length is delivered, in any number of frames`, () => {
    assert.deepEqual(send([5], false, { data: "12345", end: true }), ["headers", 'data "12345"', "end"]);
    const parts = [{ data: "12" }, { data: "" }, { data: "345" }, { data: "", end: true }];
    assert.deepEqual(send([5], false, ...parts), ["headers", 'data "12345"', "end"]);
    assert.deepEqual(send([5], false, { data: "12345" }, TRAILERS), ["headers", 'data "12345"', "trailers", "end"]);
    assert.deepEqual(send(["005"], false, { data: "12345", end: true }), ["headers", 'data "12345"', "end"]);
  });

  test(`${kind}: a body of any length may come without a content-length`, () => {
    assert.deepEqual(send([], false, { data: "12345", end: true }), ["headers", 'data "12345"', "end"]);
    assert.deepEqual(send([], false, { data: "", end: true }), ["headers", "end"]);
    assert.deepEqual(send([], true), ["headers", "end"]);
  });

  test(`${kind}: a content-length of 0 goes with no body, however its end comes`, () => {
    assert.deepEqual(send([0], true), ["headers", "end"]);
    assert.deepEqual(send([0], false, { data: "", end: true }), ["headers", "end"]);
    assert.deepEqual(send([0], false, { data: "", pad: 9, end: true }), ["headers", "end"]);
    assert.deepEqual(send([0], false, TRAILERS), ["headers", "trailers", "end"]);
  });

  test(`${kind}: padding does not count as body`, () => {
    assert.deepEqual(send([5], false, { data: "12345", pad: 200, end: true }), ["headers", 'data "12345"', "end"]);
    assert.deepEqual(send([5], false, { data: "12345", pad: 0 }, { data: "", pad: 9, end: true }), [
      "headers",
      'data "12345"',
      "end",
    ]);
    assert.deepEqual(send([5], false, { data: "1234", pad: 1, end: true }).slice(-2), ["reset", "closed"]);
  });

  test(`${kind}: a body that is longer is a stream error, and what is too much is not delivered`, () => {
    assert.deepEqual(send([5], false, { data: "123456", end: true }), ["headers", "reset", "closed"]);
    assert.deepEqual(send([5], false, { data: "123456" }), ["headers", "reset", "closed"]);
    const inParts = send([5], false, { data: "12345" }, { data: "6" }, { data: "7", end: true });
    assert.deepEqual(inParts, ["headers", 'data "12345"', "reset", "closed"]);
    assert.deepEqual(send([0], false, { data: "1", end: true }), ["headers", "reset", "closed"]);
  });

  test(`${kind}: a body that ends early is a stream error, and its end is not told`, () => {
    assert.deepEqual(send([5], false, { data: "", end: true }), ["headers", "reset", "closed"]);
    assert.deepEqual(send([5], false, { data: "1234" }, { data: "", end: true }), [
      "headers",
      'data "1234"',
      "reset",
      "closed",
    ]);
    const withLast = send([5], false, { data: "1234", end: true });
    assert.deepEqual(withLast.slice(-2), ["reset", "closed"]);
    assert.ok(!withLast.includes("end"));
  });

  test(`${kind}: a body that ends early with trailers is a stream error, and the trailers are not told`, () => {
    assert.deepEqual(send([5], false, TRAILERS), ["headers", "reset", "closed"]);
    assert.deepEqual(send([5], false, { data: "1234" }, TRAILERS), ["headers", 'data "1234"', "reset", "closed"]);
  });

  test(`${kind}: a content-length above 0 without a body is a stream error, and the message is not told`, () => {
    assert.deepEqual(send([5], true), ["reset", "closed"]);
    assert.deepEqual(send(["999999999999999"], true), ["reset", "closed"]);
  });

  test(`${kind}: a content-length that is no number of octets is a stream error, and the message is not told`, () => {
    for (const value of ["", "abc", "5a", "a5", "-1", "+5", "5.0", "1e3", "0x5", "5 5", "5,", ",5", "5, 6"]) {
      for (const end of [false, true]) assert.deepEqual(send([value], end), ["reset", "closed"], value);
    }
  });

  test(`${kind}: a content-length beyond all that can be counted does not wrap around`, () => {
    for (const value of ["4294967296", "9007199254740993", "18446744073709551616", "9".repeat(60)]) {
      const told = send([value], false, { data: "", end: true });
      assert.deepEqual(told.slice(-2), ["reset", "closed"], value);
      assert.ok(!told.includes("end"));
    }
  });

  test(`${kind}: a content-length that is repeated must be the same each time`, () => {
    assert.deepEqual(send([5, 6], false), ["reset", "closed"]);
    assert.deepEqual(send([5, 5, 6], false), ["reset", "closed"]);
    assert.deepEqual(send([5, ""], false), ["reset", "closed"]);
    assert.deepEqual(send([5, 5], false, { data: "12345", end: true }), ["headers", 'data "12345"', "end"]);
    assert.deepEqual(send([5, 5], false, { data: "123456" }), ["headers", "reset", "closed"]);
  });

  test(`${kind}: a content-length in the trailers says nothing of the body that is over`, () => {
    const trailers: Part = { trailers: lengthField(99) };
    assert.deepEqual(send([], false, { data: "12345" }, trailers), ["headers", 'data "12345"', "trailers", "end"]);
  });

  test(`${kind}: a length that is announced again and again in the same block is counted anew for each message`, () => {
    const tester = new MessageTester(kind);
    for (let i = 0; i < 5; i++) {
      const told = tester.send([...fields, ...lengthField(3)], false, { data: "123", end: true });
      assert.deepEqual(outline(told), ["headers", 'data "123"', "end"]);
      const short = tester.send([...fields, ...lengthField(3)], false, { data: "12" }, { data: "", end: true });
      assert.deepEqual(outline(short), ["headers", 'data "12"', "reset", "closed"]);
    }
  });
}

test("response: 204 and 304 have no body, whatever their content-length says (8.1.1)", () => {
  const tester = new MessageTester("response");
  for (const status of ["204", "304"]) {
    tester.accepts([":status", status, ...lengthField(5)]);
    const told = tester.send([":status", status, ...lengthField(5)], false, { data: "", end: true });
    assert.deepEqual(outline(told), ["headers", "end"], status);
    const withTrailers = tester.send([":status", status, ...lengthField(5)], false, TRAILERS);
    assert.deepEqual(outline(withTrailers), ["headers", "trailers", "end"], status);
  }
});

test("response: the content-length of an informational response is not that of the final one (8.1)", () => {
  const peer = new Peer("client");
  peer.openCall(1);
  peer.openCall(3);
  peer.discard();
  peer.engine.receive(
    headersFrame(1, peer.insertingBlock(":status", "103", ...lengthField(99))),
    headersFrame(1, peer.insertingBlock(...RESPONSE)),
    dataFrame(1, "12345", { end: true }),
    headersFrame(3, peer.insertingBlock(":status", "103")),
    headersFrame(3, peer.insertingBlock(...RESPONSE, ...lengthField(5))),
    dataFrame(3, "1234", { end: true }),
  );
  const { sink } = peer.engine;
  assert.deepEqual(outline(sink.logOf(1)), ["headers", 'data "12345"', "end"]);
  assert.deepEqual(sink.logOf(3).slice(-2), ["reset 3 PROTOCOL_ERROR stream library", "closed 3"]);
  assert.deepEqual(peer.takeSent(), ["RST_STREAM 3 1"]);
});

test("client: the early end of one body does not disturb the count of another (8.1.1)", () => {
  const peer = new Peer("client");
  for (const id of [1, 3]) {
    peer.openCall(id);
    peer.engine.receive(headersFrame(id, peer.insertingBlock(...RESPONSE, ...lengthField(4))));
  }
  peer.engine.receive(dataFrame(1, "ab"), dataFrame(3, "AB"), dataFrame(1, "", { end: true }));
  peer.engine.receive(dataFrame(3, "CD", { end: true }));
  assert.deepEqual(outline(peer.engine.sink.logOf(1)), ["headers", 'data "ab"', "reset", "closed"]);
  assert.deepEqual(outline(peer.engine.sink.logOf(3)), ["headers", 'data "AB"', 'data "CD"', "end"]);
});

for (const { kind, fields } of KINDS) {
  test(`${kind}: of a DATA frame that exceeds the content-length nothing is delivered, however it is cut`, () => {
    for (const pad of [undefined, 0, 7]) {
      const frame = dataFrame(1, "123456", pad === undefined ? {} : { pad });
      for (let cut = 0; cut <= frame.length; cut++) {
        const peer = new Peer(kind === "request" ? "server" : "client");
        if (kind === "response") peer.openCall(1);
        peer.engine.receive(headersFrame(1, peer.insertingBlock(...fields, ...lengthField(5))));
        peer.engine.sink.takeLog();
        peer.engine.receive(frame.subarray(0, cut));
        peer.engine.receive(frame.subarray(cut));
        assert.deepEqual(outline(peer.engine.sink.takeLog()), ["reset", "closed"], `cut at ${cut}, padding ${pad}`);
      }
    }
  });
}
