/** However the octets of a connection are cut into chunks, the same is told: a whole conversation at every cut, for both roles. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderList } from "../hpack/header-list.js";
import { Engine, REQUEST, RESPONSE, TRAILERS } from "../testing/engine.js";
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
  windowUpdateFrame,
} from "../testing/frames.js";
import { type Cut, chunksOf, cutOnceAt, deliver, whole } from "../testing/pair.js";

const BLOCK = block(...REQUEST, "x-a", "first");
const WITH_TABLE = Buffer.concat([block(...REQUEST), Buffer.from([0x40, 1, 0x61, 1, 0x62])]);
const FROM_TABLE = Buffer.concat([block(...REQUEST), Buffer.from([0xbe])]);

/** What a client sends, with everything that RFC 9113 allows it and a fatal error at the end. */
const toServer = Buffer.concat([
  PREFACE,
  settingsFrame([4, 40], [0xabcd, 1]),
  windowUpdateFrame(0, 1000),
  headersFrame(1, WITH_TABLE, { pad: 5, priority: true }),
  dataFrame(1, "a request in "),
  pingFrame("12345678"),
  SETTINGS_ACK,
  dataFrame(1, "two parts", { pad: 12 }),
  headersFrame(3, BLOCK.subarray(0, 3), { end: true, endHeaders: false }),
  continuationFrame(3, BLOCK.subarray(3, 20), false),
  continuationFrame(3, BLOCK.subarray(20), true),
  rawFrame(0xfa, 0xff, 3, "unknown"),
  priorityFrame(1),
  headersFrame(5, FROM_TABLE),
  dataFrame(5, "", { pad: 3 }),
  windowUpdateFrame(1, 100),
  rstFrame(5, 8),
  dataFrame(5, "late"),
  headersFrame(1, block("x-trailer", "t"), { end: true }),
  headersFrame(7, block(":path", "/no-method"), { end: true }),
  headersFrame(9, FROM_TABLE),
  dataFrame(9, "", { end: true }),
  pingFrame("heddle\0\0", true),
  settingsFrame([4, 10]),
  goAwayFrame(0, 0, "bye"),
  headersFrame(11, block(...REQUEST), { end: true }),
  windowUpdateFrame(0, 0),
  dataFrame(9, "not read"),
]);

/** A server that answers from within the callbacks, and begins to leave after the first request. */
function createServer(): Engine {
  const engine = new Engine("server");
  const { connection, sink } = engine;
  sink.react = {
    onHeaders: (stream) => connection.sendHeaders(stream, HeaderList.of(...RESPONSE), false),
    onData: (stream, _chunk, start, end) => connection.consume(stream, end - start),
    onEnd: (stream) => {
      engine.sendData(stream, "an answer that is longer than the windows are", false);
      connection.end(stream, HeaderList.of(...TRAILERS));
      connection.drain("leaving");
    },
  };
  connection.start();
  return engine;
}

/** What a server sends to a client with four requests under way. */
const toClient = Buffer.concat([
  settingsFrame([4, 20], [3, 4]),
  SETTINGS_ACK,
  headersFrame(1, block(":status", "103")),
  headersFrame(3, block(...RESPONSE).subarray(0, 5), { endHeaders: false, pad: 1 }),
  continuationFrame(3, block(...RESPONSE).subarray(5), true),
  dataFrame(3, "three", { pad: 255 }),
  headersFrame(1, block(...RESPONSE, "x-a", "b")),
  dataFrame(1, "one"),
  windowUpdateFrame(1, 15),
  dataFrame(3, "three again"),
  dataFrame(1, "last", { end: true, pad: 0 }),
  rstFrame(1, 0),
  headersFrame(5, block(...RESPONSE), { end: true }),
  pingFrame("12345678", true),
  windowUpdateFrame(3, 1000),
  headersFrame(3, block(...TRAILERS), { end: true, priority: true }),
  goAwayFrame(5, 0, "leaving"),
  dataFrame(7, "late"),
  pingFrame("abcdefgh"),
  goAwayFrame(7, 0, "raised"),
]);

function createClient(): Engine {
  const engine = new Engine("client");
  engine.connection.start();
  for (let i = 0; i < 4; i++) {
    const stream = engine.openStream();
    engine.sendData(stream, "a request that is longer than the windows are");
    engine.connection.end(stream, undefined);
  }
  return engine;
}

const stories = [
  { role: "server", octets: toServer, create: createServer },
  { role: "client", octets: toClient, create: createClient },
] as const;

for (const { role, octets, create } of stories) {
  const play = (cut: Cut): { log: string[]; sent: string[] } => {
    const engine = create();
    deliver(engine.connection, octets, cut);
    return { log: engine.sink.log, sent: engine.takeSent() };
  };

  test(`a ${role}'s conversation has everything in it`, () => {
    const { log } = play(whole);
    const told = new Set(log.map((line) => line.split(" ")[0]));
    const expected = ["headers", "data", "trailers", "end", "reset", "closed", "settings", "goaway", "fatal"];
    for (const word of expected) assert.ok(told.has(word), `${word} is missing: ${log}`);
    assert.match(log.at(-1) as string, /^fatal PROTOCOL_ERROR/);
  });

  test(`a ${role} is told and sends the same when the conversation is cut in two, at every octet`, () => {
    const expected = play(whole);
    for (let at = 1; at < octets.length; at++) assert.deepEqual(play(cutOnceAt(at)), expected, `cut at ${at}`);
  });

  test(`a ${role} is told and sends the same in chunks of every size`, () => {
    const expected = play(whole);
    for (let bytes = 1; bytes < 300; bytes++) assert.deepEqual(play(chunksOf(bytes)), expected, `chunks of ${bytes}`);
  });
}
