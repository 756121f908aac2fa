/**
 * The end of a connection in the middle of a story, orderly or not, with the engine on one side and nghttp2 on the other.
 * RFC 9113 section 6.8.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Dice } from "./testing/dice.js";
import { type Interlude, runStory } from "./testing/run-story.js";
import { SEED } from "./testing/seed.js";
import { createStory, type Kind, type Side } from "./testing/story.js";

const KIND: Kind = {
  name: "leaving",
  calls: 300,
  concurrency: 80,
  bodyBytes: 20_000,
  resets: 0.1,
  windows: [3000, 65_535, 1 << 20],
};

interface Leaving {
  readonly title: string;
  /** The engine's role. */
  readonly role: Side;
  readonly play: Interlude["play"];
}

const ORDERLY: readonly Leaving[] = [
  {
    title: "GOAWAY of nghttp2's server: the calls that it has seen go on, and the others can be sent again",
    role: "client",
    play: (_engine, session) => session.goaway(0),
  },
  {
    title: "an orderly end of nghttp2's server lets the calls end that it has seen",
    role: "client",
    play: (_engine, session) => session.close(),
  },
  {
    title: "an orderly end of the engine's server lets the calls end that it has seen",
    role: "server",
    play: (engine) => engine.connection.drain("restart"),
  },
  {
    title: "an orderly end of nghttp2's client lets its calls end",
    role: "server",
    play: (_engine, session) => session.close(),
  },
];

const dice = new Dice(SEED);
for (const { title, role, play } of ORDERLY) {
  const seed = dice.seed();
  test(`${title} (HEDDLE_SEED=${SEED}, ${seed})`, async () => {
    const { outcomes, notBegun, engine } = await runStory(role, createStory(KIND, seed), { afterCalls: 100, play });
    assert.ok(notBegun > 0, "the client goes on as if nothing had been said");
    assert.ok(outcomes["in order"] > 60, `${outcomes["in order"]} ended in order`);
    assert.equal(engine.isDrained, title.includes("the engine's server"));
  });
}

const TORN: readonly (Leaving & { readonly by: "engine" | "nghttp2" })[] = [
  {
    title: "the engine's client closes",
    role: "client",
    by: "engine",
    play: ({ connection }) => connection.close(2, "broken"),
  },
  {
    title: "the engine's server closes",
    role: "server",
    by: "engine",
    play: ({ connection }) => connection.close(2, "broken"),
  },
  { title: "the client's socket is destroyed", role: "client", by: "engine", play: ({ socket }) => socket.destroy() },
  { title: "the server's socket is destroyed", role: "server", by: "engine", play: ({ socket }) => socket.destroy() },
  { title: "nghttp2's server is destroyed", role: "client", by: "nghttp2", play: (_, session) => session.destroy() },
  { title: "nghttp2's client is destroyed", role: "server", by: "nghttp2", play: (_, session) => session.destroy() },
];

for (const { title, role, by, play } of TORN) {
  const seed = dice.seed();
  test(`${title} in the middle, and each side hears of the end of each call once (HEDDLE_SEED=${SEED}, ${seed})`, async () => {
    const interlude: Interlude = { afterCalls: 100, play, tornDownBy: by };
    const { notBegun } = await runStory(role, createStory(KIND, seed), interlude);
    assert.ok(notBegun > 0, "nothing was torn down");
  });
}
