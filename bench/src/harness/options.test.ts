import assert from "node:assert/strict";
import { test } from "node:test";
import { readOptions, UsageError } from "./options.js";

const read = (...argv: string[]) => readOptions(argv, ["unary-server", "echo"], ["heddle", "grpc-js"]);

test("all stands for every scenario", () => {
  assert.deepEqual(read("all").scenarios, ["unary-server", "echo"]);
});

test("options have their defaults", () => {
  const { rounds, seconds, requests, only, measuredCore, otherCore } = read("echo");
  assert.deepEqual({ rounds, seconds, requests, only }, { rounds: 3, seconds: 5, requests: 0, only: [] });
  assert.deepEqual([measuredCore, otherCore], [0, 1]);
});

test("what is given is taken", () => {
  const options = read("echo", "--only", "heddle,grpc-js", "--rounds", "7", "--requests", "1000", "--cores", "2,3");
  assert.deepEqual(options.only, ["heddle", "grpc-js"]);
  assert.equal(options.rounds, 7);
  assert.equal(options.requests, 1000);
  assert.deepEqual([options.measuredCore, options.otherCore], [2, 3]);
});

for (const [argv, reason] of [
  [[], /name a scenario: unary-server, echo or all/],
  [["ping"], /no scenario "ping"/],
  [["echo", "--only", "heddle,thrift"], /no peer "thrift"/],
  [["echo", "--rounds", "0"], /--rounds must be a whole number above 0/],
  [["echo", "--cores", "1,1"], /two different core numbers/],
  [["echo", "--fast"], /--fast/],
] as const) {
  test(`"${argv.join(" ")}" is refused with its reason`, () => {
    assert.throws(
      () => read(...argv),
      (error) => error instanceof UsageError && reason.test(error.message),
    );
  });
}
