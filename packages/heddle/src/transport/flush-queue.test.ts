import assert from "node:assert/strict";
import { once } from "node:events";
import test from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { flushAtEndOfTurn } from "./flush-queue.js";

test("everything that was added in a turn is flushed once, in its order, behind the turn's microtasks", async () => {
  const order: string[] = [];
  flushAtEndOfTurn({ flush: () => order.push("a") });
  flushAtEndOfTurn({ flush: () => order.push("b") });
  await Promise.resolve().then(() => order.push("microtask"));
  assert.deepEqual(order, ["microtask"]);
  await nextTurn();
  assert.deepEqual(order, ["microtask", "a", "b"]);
  await nextTurn();
  assert.equal(order.length, 3);
});

test("what is added during a flush is flushed in the next turn", async () => {
  const order: string[] = [];
  const again = { flush: () => order.push("again") };
  flushAtEndOfTurn({
    flush: () => {
      order.push("first");
      flushAtEndOfTurn(again);
    },
  });
  await nextTurn();
  assert.deepEqual(order, ["first"]);
  await nextTurn();
  assert.deepEqual(order, ["first", "again"]);
});

test("a flush that throws keeps neither the others nor later turns from being flushed, and its error is uncaught", async () => {
  const flushed: string[] = [];
  const failure = new Error("flush failed");
  // The test runner has a listener of its own, for which an uncaught error is a failed test.
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  const uncaught = once(process, "uncaughtException");
  try {
    flushAtEndOfTurn({
      flush: () => {
        throw failure;
      },
    });
    flushAtEndOfTurn({ flush: () => flushed.push("second") });
    assert.equal((await uncaught)[0], failure);
  } finally {
    for (const listener of listeners) process.on("uncaughtException", listener);
  }
  await nextTurn();
  assert.deepEqual(flushed, ["second"]);
  flushAtEndOfTurn({ flush: () => flushed.push("later") });
  await nextTurn();
  assert.deepEqual(flushed, ["second", "later"]);
});
