import assert from "node:assert/strict";
import { test } from "node:test";
import { ALL_CHOICES, readCommandLine } from "./command-line.js";

function chosen(...args: string[]): string[] {
  return readCommandLine(args).choices.map(({ side, attack }) => `${side}/${attack.name}`);
}

test("without a name, or with all, every attack is run", () => {
  assert.equal(chosen().length, ALL_CHOICES.length);
  assert.equal(chosen("all", "rapid-reset").length, ALL_CHOICES.length);
});

test("a name stands for both sides, unless it names one; a side stands for all of its attacks", () => {
  assert.deepEqual(chosen("ping-flood"), ["server/ping-flood", "client/ping-flood"]);
  assert.deepEqual(chosen("client/ping-flood"), ["client/ping-flood"]);
  assert.ok(chosen("server").every((name) => name.startsWith("server/")));
});

test("names are unique on each side", () => {
  const names = chosen();
  assert.deepEqual([...new Set(names)], names);
});

test("what cannot be understood is refused, with the reason", () => {
  assert.throws(() => readCommandLine(["no-such-attack"]), /no attack is named "no-such-attack"/);
  assert.throws(() => readCommandLine(["--seconds", "soon"]), /--seconds wants a number above 0, not "soon"/);
  assert.throws(() => readCommandLine(["--connections", "0"]), /--connections wants a number above 0/);
  assert.throws(() => readCommandLine(["--fast"]));
});
