import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { listenForAbort, stopListeningForAbort } from "./abort-listeners.js";

function recorder(): { told: unknown[]; onAbort: (reason: unknown) => void } {
  const told: unknown[] = [];
  return { told, onAbort: (reason) => told.push(reason) };
}

test("any number of targets share one listener, and each is told the reason once", () => {
  const controller = new AbortController();
  const targets = Array.from({ length: 50 }, recorder);
  for (const target of targets) listenForAbort(controller.signal, target);
  assert.equal(getEventListeners(controller.signal, "abort").length, 1);
  controller.abort("enough");
  for (const target of targets) assert.deepEqual(target.told, ["enough"]);
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
});

test("the listener goes with the last target, and comes back with the next one", () => {
  const controller = new AbortController();
  const [first, second] = [recorder(), recorder()];
  listenForAbort(controller.signal, first);
  listenForAbort(controller.signal, second);
  stopListeningForAbort(controller.signal, first);
  assert.equal(getEventListeners(controller.signal, "abort").length, 1);
  stopListeningForAbort(controller.signal, second);
  stopListeningForAbort(controller.signal, second);
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  listenForAbort(controller.signal, second);
  controller.abort("now");
  assert.deepEqual([first.told, second.told], [[], ["now"]]);
});

test("a target that is forgotten by another one during the abort is not told", () => {
  const controller = new AbortController();
  const second = recorder();
  const first = { onAbort: () => stopListeningForAbort(controller.signal, second) };
  listenForAbort(controller.signal, first);
  listenForAbort(controller.signal, second);
  controller.abort();
  assert.equal(second.told.length, 0, "it had said that it no longer listens");
});
