import assert from "node:assert/strict";
import test from "node:test";
import { type ConnectionOptions, limitsOf } from "./options.js";

const WRONG: readonly (readonly [ConnectionOptions, RegExp])[] = [
  [{ maxFrameBytes: 16_383 }, /^maxFrameBytes is 16383; it must be a whole number from 16384 to 16777215$/],
  [{ maxFrameBytes: 16_777_216 }, /maxFrameBytes/],
  [{ streamWindowBytes: -1 }, /streamWindowBytes is -1/],
  [{ streamWindowBytes: 2 ** 31 }, /streamWindowBytes/],
  [{ maxStreamWindowBytes: 1.5 }, /maxStreamWindowBytes is 1.5/],
  [{ connectionWindowBytes: Number.NaN }, /connectionWindowBytes is NaN/],
  [{ maxConcurrentStreams: Number.POSITIVE_INFINITY }, /maxConcurrentStreams is Infinity/],
  [{ maxHeaderListBytes: "8192" as unknown as number }, /maxHeaderListBytes/],
  [{ headerTableBytes: 2 ** 32 }, /headerTableBytes/],
  [{ maxHeaderFields: 0 }, /maxHeaderFields/],
  [{ handshakeTimeoutMs: 0 }, /^handshakeTimeoutMs is 0; it must be a number of milliseconds above 0, or Infinity$/],
  [{ idleTimeoutMs: Number.NaN }, /idleTimeoutMs/],
  [{ resetBudget: { burst: 0, perSecond: 1 } }, /^resetBudget is { burst: 0, perSecond: 1 }; burst must be 1 or more/],
  [{ pingBudget: { burst: 1, perSecond: -1 } }, /pingBudget/],
];

for (const [options, message] of WRONG) {
  test(`an option out of range is a RangeError that names it: ${JSON.stringify(options)}`, () => {
    for (const role of ["client", "server"] as const) {
      assert.throws(() => limitsOf(options, role), { name: "RangeError", message });
    }
  });
}

test("undefined stands for the default, also where it is given", () => {
  assert.deepEqual(limitsOf({ maxFrameBytes: undefined, resetBudget: undefined }, "server"), limitsOf({}, "server"));
});

test("the caps are never below what they cap", () => {
  const limits = limitsOf(
    { streamWindowBytes: 10_000_000, maxStreamWindowBytes: 5, connectionWindowBytes: 50_000_000, maxUnreadBytes: 1 },
    "client",
  );
  assert.equal(limits.maxStreamWindowBytes, 10_000_000);
  assert.equal(limits.maxUnreadBytes, 100_000_000);
});
