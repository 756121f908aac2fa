import assert from "node:assert/strict";
import { test } from "node:test";
import type { Section } from "./scenario.js";
import { renderSection } from "./table.js";

const section: Section = {
  key: "busy",
  title: "calls",
  metrics: [
    { key: "perSecond", header: "calls/s", digits: 0, compare: { better: "more", header: "heddle ÷ peer" } },
    { key: "cpuMicros", header: "CPU µs/call", digits: 1, compare: { better: "less", header: "peer ÷ heddle" } },
  ],
  busyFloorPercent: 90,
};

function row(peer: string, perSecond: number, cpuMicros: number, busyPercent = 100) {
  return { peer, samples: [{ perSecond, cpuMicros, busyPercent }] };
}

/** The cells of a peer's line. */
function cells(table: string, peer: string): string[] {
  const line = table.split("\n").find((text) => text.startsWith(`| ${peer}`));
  return (line ?? "")
    .split("|")
    .map((cell) => cell.trim())
    .filter((cell) => cell !== "");
}

test("both comparisons say how many times heddle is better", () => {
  const table = renderSection(section, [row("heddle", 100_000, 10), row("slow", 20_000, 40)]);
  assert.deepEqual(cells(table, "heddle"), ["heddle", "100,000", "1.00", "10.0", "1.00"]);
  assert.deepEqual(cells(table, "slow"), ["slow", "20,000", "5.00", "40.0", "4.00"]);
});

test("without heddle in the run there is nothing to compare with", () => {
  assert.deepEqual(cells(renderSection(section, [row("slow", 20_000, 40)]), "slow"), [
    "slow",
    "20,000",
    "–",
    "40.0",
    "–",
  ]);
});

test("a peer that was not kept busy is marked, and the mark explained", () => {
  const table = renderSection(section, [row("heddle", 100, 10, 89), row("slow", 20, 40, 90)]);
  assert.equal(cells(table, "heddle")[0], "heddle *");
  assert.equal(cells(table, "slow")[0], "slow");
  assert.match(table, /busy for less than 90 %/);
});

test("a note stands below the table of its peer, and in no other", () => {
  const noted = { ...section, notes: { slow: "it sleeps" } };
  assert.match(renderSection(noted, [row("heddle", 100, 10), row("slow", 20, 40)]), /^slow: it sleeps$/m);
  assert.doesNotMatch(renderSection(noted, [row("heddle", 100, 10)]), /it sleeps/);
});

test("all lines of a table have the same width", () => {
  const table = renderSection(section, [row("heddle", 100_000, 10), row("a peer with a longer name", 20, 4_000)]);
  const widths = new Set(
    table
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .map((line) => line.length),
  );
  assert.equal(widths.size, 1);
});
