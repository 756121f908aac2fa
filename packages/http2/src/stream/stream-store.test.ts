import assert from "node:assert/strict";
import { test } from "node:test";
import { CloseCause } from "./state.js";
import { Stream } from "./stream.js";
import { StreamStore } from "./stream-store.js";

function addStream(store: StreamStore<undefined>, id: number): Stream<undefined> {
  const stream = new Stream<undefined>(id, 100, 100);
  store.add(stream);
  return stream;
}

function closeStream(store: StreamStore<undefined>, id: number, cause: CloseCause): void {
  const stream = addStream(store, id);
  stream.closeCause = cause;
  store.remove(stream);
}

test("an open stream is found, a removed one is not, also when it was looked up last", () => {
  const store = new StreamStore<undefined>();
  const [first, second] = [addStream(store, 1), addStream(store, 3)];
  assert.equal(store.find(1), first);
  assert.equal(store.find(3), second);
  first.closeCause = CloseCause.ENDED;
  second.closeCause = CloseCause.ENDED;
  store.remove(second);
  assert.equal(store.find(3), undefined);
  assert.equal(store.find(1), first);
  store.remove(first);
  assert.equal(store.find(1), undefined);
  assert.equal(store.size, 0);
});

test("the cause of a reset is remembered, and what is not remembered ended in order", () => {
  const store = new StreamStore<undefined>();
  closeStream(store, 1, CloseCause.ENDED);
  closeStream(store, 3, CloseCause.RESET_RECEIVED);
  closeStream(store, 5, CloseCause.CONNECTION);
  store.noteReset(7);
  assert.equal(store.causeOf(1), CloseCause.ENDED);
  assert.equal(store.causeOf(3), CloseCause.RESET_RECEIVED);
  assert.equal(store.causeOf(5), CloseCause.CONNECTION);
  assert.equal(store.causeOf(7), CloseCause.RESET_SENT);
});

test("a stream that may be one of the resets that were forgotten is not taken for one that ended in order", () => {
  const store = new StreamStore<undefined>();
  for (let id = 1; id < 2 * 600; id += 2) closeStream(store, id, CloseCause.RESET_SENT);
  closeStream(store, 1201, CloseCause.ENDED);
  assert.equal(store.causeOf(1), CloseCause.RESET_SENT);
  assert.equal(store.causeOf(1199), CloseCause.RESET_SENT);
  assert.equal(store.causeOf(1201), CloseCause.ENDED);
});
