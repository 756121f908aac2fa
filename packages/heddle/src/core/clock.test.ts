import assert from "node:assert/strict";
import test from "node:test";
import { systemClock } from "./clock.js";

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

test("the time never goes backwards", () => {
  let previous = systemClock.now();
  for (let i = 0; i < 1000; i++) {
    const now = systemClock.now();
    assert.ok(now >= previous);
    previous = now;
  }
});

test("a timer fires once, and not before its time", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const fn = t.mock.fn();
  systemClock.setTimer(fn, 50);
  t.mock.timers.tick(49);
  assert.equal(fn.mock.callCount(), 0);
  t.mock.timers.tick(1);
  assert.equal(fn.mock.callCount(), 1);
  t.mock.timers.tick(1000);
  assert.equal(fn.mock.callCount(), 1);
});

test("a timer of months, which setTimeout cannot express, fires at its time", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const fn = t.mock.fn();
  systemClock.setTimer(fn, 3 * LONGEST_TIMEOUT_MS + 10);
  for (let stretch = 0; stretch < 3; stretch++) t.mock.timers.tick(LONGEST_TIMEOUT_MS);
  t.mock.timers.tick(9);
  assert.equal(fn.mock.callCount(), 0);
  t.mock.timers.tick(1);
  assert.equal(fn.mock.callCount(), 1);
});

test("a timer can be stopped, in its later stretches too, and more than once", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const fn = t.mock.fn();
  const short = systemClock.setTimer(fn, 50);
  const long = systemClock.setTimer(fn, 2 * LONGEST_TIMEOUT_MS);
  systemClock.clearTimer(short);
  systemClock.clearTimer(short);
  t.mock.timers.tick(LONGEST_TIMEOUT_MS + 1);
  systemClock.clearTimer(long);
  t.mock.timers.tick(LONGEST_TIMEOUT_MS);
  assert.equal(fn.mock.callCount(), 0);
});

test("a timer does not keep the process alive", (t) => {
  const unrefs: boolean[] = [];
  const real = setTimeout;
  t.mock.method(globalThis, "setTimeout", (fn: () => void, delayMs: number) => {
    const timeout = real(fn, delayMs);
    queueMicrotask(() => unrefs.push(!timeout.hasRef()));
    return timeout;
  });
  const handle = systemClock.setTimer(() => {}, 1_000_000);
  return Promise.resolve().then(() => {
    systemClock.clearTimer(handle);
    assert.deepEqual(unrefs, [true]);
  });
});
