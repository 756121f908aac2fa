/**
 * Long random stories between this engine and nghttp2, as it is in Node, with the engine on either side. All that both have seen is
 * compared. HEDDLE_SEED repeats a run; the seed is in the title of each test and in the message of what fails.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Dice } from "./testing/dice.js";
import { runStory } from "./testing/run-story.js";
import { SEED } from "./testing/seed.js";
import { createStory, type Kind } from "./testing/story.js";

const KINDS: readonly Kind[] = [
  {
    name: "many small calls",
    calls: 600,
    concurrency: 200,
    bodyBytes: 4000,
    resets: 0.05,
    windows: [300, 5000, 65_535],
  },
  {
    name: "small windows",
    calls: 150,
    concurrency: 120,
    bodyBytes: 20_000,
    resets: 0.1,
    windows: [0, 100, 777, 65_535],
  },
  {
    name: "large bodies",
    calls: 60,
    concurrency: 15,
    bodyBytes: 6_000_000,
    resets: 0.1,
    windows: [65_535, 1 << 20, 1 << 24],
  },
  {
    name: "many resets",
    calls: 400,
    concurrency: 150,
    bodyBytes: 60_000,
    resets: 0.7,
    windows: [5000, 65_535, 1 << 20],
  },
];

const dice = new Dice(SEED);
for (const kind of KINDS) {
  for (const role of ["client", "server"] as const) {
    const seed = dice.seed();
    test(`${kind.name} with the engine as the ${role} (HEDDLE_SEED=${SEED}, ${seed})`, async () => {
      const { outcomes, notBegun, settingsChanged, pongs } = await runStory(role, createStory(kind, seed));
      assert.equal(notBegun, 0);
      assert.equal(outcomes.unprocessed, 0);
      assert.ok(outcomes["in order"] > kind.calls * (1 - kind.resets) * 0.6, `${outcomes["in order"]} ended in order`);
      if (kind.resets > 0.5) assert.ok(outcomes.reset > kind.calls * 0.2, `${outcomes.reset} were reset`);
      assert.ok(settingsChanged > 0 && pongs > 0, `${settingsChanged} changes of settings, ${pongs} PINGs`);
    });
  }
}
