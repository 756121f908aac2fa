import assert from "node:assert/strict";
import { test } from "node:test";
import { ALL_CLOSED, ANSWERED, CALMED, CLOSED, type Expectation, LIVES, streamsReset } from "../attacker/attack.js";
import type { AttackReport } from "../attacker/tally.js";
import type { AttackRun } from "../scene/run-attack.js";
import type { Gauges } from "../victim/gauges.js";
import { describeAnswer, failuresOf, isMet } from "./verdict.js";

const REPORT: AttackReport = {
  seconds: 1,
  attempts: 1,
  bytesSent: 1,
  connections: 2,
  opened: 1,
  refused: 0,
  lost: 0,
  open: 1,
  goAways: {},
  debug: "",
  resets: {},
  responses: 0,
};

const ANSWERS: readonly { what: string; report: Partial<AttackReport>; met: readonly Expectation[]; text: string }[] = [
  { what: "nothing", report: {}, met: [LIVES], text: "lives" },
  { what: "the end of one connection of two", report: { lost: 1 }, met: [CLOSED], text: "closed ×1" },
  { what: "the end of all connections", report: { lost: 3 }, met: [CLOSED, ALL_CLOSED], text: "closed ×3" },
  {
    what: "the right GOAWAY",
    report: { lost: 2, goAways: { ENHANCE_YOUR_CALM: 2 } },
    met: [CALMED, CLOSED, ALL_CLOSED],
    text: "GOAWAY ENHANCE_YOUR_CALM ×2",
  },
  {
    what: "a right GOAWAY and a wrong one",
    report: { lost: 2, goAways: { ENHANCE_YOUR_CALM: 1, INTERNAL_ERROR: 1 } },
    met: [CLOSED, ALL_CLOSED],
    text: "GOAWAY ENHANCE_YOUR_CALM ×1, GOAWAY INTERNAL_ERROR ×1",
  },
  { what: "a GOAWAY in order", report: { goAways: { NO_ERROR: 1 } }, met: [LIVES], text: "GOAWAY NO_ERROR ×1" },
  {
    what: "streams that are reset",
    report: { resets: { REFUSED_STREAM: 3 } },
    met: [LIVES, streamsReset("REFUSED_STREAM")],
    text: "RST REFUSED_STREAM ×3",
  },
  { what: "responses", report: { responses: 5 }, met: [LIVES, ANSWERED], text: "answered ×5" },
];

const EXPECTATIONS = [CALMED, CLOSED, ALL_CLOSED, LIVES, ANSWERED, streamsReset("REFUSED_STREAM")];

for (const { what, report, met, text } of ANSWERS) {
  test(`${what} is ${met.map(({ kind }) => kind).join(" and ")}, and nothing else`, () => {
    const whole = { ...REPORT, ...report };
    for (const expectation of EXPECTATIONS) {
      const isAmong = met.some((one) => JSON.stringify(one) === JSON.stringify(expectation));
      assert.equal(isMet(expectation, whole), isAmong, expectation.kind);
    }
    assert.equal(describeAnswer(whole), text);
  });
}

const ATTACK = { name: "a", about: "b", expected: [LIVES], begin: () => {} };
const LIMITS = { p99Ms: 50, peakRssBytes: 150 * 1_048_576, heldGrowthBytes: 8 * 1_048_576 };
const FIGURES = { calls: 100, errors: 0, firstError: "", p50Ms: 1, p99Ms: 5, maxMs: 9 };
const GAUGES: Gauges = {
  rssBytes: 1,
  peakRssBytes: 1,
  heldBytes: 1,
  sockets: 0,
  timers: 0,
  running: 0,
  peakRunning: 0,
  handlerErrors: 0,
};
const RUN: AttackRun = {
  side: "server",
  name: "a",
  about: "b",
  honest: { calls: FIGURES, newcomers: FIGURES },
  report: REPORT,
  before: GAUGES,
  under: GAUGES,
  after: GAUGES,
  othersShare: 0,
};

test("a run that keeps to all limits has no failures", () => {
  assert.deepEqual(failuresOf(ATTACK, RUN, LIMITS), []);
});

test("each limit that is broken is named, with the limit and the value", () => {
  const slow = { ...FIGURES, p99Ms: 50, errors: 2, firstError: "lost" };
  const runs: readonly [Partial<AttackRun>, readonly string[]][] = [
    [{ report: { ...REPORT, lost: 3 } }, ["the answer was closed ×3 instead of lives"]],
    [{ report: { ...REPORT, opened: 0 } }, ["no connection could be made"]],
    [
      { honest: { calls: slow, newcomers: FIGURES } },
      ["2 of 100 honest calls failed: lost", "p99 was 50.0 ms; the limit is 50 ms"],
    ],
    [{ honest: { calls: FIGURES, newcomers: slow } }, ["2 of 100 newcomers failed: lost"]],
    [{ honest: { calls: { ...FIGURES, calls: 0 }, newcomers: FIGURES } }, ["no honest call was made"]],
    [{ after: { ...GAUGES, peakRssBytes: 200 * 1_048_576 } }, ["RSS rose to 200 MiB; the limit is 150"]],
    [{ after: { ...GAUGES, heldBytes: 20 * 1_048_576 } }, ["20 MiB more are held than before; the limit is 8"]],
    [{ after: { ...GAUGES, sockets: 1, timers: 2, running: 3 } }, ["left behind: 1 sockets, 2 timers, 3 running"]],
    [{ after: { ...GAUGES, handlerErrors: 4 } }, ["4 handlers failed"]],
  ];
  for (const [change, failures] of runs) assert.deepEqual(failuresOf(ATTACK, { ...RUN, ...change }, LIMITS), failures);
});
