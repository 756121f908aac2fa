import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "./outbox.js";

async function allOf<T>(outbox: Outbox<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of outbox) values.push(value);
  return values;
}

test("values come out in order, whether they were pushed before or after they are waited for", async () => {
  const outbox = new Outbox<number>(10);
  outbox.push(1);
  const reading = allOf(outbox);
  outbox.push(2);
  await Promise.resolve();
  outbox.push(3);
  outbox.end();
  assert.deepEqual(await reading, [1, 2, 3]);
});

test("a full outbox refuses a value until the reader has taken one", async () => {
  const outbox = new Outbox<number>(2);
  assert.equal(outbox.push(1), true);
  assert.equal(outbox.push(2), true);
  assert.equal(outbox.push(3), false);
  const reader = outbox[Symbol.asyncIterator]();
  assert.equal((await reader.next()).value, 1);
  assert.equal(outbox.push(4), true);
  outbox.end();
  assert.equal((await reader.next()).value, 2);
  assert.equal((await reader.next()).value, 4);
  assert.equal((await reader.next()).done, true);
});

test("after the end, values are dropped and what waited still comes out", async () => {
  const outbox = new Outbox<number>(1);
  outbox.push(1);
  outbox.end();
  assert.equal(outbox.push(2), true);
  assert.deepEqual(await allOf(outbox), [1]);
});

test("a failure throws away what waits and reaches a reader that is waiting", async () => {
  const gone = new Error("gone");
  const full = new Outbox<number>(1);
  full.push(1);
  full.fail(gone);
  await assert.rejects(allOf(full), gone);

  const empty = new Outbox<number>(1);
  const reading = allOf(empty);
  empty.fail(gone);
  empty.end();
  await assert.rejects(reading, gone);
});
