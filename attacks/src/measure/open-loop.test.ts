import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenLoop } from "./open-loop.js";

const STALL_MS = 60;

/** Keeps the process busy, as a victim does that has too much to do. */
function stall(): void {
  const end = performance.now() + STALL_MS;
  while (performance.now() < end);
}

test("a stall counts for every call that was due while it lasted, not only for the one that met it", async () => {
  let calls = 0;
  let finish = (): void => {};
  const enough = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const loop = new OpenLoop(1000, async () => {
    calls += 1;
    if (calls === 1) stall();
    if (calls === 40) finish();
  });
  loop.begin();
  await enough;
  const summary = await loop.end();
  assert.ok(summary.calls >= 40);
  assert.ok(summary.maxMs >= STALL_MS);
  // The 20th of the calls that were due in those 60 ms has waited for 40 of them.
  assert.ok(summary.p50Ms >= 10, `half of the calls took less than ${summary.p50Ms} ms`);
});

test("the end waits for the calls that are under way, and counts those that fail", async () => {
  let fail: (error: Error) => void = () => {};
  let begun = (): void => {};
  const first = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const loop = new OpenLoop(100, () => {
    begun();
    return new Promise((_, reject) => {
      fail = reject;
    });
  });
  loop.begin();
  await first;
  const ended = loop.end();
  fail(new Error("lost"));
  const { calls, errors, firstError } = await ended;
  assert.deepEqual({ calls, errors, firstError }, { calls: 1, errors: 1, firstError: "Error: lost" });
});
