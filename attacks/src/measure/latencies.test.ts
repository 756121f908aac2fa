import assert from "node:assert/strict";
import { test } from "node:test";
import { Latencies, percentile } from "./latencies.js";

test("percentiles are values that were measured, by the nearest rank", () => {
  const sorted = Float64Array.from({ length: 200 }, (_, i) => i + 1);
  assert.equal(percentile(sorted, 50), 100);
  assert.equal(percentile(sorted, 99), 198);
  assert.equal(percentile(sorted, 100), 200);
  assert.equal(percentile(Float64Array.of(7), 99), 7);
  assert.equal(percentile(new Float64Array(), 99), 0);
});

test("failed calls are in the times and in the count of errors, the first with its reason", () => {
  const latencies = new Latencies();
  latencies.add(3);
  latencies.add(9, new Error("first"));
  latencies.add(1, new Error("second"));
  assert.deepEqual(latencies.summary(), {
    calls: 3,
    errors: 2,
    firstError: "Error: first",
    p50Ms: 3,
    p99Ms: 9,
    maxMs: 9,
  });
});
