import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOfFailure, readArguments } from "./fuzz.mjs";

const KNOWN = ["frames", "conversation"];

test("without targets all of them are tried, for a minute, with a seed of its own", () => {
  const { names, seconds, seed, replay, writeSeeds } = readArguments([], KNOWN);
  assert.deepEqual([names, seconds, replay, writeSeeds], [KNOWN, 60, undefined, false]);
  assert.ok(Number.isInteger(seed));
});

test("targets, seconds and the seed can be chosen", () => {
  const { names, seconds, seed } = readArguments(["conversation", "--seconds", "2.5", "--seed", "7"], KNOWN);
  assert.deepEqual([names, seconds, seed], [["conversation"], 2.5, 7]);
});

test("what cannot be meant is refused with what there is", () => {
  assert.throws(() => readArguments(["frame"], KNOWN), /no target "frame"; there are frames, conversation/);
  assert.throws(() => readArguments(["--seconds", "0"], KNOWN), /--seconds wants a number above 0, not "0"/);
  assert.throws(() => readArguments(["--seed", "x"], KNOWN), /--seed wants a whole number, not "x"/);
});

test("a failure's name says what went wrong, and tells inputs apart", () => {
  const name = nameOfFailure("DATA 5 of 11 octets exceeds the stream's window by 1\nmore", Buffer.from("ab"));
  assert.match(name, /^data-of-octets-exceeds-the-stream-s-window-by-[0-9a-f]{8}$/);
  assert.notEqual(nameOfFailure("x", Buffer.from("ab")), nameOfFailure("x", Buffer.from("ba")));
  assert.ok(nameOfFailure("long ".repeat(100), Buffer.alloc(0)).length < 75);
});
