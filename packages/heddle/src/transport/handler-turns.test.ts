import assert from "node:assert/strict";
import test from "node:test";
import { AbandonedHandlers } from "./abandoned-handlers.js";
import { HandlerTurns, type InTurn } from "./handler-turns.js";

/** A call that notes its turn, and ends at once if `ends`. */
function caller(turns: HandlerTurns, name: string, log: string[], { wanted = true, ends = false } = {}): InTurn {
  return {
    onTurn: () => {
      log.push(name);
      if (wanted && ends) turns.end();
      return wanted;
    },
  };
}

test("handlers beyond the limit wait, and start in their order as others end", () => {
  const turns = new HandlerTurns(2, new AbandonedHandlers());
  const log: string[] = [];
  assert.equal(turns.take(caller(turns, "a", log)), true);
  assert.equal(turns.take(caller(turns, "b", log)), true);
  for (const name of ["c", "d", "e"]) assert.equal(turns.take(caller(turns, name, log)), false);
  assert.deepEqual(log, []);
  turns.end();
  assert.deepEqual(log, ["c"]);
  turns.end();
  turns.end();
  assert.deepEqual(log, ["c", "d", "e"]);
  turns.end();
  turns.end();
  assert.equal(turns.take(caller(turns, "f", log)), true);
  assert.equal(turns.take(caller(turns, "g", log)), true);
  assert.equal(turns.take(caller(turns, "h", log)), false);
});

test("a call that was given up while it waited is passed over, and so is one that does not want its turn any more", () => {
  const turns = new HandlerTurns(1, new AbandonedHandlers());
  const log: string[] = [];
  turns.take(caller(turns, "first", log));
  const forgotten = caller(turns, "forgotten", log);
  turns.take(forgotten);
  turns.take(caller(turns, "unwanted", log, { wanted: false }));
  turns.take(caller(turns, "last", log));
  turns.forget(forgotten);
  turns.end();
  assert.deepEqual(log, ["unwanted", "last"]);
  assert.equal(turns.take(caller(turns, "next", log)), false);
});

test("a hundred thousand handlers that end as soon as they start do not exhaust the stack", () => {
  const turns = new HandlerTurns(1, new AbandonedHandlers());
  const log: string[] = [];
  turns.take(caller(turns, "first", log));
  for (let i = 0; i < 100_000; i++) turns.take(caller(turns, "x", log, { ends: true }));
  turns.end();
  assert.equal(log.length, 100_000);
  assert.equal(turns.take(caller(turns, "next", log)), true);
});

test("while too many handlers of lost connections run, new connections start none, and those that had an answer do", () => {
  const abandoned = new AbandonedHandlers();
  const log: string[] = [];
  const known = new HandlerTurns(2, abandoned);
  known.take(caller(known, "known", log));
  known.end();
  const lost = new HandlerTurns(2000, abandoned);
  for (let i = 0; i < 1002; i++) lost.take(caller(lost, "lost", log));
  lost.abandon();
  const late = new HandlerTurns(2, abandoned);
  const gone = new HandlerTurns(2, abandoned);
  assert.equal(known.take(caller(known, "known", log)), true);
  for (const name of ["late 1", "late 2", "late 3"]) assert.equal(late.take(caller(late, name, log)), false);
  assert.equal(gone.take(caller(gone, "gone", log)), false);
  gone.abandon();
  lost.end();
  assert.deepEqual(log, []);
  lost.end();
  assert.deepEqual(log, ["late 1", "late 2"]);
  late.end();
  assert.deepEqual(log, ["late 1", "late 2", "late 3"]);
});
