/** Whatever a peer sends, the engine answers in kind: it never throws, and it does not depend on how the octets are cut. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { connectionError, ErrorCode } from "../error.js";
import { HeaderList } from "../hpack/header-list.js";
import { Engine, REQUEST, RESPONSE, TRAILERS } from "../testing/engine.js";
import {
  block,
  continuationFrame,
  dataFrame,
  type FrameOptions,
  goAwayFrame,
  headersFrame,
  PREFACE,
  pingFrame,
  rawFrame,
  rstFrame,
  SETTINGS_ACK,
  settingsFrame,
  windowUpdateFrame,
} from "../testing/frames.js";
import { type Cut, chunksOf, deliver, whole } from "../testing/pair.js";

const id = fc.constantFrom(0, 1, 1, 1, 2, 3, 3, 5, 5, 7, 9, 11);
const options: fc.Arbitrary<FrameOptions> = fc.record(
  { end: fc.boolean(), pad: fc.nat(20), priority: fc.constant(true), endHeaders: fc.boolean() },
  { requiredKeys: [] },
);
/** DATA has no priority fields. */
const dataOptions: fc.Arbitrary<FrameOptions> = fc.record({ end: fc.boolean(), pad: fc.nat(20) }, { requiredKeys: [] });
const headerBlock = fc.constantFrom(
  block(...REQUEST),
  block(...RESPONSE),
  block(...TRAILERS),
  block(":status", "100"),
  block("Bad", "name"),
  Buffer.alloc(0),
  Buffer.from([0x82, 0x86, 0x84]),
  Buffer.from([0x88]),
);
const setting = fc.tuple(
  fc.constantFrom(1, 2, 3, 4, 5, 6, 77),
  fc.constantFrom(0, 1, 50, 16_384, 65_535, 1 << 20, 0x7fffffff),
);
const increment = fc.constantFrom(1, 1, 10, 1000, 65_535, 0, 0x7fffffff);

const frame: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(id, headerBlock, options).map((args) => headersFrame(...args)) },
  { weight: 6, arbitrary: fc.tuple(id, fc.string({ maxLength: 60 }), dataOptions).map((args) => dataFrame(...args)) },
  { weight: 1, arbitrary: fc.tuple(id, headerBlock, fc.boolean()).map((args) => continuationFrame(...args)) },
  { weight: 2, arbitrary: fc.tuple(id, fc.nat(15)).map((args) => rstFrame(...args)) },
  { weight: 3, arbitrary: fc.tuple(id, increment).map((args) => windowUpdateFrame(...args)) },
  { weight: 2, arbitrary: fc.array(setting, { maxLength: 3 }).map((entries) => settingsFrame(...entries)) },
  { weight: 1, arbitrary: fc.constantFrom(pingFrame("12345678"), pingFrame("heddle\0\0", true), SETTINGS_ACK) },
  { weight: 1, arbitrary: fc.tuple(id, fc.nat(13), fc.string({ maxLength: 9 })).map((args) => goAwayFrame(...args)) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(12), fc.nat(255), id, fc.uint8Array({ maxLength: 20 })).map((args) => rawFrame(...args)),
  },
);

/** An engine that answers everything from within its callbacks. */
function createBusy(role: "client" | "server"): Engine {
  const engine = new Engine(role, { streamWindowBytes: 200 });
  const { connection, sink } = engine;
  sink.react = {
    onHeaders: (stream) => {
      if (connection.canSendHeaders(stream)) connection.sendHeaders(stream, HeaderList.of(...RESPONSE), false);
    },
    onRoom: (stream) => {
      if (connection.canSend(stream)) engine.sendData(stream, "there is room");
    },
    onEnd: (stream) => {
      if (!connection.canSend(stream)) return;
      engine.sendData(stream, "x".repeat(300));
      connection.end(stream, stream.id % 4 === 1 ? undefined : HeaderList.of(...TRAILERS));
    },
  };
  connection.start();
  if (role === "client") {
    for (let i = 0; i < 5; i++) engine.sendData(engine.openStream(), "y".repeat(40_000), i % 2 === 0);
  }
  return engine;
}

for (const role of ["client", "server"] as const) {
  const play = (frames: readonly Buffer[], cut: Cut): unknown => {
    const engine = createBusy(role);
    const preface = role === "server" ? PREFACE : Buffer.alloc(0);
    deliver(engine.connection, Buffer.concat([preface, settingsFrame(), ...frames]), cut);
    const fatal = engine.connection.fatal;
    engine.connection.abort(connectionError(ErrorCode.CANCEL, "remote", "the story is over"));
    assert.equal(engine.connection.openStreams, 0);
    assert.match(engine.sink.log.at(-1) as string, /^fatal /);
    // Reading the frames checks that what was sent is whole.
    return { fatal, log: engine.sink.log, sent: engine.takeSent() };
  };

  test(`a ${role} takes any frames in any order without throwing, and in any chunks with the same result`, () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 40, size: "max" }), fc.integer({ min: 1, max: 50 }), (frames, bytes) => {
        assert.deepEqual(play(frames, chunksOf(bytes)), play(frames, whole));
      }),
      { numRuns: 400 },
    );
  });

  test(`a ${role} takes any octets without throwing`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
        play([Buffer.from(octets)], whole);
      }),
      { numRuns: 200 },
    );
  });
}
