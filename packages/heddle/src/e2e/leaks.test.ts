/** What calls leave behind when they are over: nothing, however they ended. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { LeakFindings } from "./testing/leak-check.js";

/** The heap of two equal halves of work differs by some 400 KB; 52,300 calls of which each leaves an object behind make several MB. */
const GROWTH_LIMIT_BYTES = 1_500_000;

test("calls that succeed, are left, cancelled or lost leave no memory, listener, handler or socket behind", async () => {
  const program = fileURLToPath(new URL("testing/leak-check.js", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", program], { timeout: 60_000 });
  const { grownBytes, ...rest } = JSON.parse(stdout) as LeakFindings;
  assert.deepEqual(rest, {
    listeners: 0,
    runningHandlers: 0,
    resources: [],
    calls: { unary: 100_000, left: 2_000, cancelled: 2_000, lost: 600 },
  });
  assert.ok(grownBytes < GROWTH_LIMIT_BYTES, `the heap has grown by ${grownBytes} octets`);
});
