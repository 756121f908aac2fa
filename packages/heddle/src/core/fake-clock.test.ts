import assert from "node:assert/strict";
import test from "node:test";
import { FakeClock } from "./fake-clock.js";

test("it stands still until it is advanced", () => {
  const clock = new FakeClock(100);
  assert.equal(clock.now(), 100);
  clock.advance(2.5);
  assert.equal(clock.now(), 102.5);
});

test("timers fire in the order of their times, then in the order in which they were set, and see their own time", () => {
  const clock = new FakeClock();
  const fired: [name: string, now: number][] = [];
  const set = (name: string, ms: number) => clock.setTimer(() => fired.push([name, clock.now()]), ms);
  set("c", 30);
  set("a", 10);
  set("b1", 20);
  set("b2", 20);
  set("d", 31);
  clock.advance(30);
  assert.deepEqual(fired, [
    ["a", 10],
    ["b1", 20],
    ["b2", 20],
    ["c", 30],
  ]);
  assert.equal(clock.pendingTimers, 1);
  assert.equal(clock.nextTimerMs, 1);
});

test("a timer that is set while another fires is served in the same advance, if it is due", () => {
  const clock = new FakeClock();
  const fired: number[] = [];
  clock.setTimer(() => {
    clock.setTimer(() => fired.push(clock.now()), 5);
    clock.setTimer(() => fired.push(clock.now()), 500);
  }, 10);
  clock.advance(20);
  assert.deepEqual(fired, [15]);
});

test("a timer with no delay does not fire before the clock is advanced", () => {
  const clock = new FakeClock();
  let fired = 0;
  clock.setTimer(() => fired++, 0);
  clock.setTimer(() => fired++, -5);
  assert.equal(fired, 0);
  clock.advance(0);
  assert.equal(fired, 2);
});

test("a stopped timer does not fire, even when another timer stops it at the same time", () => {
  const clock = new FakeClock();
  let fired = 0;
  clock.setTimer(() => clock.clearTimer(second), 10);
  const second = clock.setTimer(() => fired++, 10);
  clock.advance(10);
  clock.clearTimer(second);
  assert.equal(fired, 0);
  assert.equal(clock.pendingTimers, 0);
  assert.equal(clock.nextTimerMs, undefined);
});

test("an error of a timer is passed on, and the later timers are still set", () => {
  const clock = new FakeClock();
  let fired = 0;
  clock.setTimer(() => {
    throw new Error("boom");
  }, 10);
  clock.setTimer(() => fired++, 20);
  assert.throws(() => clock.advance(20), /boom/);
  assert.equal(clock.now(), 10);
  clock.advance(10);
  assert.equal(fired, 1);
});

test("time does not go backwards", () => {
  assert.throws(() => new FakeClock().advance(-1), RangeError);
  assert.throws(() => new FakeClock().advance(Number.NaN), RangeError);
});
