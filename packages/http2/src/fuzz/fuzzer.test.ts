import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { readCorpus, writeCorpusInput } from "./corpus.js";
import { formatHexFile, parseHexFile } from "./hex-file.js";
import { minimise } from "./minimise.js";
import { runSession, type SessionOptions } from "./session.js";
import type { Target } from "./targets.js";

/** Fails on an "f" somewhere before an "x", and tells which letters it has seen. */
const planted: Target = {
  name: "planted",
  run: (input, observe = () => {}) => {
    const text = Buffer.from(input).toString("latin1");
    for (const letter of text) observe(letter);
    if (/f.*x/s.test(text)) throw new Error(`an f at ${text.indexOf("f")} comes before an x`);
  },
  generate: (dice) => dice.octets(dice.below(40)),
  split: (input) => [input],
  shrink: () => [],
  describe: (input) => Buffer.from(input).toString("latin1"),
};

function options(more: Partial<SessionOptions> = {}): SessionOptions {
  return {
    target: planted,
    seed: 1,
    goesOn: (n) => n < 20_000,
    processorMs: () => 0,
    corpusFolder: "/nowhere",
    ...more,
  };
}

test("a planted bug is found and made as small as can be", () => {
  const { failure, features } = runSession(options());
  assert.equal(failure?.input.toString("latin1"), "fx");
  assert.equal(failure?.error.message, "an f at 0 comes before an x");
  assert.ok(features > 100);
});

test("the same seed does the same", () => {
  const [first, second] = [runSession(options()), runSession(options())];
  assert.equal(first.executions, second.executions);
  assert.notEqual(runSession(options({ seed: 2 })).executions, first.executions);
});

test("a session that finds nothing has tried as much as it may", () => {
  const fine: Target = { ...planted, run: () => {} };
  const { failure, executions } = runSession(options({ target: fine, goesOn: (n) => n < 50 }));
  assert.deepEqual([failure, executions], [undefined, 50]);
});

test("an input that is slow each time is a failure; one that was slow once is none", () => {
  let nowMs = 0;
  const takes = (ms: () => number): Target => {
    const run = (): void => {
      nowMs += ms();
    };
    return { ...planted, run };
  };
  const processorMs = (): number => nowMs;
  const { failure } = runSession(options({ target: takes(() => 10_000), processorMs }));
  assert.match(failure?.error.message ?? "", /take 10000 ms/);
  const times = [10_000];
  const disturbed = takes(() => times.pop() ?? 1);
  const once = options({ target: disturbed, processorMs, goesOn: (n) => n < 10 });
  assert.equal(runSession(once).failure, undefined);
});

test("what is kept is read again, and comes first", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "fuzz-corpus-"));
  try {
    writeCorpusInput("planted", "an-f-before-an-x", "Found one day.\nIn two lines.", Buffer.from("f and x"), folder);
    assert.deepEqual(
      readCorpus("planted", folder).map(({ name, octets }) => [name, octets.toString()]),
      [["an-f-before-an-x", "f and x"]],
    );
    assert.deepEqual(readCorpus("unknown", folder), []);
    assert.equal(runSession(options({ corpusFolder: folder })).executions, 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the form of a file takes any octets, and only hexadecimal", () => {
  const octets = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  const text = formatHexFile("What it is.\n", octets);
  assert.match(text, /^# What it is\.\n#\n000102/);
  assert.deepEqual(parseHexFile(text), octets);
  assert.equal(parseHexFile("# only words\n").length, 0);
  assert.throws(() => parseHexFile("0"), SyntaxError);
  assert.throws(() => parseHexFile("zz"), SyntaxError);
});

test("an input is made smaller by parts, by what its format allows, by octets, and by zeros", () => {
  // Each part is a length and so many octets; what is looked for is a part that begins with "b" and has more than one octet.
  const split = (input: Uint8Array): Uint8Array[] => {
    const parts: Uint8Array[] = [];
    for (let at = 0; at < input.length; at += 1 + (input[at] as number)) {
      parts.push(input.subarray(at, at + 1 + (input[at] as number)));
    }
    return parts;
  };
  const shrink = (input: Uint8Array): Buffer[] =>
    split(input).flatMap((part, i, parts) => {
      if (part.length < 2) return [];
      const shorter = Buffer.concat([Buffer.from([part.length - 2]), part.subarray(1, -1)]);
      return [Buffer.concat([...parts.slice(0, i), shorter, ...parts.slice(i + 1)])];
    });
  const fails = (input: Uint8Array): boolean => split(input).some((part) => part.length > 2 && part[1] === 0x62);
  const input = Buffer.from("\x03aaa\x05bcdef\x02gg\x04hijk", "latin1");
  assert.equal(minimise(input, { split, shrink }, fails).toString("latin1"), "\x02b\0");
});
