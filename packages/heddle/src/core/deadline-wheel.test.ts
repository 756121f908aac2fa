import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Clock, TimerHandle } from "./clock.js";
import { DeadlineEntry, DeadlineWheel } from "./deadline-wheel.js";
import { FakeClock } from "./fake-clock.js";

/** The longest that a deadline may be late on a clock whose timers are exact. */
const TICK_MS = 8;
const REVOLUTION_MS = 4096;

/** Notes when it was called, and then does what the test wants. */
class RecordingEntry extends DeadlineEntry {
  readonly firedAtMs: number[] = [];
  readonly clock: Clock;
  readonly action: () => void;

  constructor(clock: Clock, action: () => void = () => {}) {
    super();
    this.clock = clock;
    this.action = action;
  }

  override onDeadline(): void {
    this.firedAtMs.push(this.clock.now());
    this.action();
  }
}

/** A clock whose timers fire whenever the test says so: late, as after a long turn of the event loop, or early. */
class StallingClock implements Clock {
  nowMs = 0;
  timer: (() => void) | undefined = undefined;

  now(): number {
    return this.nowMs;
  }

  setTimer(fn: () => void): TimerHandle {
    assert.equal(this.timer, undefined, "the wheel needs one timer only");
    this.timer = fn;
    return fn;
  }

  clearTimer(): void {
    this.timer = undefined;
  }

  fireAt(nowMs: number): void {
    this.nowMs = nowMs;
    const fn = this.timer;
    this.timer = undefined;
    fn?.();
  }
}

function assertFiredInTime(entry: RecordingEntry, deadlineMs: number): void {
  const [firedAtMs, ...more] = entry.firedAtMs;
  assert.ok(firedAtMs !== undefined, `the deadline at ${deadlineMs} ms was missed`);
  assert.deepEqual(more, [], "called more than once");
  assert.ok(firedAtMs >= deadlineMs, `${deadlineMs - firedAtMs} ms early`);
  assert.ok(firedAtMs <= deadlineMs + TICK_MS, `${firedAtMs - deadlineMs} ms late`);
}

type Step =
  | { readonly kind: "schedule"; readonly index: number; readonly delayMs: number }
  | { readonly kind: "cancel"; readonly index: number }
  | { readonly kind: "advance"; readonly ms: number };

const indexes = fc.nat(9);
const delays = fc.oneof(
  fc.double({ min: -20, max: 100, noNaN: true }),
  fc.double({ min: 0, max: 5 * REVOLUTION_MS, noNaN: true }),
  fc.constantFrom(0, TICK_MS, REVOLUTION_MS - TICK_MS, REVOLUTION_MS, REVOLUTION_MS + TICK_MS, 100_000),
);
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("schedule" as const), index: indexes, delayMs: delays }),
  fc.record({ kind: fc.constant("cancel" as const), index: indexes }),
  fc.record({ kind: fc.constant("advance" as const), ms: fc.oneof(fc.nat(20), fc.nat(2 * REVOLUTION_MS)) }),
);

test("every deadline is called once, never early and at most one tick late, unless it was cancelled or replaced", () => {
  fc.assert(
    fc.property(
      fc.array(steps, { maxLength: 60 }),
      fc.double({ min: 0, max: 1e7, noNaN: true }),
      (program, startMs) => {
        const clock = new FakeClock(startMs);
        const wheel = new DeadlineWheel(clock);
        let entries = Array.from({ length: 10 }, () => new RecordingEntry(clock));
        const deadlines = new Map<RecordingEntry, { deadlineMs: number; setAtMs: number }>();
        const checkFired = () => {
          for (const [index, entry] of entries.entries()) {
            const expected = deadlines.get(entry);
            if (expected === undefined) {
              assert.deepEqual(entry.firedAtMs, []);
            } else if (entry.firedAtMs.length > 0) {
              // A deadline that had passed when it was set counts from then.
              assertFiredInTime(entry, Math.max(expected.deadlineMs, expected.setAtMs));
              deadlines.delete(entry);
              entries = entries.with(index, new RecordingEntry(clock));
            } else {
              assert.ok(
                clock.now() < Math.max(expected.deadlineMs, expected.setAtMs) + TICK_MS,
                "a deadline was missed",
              );
            }
          }
        };
        for (const step of program) {
          if (step.kind === "advance") {
            clock.advance(step.ms);
            checkFired();
            continue;
          }
          const entry = entries[step.index] as RecordingEntry;
          if (step.kind === "cancel") {
            wheel.cancel(entry);
            deadlines.delete(entry);
          } else {
            const deadlineMs = clock.now() + step.delayMs;
            wheel.schedule(entry, deadlineMs);
            deadlines.set(entry, { deadlineMs, setAtMs: clock.now() });
          }
        }
        clock.advance(200_000);
        checkFired();
        assert.equal(deadlines.size, 0);
        assert.equal(clock.pendingTimers, 0, "an empty wheel sets no timer");
      },
    ),
    { numRuns: 300 },
  );
});

test("a deadline of months is called at its time", () => {
  const clock = new FakeClock();
  const wheel = new DeadlineWheel(clock);
  const entry = new RecordingEntry(clock);
  const deadlineMs = 100 * 86_400_000 + 3.5;
  wheel.schedule(entry, deadlineMs);
  clock.advance(deadlineMs - 0.5);
  assert.deepEqual(entry.firedAtMs, []);
  clock.advance(TICK_MS);
  assertFiredInTime(entry, deadlineMs);
});

test("an empty wheel sets no timer, and one that has become empty lets its timer expire once", () => {
  const clock = new FakeClock();
  const wheel = new DeadlineWheel(clock);
  const entry = new RecordingEntry(clock);
  assert.equal(clock.pendingTimers, 0);
  wheel.schedule(entry, 1000);
  wheel.cancel(entry);
  clock.advance(1000);
  assert.equal(clock.pendingTimers, 0);
  assert.deepEqual(entry.firedAtMs, []);
});

test("there is one timer for any number of deadlines, set for the earliest", () => {
  const clock = new FakeClock();
  const wheel = new DeadlineWheel(clock);
  for (const deadlineMs of [5000, 400, 80, 4000, 81, 200]) {
    wheel.schedule(new RecordingEntry(clock), deadlineMs);
    assert.equal(clock.pendingTimers, 1);
  }
  assert.equal(clock.nextTimerMs, 80);
});

test("a deadline that has passed is called soon, and never from within schedule", () => {
  const clock = new FakeClock(1_000_000);
  const wheel = new DeadlineWheel(clock);
  const entry = new RecordingEntry(clock);
  wheel.schedule(entry, 5);
  assert.deepEqual(entry.firedAtMs, []);
  clock.advance(TICK_MS);
  assert.equal(entry.firedAtMs.length, 1);
});

test("scheduling an entry again replaces its deadline, to an earlier as to a later time", () => {
  const clock = new FakeClock();
  const wheel = new DeadlineWheel(clock);
  const entry = new RecordingEntry(clock);
  wheel.schedule(entry, 100);
  wheel.schedule(entry, 6000);
  clock.advance(5999);
  assert.deepEqual(entry.firedAtMs, []);
  wheel.schedule(entry, 6100);
  wheel.schedule(entry, 6050);
  clock.advance(1000);
  assertFiredInTime(entry, 6050);
});

test("an entry may schedule itself again when it is called", () => {
  const clock = new FakeClock();
  const wheel = new DeadlineWheel(clock);
  const entry: RecordingEntry = new RecordingEntry(clock, () => {
    if (entry.firedAtMs.length < 3) wheel.schedule(entry, clock.now() + 100);
  });
  wheel.schedule(entry, 100);
  clock.advance(10_000);
  assert.equal(entry.firedAtMs.length, 3);
  assert.equal(clock.pendingTimers, 0);
});

test("an entry that is always late does not keep the wheel from returning", () => {
  const clock = new StallingClock();
  const wheel = new DeadlineWheel(clock);
  const entry: RecordingEntry = new RecordingEntry(clock, () => wheel.schedule(entry, 0));
  wheel.schedule(entry, 0);
  clock.fireAt(100);
  assert.equal(entry.firedAtMs.length, 1);
  clock.fireAt(200);
  assert.equal(entry.firedAtMs.length, 2);
});

test("an entry that is due at the same time can still be cancelled by another, or be given more time", () => {
  const clock = new FakeClock();
  const wheel = new DeadlineWheel(clock);
  const cancelled = new RecordingEntry(clock);
  const postponed = new RecordingEntry(clock);
  const added = new RecordingEntry(clock);
  const first = new RecordingEntry(clock, () => {
    wheel.cancel(cancelled);
    wheel.schedule(postponed, 500);
    wheel.schedule(added, clock.now() + 1);
  });
  wheel.schedule(first, 100);
  wheel.schedule(cancelled, 100);
  wheel.schedule(postponed, 100);
  clock.advance(50 + 100);
  assert.deepEqual(cancelled.firedAtMs, []);
  assert.deepEqual(postponed.firedAtMs, []);
  assertFiredInTime(added, 105);
  clock.advance(1000);
  assertFiredInTime(postponed, 500);
});

test("an entry that throws does not keep the others from being called, and its error is uncaught", (t) => {
  const clock = new FakeClock();
  const wheel = new DeadlineWheel(clock);
  const microtasks: (() => void)[] = [];
  t.mock.method(globalThis, "queueMicrotask", (fn: () => void) => microtasks.push(fn));
  const boom = () => {
    throw new Error("boom");
  };
  const entries = [
    new RecordingEntry(clock, boom),
    new RecordingEntry(clock),
    new RecordingEntry(clock, boom),
    new RecordingEntry(clock),
  ];
  for (const entry of entries) wheel.schedule(entry, 100);
  clock.advance(200);
  for (const entry of entries) assertFiredInTime(entry, 100);
  assert.equal(microtasks.length, 2);
  assert.throws(() => microtasks[0]?.(), /boom/);
});

test("deadlines that are due together are called in the order of their times, then of their scheduling", () => {
  const clock = new StallingClock();
  const wheel = new DeadlineWheel(clock);
  const order: string[] = [];
  const schedule = (name: string, deadlineMs: number) =>
    wheel.schedule(new RecordingEntry(clock, () => order.push(name)), deadlineMs);
  schedule("c", 300);
  schedule("a1", 100);
  schedule("b", 200);
  schedule("a2", 100);
  clock.fireAt(1000);
  assert.deepEqual(order, ["a1", "a2", "b", "c"]);
});

test("after the process has slept for many revolutions, what is due is called once and the rest is not", () => {
  const clock = new StallingClock();
  const wheel = new DeadlineWheel(clock);
  const due = [1, 4095, 4096, 50_000, 99_990].map((deadlineMs) => {
    const entry = new RecordingEntry(clock);
    wheel.schedule(entry, deadlineMs);
    return entry;
  });
  const later = new RecordingEntry(clock);
  wheel.schedule(later, 100_001);
  clock.fireAt(100_000);
  for (const entry of due) assert.deepEqual(entry.firedAtMs, [100_000]);
  assert.deepEqual(later.firedAtMs, []);
  clock.fireAt(100_010);
  assert.deepEqual(later.firedAtMs, [100_010]);
  assert.equal(clock.timer, undefined);
});

test("a timer that fires early makes no deadline early", () => {
  const clock = new StallingClock();
  const wheel = new DeadlineWheel(clock);
  const entry = new RecordingEntry(clock);
  wheel.schedule(entry, 100);
  clock.fireAt(99.9);
  assert.deepEqual(entry.firedAtMs, []);
  clock.fireAt(104);
  assert.deepEqual(entry.firedAtMs, [104]);
});

test("cancelling does nothing to an entry that has no deadline", () => {
  const clock = new FakeClock();
  const wheel = new DeadlineWheel(clock);
  const other = new RecordingEntry(clock);
  wheel.schedule(other, 100);
  const entry = new RecordingEntry(clock);
  wheel.cancel(entry);
  wheel.schedule(entry, 50);
  clock.advance(60);
  wheel.cancel(entry);
  clock.advance(60);
  assertFiredInTime(entry, 50);
  assertFiredInTime(other, 100);
});

test("clear forgets everything, from within a call too, and the wheel goes on", () => {
  const clock = new FakeClock();
  const wheel = new DeadlineWheel(clock);
  const forgotten = [100, 100, 9000].map(() => new RecordingEntry(clock));
  wheel.schedule(new RecordingEntry(clock, () => wheel.clear()), 100);
  for (const [index, entry] of forgotten.entries()) wheel.schedule(entry, index < 2 ? 100 : 9000);
  clock.advance(10_000);
  for (const entry of forgotten) assert.deepEqual(entry.firedAtMs, []);
  assert.equal(clock.pendingTimers, 0);
  const entry = new RecordingEntry(clock);
  wheel.schedule(entry, 20_000);
  wheel.clear();
  assert.equal(clock.pendingTimers, 0);
  wheel.schedule(entry, 20_100);
  clock.advance(10_200);
  assertFiredInTime(entry, 20_100);
});
