import assert from "node:assert/strict";
import { test } from "node:test";
import type { Options } from "./options.js";
import type { PreparedPeer } from "./peer.js";
import { medians, runRounds } from "./rounds.js";
import type { Scenario } from "./scenario.js";

const peer = (name: string) => ({ name }) as PreparedPeer;
const options = { rounds: 3 } as Options;

function scenarioOf(measure: (name: string) => number): Scenario {
  return {
    name: "counting",
    sections: [{ key: "all", title: "counting", metrics: [] }],
    measure: async ({ name }) => ({ all: { value: measure(name) } }),
  };
}

test("peers take turns, round by round, and every sample is kept", async () => {
  const turns: string[] = [];
  const scenario = scenarioOf((name) => turns.push(name));
  const { rows, failures } = await runRounds(scenario, [peer("a"), peer("b")], options, () => undefined);
  assert.deepEqual(turns, ["a", "b", "a", "b", "a", "b"]);
  assert.deepEqual(rows.all, [
    { peer: "a", samples: [{ value: 1 }, { value: 3 }, { value: 5 }] },
    { peer: "b", samples: [{ value: 2 }, { value: 4 }, { value: 6 }] },
  ]);
  assert.deepEqual(failures, []);
});

test("a peer that fails is named once and takes no further turns; the others go on", async () => {
  const turns: string[] = [];
  const scenario = scenarioOf((name) => {
    turns.push(name);
    if (name === "a") throw new Error("no answer");
    return 1;
  });
  const { failures } = await runRounds(scenario, [peer("a"), peer("b")], options, () => undefined);
  assert.deepEqual(turns, ["a", "b", "b", "b"]);
  assert.deepEqual(
    failures.map(({ peer: name, error }) => [name, (error as Error).message]),
    [["a", "no answer"]],
  );
});

test("the median of each figure is its own, and of two it is their mean", () => {
  assert.deepEqual(
    medians([
      { a: 1, b: 9 },
      { a: 5, b: 1 },
      { a: 2, b: 5 },
    ]),
    { a: 2, b: 5 },
  );
  assert.deepEqual(medians([{ a: 1 }, { a: 2 }]), { a: 1.5 });
});

test("a figure that some rounds lack is the median of the others", () => {
  assert.deepEqual(medians([{ a: 1 }, { a: 3, b: 7 }]), { a: 2, b: 7 });
});
