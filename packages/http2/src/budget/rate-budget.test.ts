import assert from "node:assert/strict";
import test from "node:test";
import { RateBudget } from "./rate-budget.js";

function spendAll(budget: RateBudget, nowMs: number): number {
  let count = 0;
  while (count < 10_000 && budget.spend(nowMs)) count += 1;
  return count;
}

test("a budget allows its burst at once, and not one more", () => {
  assert.equal(spendAll(new RateBudget({ burst: 3, perSecond: 0 }, 0), 0), 3);
});

test("time gives back what a second is worth, in parts, and never more than the burst", () => {
  const budget = new RateBudget({ burst: 10, perSecond: 4 }, 1000);
  assert.equal(spendAll(budget, 1000), 10);
  assert.equal(spendAll(budget, 1249), 0);
  assert.equal(spendAll(budget, 1250), 1);
  assert.equal(spendAll(budget, 2250), 4);
  assert.equal(spendAll(budget, 1_000_000), 10);
});

test("a clock that stands still or goes backwards gives nothing back", () => {
  const budget = new RateBudget({ burst: 2, perSecond: 1000 }, 5000);
  assert.equal(spendAll(budget, 5000), 2);
  assert.equal(spendAll(budget, 4000), 0);
  assert.equal(spendAll(budget, 5000), 0);
});

test("a refund gives one back, a refill everything, and neither exceeds the burst", () => {
  const budget = new RateBudget({ burst: 5, perSecond: 0 }, 0);
  budget.refund();
  assert.equal(spendAll(budget, 0), 5);
  budget.refund();
  assert.equal(spendAll(budget, 0), 1);
  budget.refill();
  assert.equal(spendAll(budget, 0), 5);
});

test("an infinite burst is never used up", () => {
  const budget = new RateBudget({ burst: Number.POSITIVE_INFINITY, perSecond: 0 }, 0);
  assert.equal(spendAll(budget, 0), 10_000);
  assert.equal(spendAll(budget, 1000), 10_000);
});
