import assert from "node:assert/strict";
import { test } from "node:test";
import { headers, PING, rstStream, windowUpdate } from "./frame.js";
import { FrameBatch, perStream, repeated } from "./frame-batch.js";
import { FrameScanner } from "./frame-scanner.js";

function idsIn(octets: Buffer): number[] {
  const ids: number[] = [];
  new FrameScanner(0, (_type, _flags, streamId) => ids.push(streamId)).push(octets);
  return ids;
}

test("each round goes on with the stream ids where the one before has ended", () => {
  const batch = new FrameBatch(perStream((id) => Buffer.concat([headers(id, Buffer.alloc(20_000)), rstStream(id)]), 3));
  assert.equal(batch.attempts, 4);
  assert.deepEqual(idsIn(batch.next()), [3, 3, 5, 5, 7, 7, 9, 9]);
  assert.deepEqual(idsIn(batch.next()), [11, 11, 13, 13, 15, 15, 17, 17]);
});

test("frames of the connection and of earlier streams keep their ids", () => {
  const make = (id: number): Buffer =>
    Buffer.concat([windowUpdate(0, 1), rstStream(1), headers(id, Buffer.alloc(70_000))]);
  const batch = new FrameBatch(perStream(make, 3));
  assert.deepEqual(idsIn(batch.next()), [0, 1, 3]);
  assert.deepEqual(idsIn(batch.next()), [0, 1, 5]);
});

test("two connections with the same template do not disturb each other", () => {
  const template = perStream((id) => headers(id, Buffer.alloc(70_000)));
  const first = new FrameBatch(template);
  first.next();
  first.next();
  assert.deepEqual(idsIn(new FrameBatch(template).next()), [1]);
});

test("equal rounds are one buffer, with as many copies as fit", () => {
  const batch = new FrameBatch(repeated(PING));
  assert.equal(batch.attempts, Math.floor(65_536 / PING.length));
  assert.equal(batch.next(), batch.next());
});
