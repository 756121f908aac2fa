/**
 * What is told and what is sent depends on the octets that come in, and not on the chunks in which they come. Two long stories are
 * given in one chunk, in two at every place, and in chunks of every small size. RFC 9113 section 4.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Role } from "../connection/options.js";
import { HeaderList } from "../hpack/header-list.js";
import { Engine, REQUEST, RESPONSE } from "../testing/engine.js";
import {
  dataFrame,
  describeFrame,
  headersFrame,
  PREFACE,
  readFrames,
  SETTINGS_ACK,
  settingsFrame,
} from "../testing/frames.js";
import { type Cut, chunksOf, cutOnceAt, whole } from "../testing/pair.js";
import { createRandom } from "../testing/random.js";
import { CLIENT_STORY } from "./testing/client-story.js";
import { Peer } from "./testing/peer.js";
import { SERVER_STORY } from "./testing/server-story.js";
import { bodyOf, type Outcome, play, type Story } from "./testing/story.js";

const STORIES = [SERVER_STORY, CLIENT_STORY];

function assertSame(actual: Outcome, expected: Outcome, what: string): void {
  assert.deepEqual(actual.log, expected.log, what);
  assert.ok(actual.sent.equals(expected.sent), `${what}: other octets were sent`);
}

/** Chunks of random sizes, most of them small. */
function randomCut(seed: number): Cut {
  const random = createRandom(seed);
  return (octets) => {
    const chunks: Buffer[] = [];
    for (let at = 0; at < octets.length; ) {
      const bytes = 1 + Math.floor(random() ** 3 * 400);
      chunks.push(octets.subarray(at, at + bytes));
      at += bytes;
    }
    return chunks;
  };
}

/** A chunk of nothing before each octet. */
const withEmptyChunks: Cut = (octets) => chunksOf(1)(octets).flatMap((chunk) => [Buffer.alloc(0), chunk]);

for (const story of STORIES) {
  const { role, octets } = story;

  test(`the ${role}'s story has everything in it, heard and said`, () => {
    const { log, sent } = play(story, whole, false);
    const told = new Set(log.map((line) => line.split(" ")[0]));
    const words = ["headers", "data", "trailers", "end", "reset", "closed", "settings", "pong", "goaway", "fatal"];
    for (const word of words) assert.ok(told.has(word), `${word} is missing:\n${log.join("\n")}`);
    assert.equal(log.at(-1), "fatal PROTOCOL_ERROR library");
    const types = readFrames(sent.subarray(role === "client" ? PREFACE.length : 0)).map(
      (frame) => describeFrame(frame).split(" ")[0],
    );
    const frames = ["SETTINGS", "HEADERS", "CONTINUATION", "DATA", "RST_STREAM", "WINDOW_UPDATE", "PING", "GOAWAY"];
    for (const type of frames) assert.ok(types.includes(type), `${type} is missing: ${types.join(" ")}`);
  });

  // Its output is taken after each chunk, as by a fast socket, or only at the end, as by a slow one: here in turns, below in both ways.
  test(`the ${role}'s story is the same when it is cut in two at every octet`, () => {
    const expected = play(story, whole, false);
    for (let at = 1; at < octets.length; at++) {
      assertSame(play(story, cutOnceAt(at), at % 2 === 1), expected, `cut at ${at}`);
    }
  });

  for (const takeEachTime of [false, true]) {
    const taken = takeEachTime ? "taken after each chunk" : "taken at the end";

    test(`the ${role}'s story is the same octet by octet and in chunks of 2 to 20, its output ${taken}`, () => {
      const expected = play(story, whole, false);
      for (let bytes = 1; bytes <= 20; bytes++) {
        assertSame(play(story, chunksOf(bytes), takeEachTime), expected, `chunks of ${bytes}`);
      }
      assertSame(play(story, withEmptyChunks, takeEachTime), expected, "with empty chunks");
    });

    test(`the ${role}'s story is the same in chunks of many sizes, its output ${taken}`, () => {
      const expected = play(story, whole, false);
      for (let seed = 1; seed <= 200; seed++) {
        assertSame(play(story, randomCut(seed), takeEachTime), expected, `seed ${seed}`);
      }
    });
  }
}

/** One body of 16,384 octets in one frame, and what the layer above does when a part of it comes. */
function lastFrameStory(role: Role, onData: (peer: Peer, bytes: number) => void): Story {
  const fields = role === "server" ? REQUEST : RESPONSE;
  const begin = [settingsFrame(), SETTINGS_ACK, headersFrame(1, new Peer(role).insertingBlock(...fields))];
  if (role === "server") begin.unshift(PREFACE);
  const create = (): Engine => {
    const engine = new Engine(role, { streamWindowBytes: 20_000 });
    engine.connection.start();
    const peer = new Peer(role, engine);
    if (role === "client") peer.openCall(1);
    engine.sink.react.onData = (_stream, _chunk, start, end) => onData(peer, end - start);
    return engine;
  };
  return { role, octets: Buffer.concat([...begin, dataFrame(1, bodyOf(16_384, 1), { end: true })]), create };
}

/** Cuts near the beginning, the middle and the end of the frame. */
function assertSameAtSomeCuts(story: Story): void {
  const expected = play(story, whole, false);
  const begin = story.octets.length - 16_384;
  for (const at of [1, 2, 100, 9999, 10_000, 10_001, 12_000, 16_382, 16_383]) {
    assertSame(play(story, cutOnceAt(begin + at), false), expected, `cut behind ${at} octets of the body`);
  }
}

for (const role of ["server", "client"] as const) {
  test(`a ${role} gives the same credit for a stream's last frame, however it is cut and read`, () => {
    const { octets, create } = lastFrameStory(role, (peer, bytes) =>
      peer.engine.connection.consume(peer.stream(1), bytes),
    );
    assertSameAtSomeCuts({ role, octets, create });
  });
}

test("a server that answers in full from within the request's last frame says the same, however that is cut", () => {
  const story = lastFrameStory("server", (peer) => {
    const { connection } = peer.engine;
    const stream = peer.stream(1);
    if (connection.canSendHeaders(stream)) connection.sendHeaders(stream, HeaderList.of(...RESPONSE), true);
  });
  assertSameAtSomeCuts(story);
});
