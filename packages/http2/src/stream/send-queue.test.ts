import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SendQueue } from "./send-queue.js";

test("octets leave in order, in steps of any size, whatever chunks they came in", () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 10 });
  fc.assert(
    fc.property(chunks, fc.array(fc.integer({ min: 1, max: 30 })), (parts, steps) => {
      const queue = new SendQueue();
      for (const part of parts) queue.push(Buffer.from(part));
      const all = Buffer.concat(parts);
      assert.equal(queue.bytes, all.length);
      let at = 0;
      for (const step of steps) {
        const count = Math.min(step, queue.bytes);
        const target = Buffer.alloc(count + 4);
        queue.moveTo(target, 2, count);
        assert.deepEqual(target, Buffer.concat([Buffer.alloc(2), all.subarray(at, at + count), Buffer.alloc(2)]));
        at += count;
        assert.equal(queue.bytes, all.length - at);
      }
    }),
  );
});

test("a cleared queue starts afresh, also in the middle of a chunk", () => {
  const queue = new SendQueue();
  queue.push(Buffer.from("abcdef"));
  queue.moveTo(Buffer.alloc(2), 0, 2);
  queue.clear();
  assert.equal(queue.bytes, 0);
  queue.push(Buffer.from("xyz"));
  const target = Buffer.alloc(3);
  queue.moveTo(target, 0, 3);
  assert.equal(target.toString(), "xyz");
});
