import assert from "node:assert/strict";
import { test } from "node:test";
import { processorTimes, shareOfOthers } from "./machine-load.js";

test("what others had is what was busy without us, of all there was", () => {
  const before = { allMs: 1000, busyMs: 500, oursMs: 100 };
  assert.equal(shareOfOthers(before, { allMs: 2000, busyMs: 1200, oursMs: 500 }), 0.3);
  assert.equal(shareOfOthers(before, { allMs: 2000, busyMs: 900, oursMs: 510 }), 0, "clocks that differ a little");
  assert.equal(shareOfOthers(before, before), 0);
});

test("times go forward, and what children have used is ours", () => {
  const before = processorTimes(0);
  const after = processorTimes(50);
  assert.ok(after.oursMs - before.oursMs >= 50);
  assert.ok(after.allMs >= before.allMs && after.busyMs >= before.busyMs);
});
