import assert from "node:assert/strict";
import test from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { MessageQueue } from "./message-queue.js";

const DONE = { done: true, value: undefined };

function createQueue() {
  const taken: number[] = [];
  const counts = { abandoned: 0 };
  const queue = new MessageQueue<string>({
    onTaken: (bytes) => taken.push(bytes),
    onAbandoned: () => {
      counts.abandoned += 1;
    },
  });
  return { queue, taken, counts };
}

const given = (value: string) => ({ done: false, value });

test("messages are read in their order, and are owed until they are taken", async () => {
  const { queue, taken } = createQueue();
  assert.ok(queue.push("a", 1) && queue.push("b", 2));
  assert.equal(queue.isEmpty, false);
  assert.deepEqual(taken, []);
  assert.deepEqual(await queue.next(), given("a"));
  assert.deepEqual(taken, [1]);
  assert.deepEqual(await queue.next(), given("b"));
  assert.deepEqual(taken, [1, 2]);
  assert.equal(queue.isEmpty, true);
});

test("readers that wait are served in their order, and what they get is taken at once", async () => {
  const { queue, taken } = createQueue();
  const readers = [queue.next(), queue.next(), queue.next()];
  queue.push("a", 1);
  queue.push("b", 2);
  assert.deepEqual(taken, [1, 2]);
  assert.equal(queue.isEmpty, true);
  queue.end();
  assert.deepEqual(await Promise.all(readers), [given("a"), given("b"), DONE]);
});

test("the end lets what waits be read first, then is told again and again", async () => {
  const { queue, counts } = createQueue();
  queue.push("a", 1);
  queue.end();
  assert.equal(queue.isOpen, false);
  assert.deepEqual([await queue.next(), await queue.next(), await queue.next()], [given("a"), DONE, DONE]);
  assert.equal(counts.abandoned, 0);
});

test("a failure lets what waits be read first, rejects once, then is an end", async () => {
  const { queue } = createQueue();
  const failure = new Error("lost");
  queue.push("a", 1);
  queue.fail(failure);
  assert.deepEqual(await queue.next(), given("a"));
  await assert.rejects(queue.next(), failure);
  assert.deepEqual(await queue.next(), DONE);
});

test("of several readers that wait the first is told of a failure, the others of the end", async () => {
  const { queue } = createQueue();
  const failure = new Error("lost");
  const readers = [queue.next(), queue.next(), queue.next()];
  queue.fail(failure);
  const settled = await Promise.allSettled(readers);
  assert.deepEqual(settled, [
    { status: "rejected", reason: failure },
    { status: "fulfilled", value: DONE },
    { status: "fulfilled", value: DONE },
  ]);
  assert.deepEqual(await queue.next(), DONE);
});

test("a failure that nobody reads is no unhandled rejection, and one after the end is none at all", async () => {
  const { queue } = createQueue();
  queue.fail(new Error("unread"));
  queue.end();
  const other = createQueue().queue;
  other.end();
  other.fail(new Error("too late"));
  assert.deepEqual(await other.next(), DONE);
});

test("leaving an open queue settles its readers, drops what waits as taken, and is told once", async () => {
  const { queue, taken, counts } = createQueue();
  queue.push("a", 1);
  queue.push("b", 2);
  queue.push("c", 4);
  await queue.next();
  assert.deepEqual(await queue.return(), DONE);
  assert.deepEqual(await queue.return(), DONE);
  assert.deepEqual(taken, [1, 6]);
  assert.equal(counts.abandoned, 1);
  assert.deepEqual(await queue.next(), DONE);
  assert.equal(queue.push("d", 8), false);
  assert.deepEqual(taken, [1, 6]);

  const waiting = createQueue();
  const reader = waiting.queue.next();
  await waiting.queue.return();
  assert.deepEqual(await reader, DONE);
  assert.deepEqual(waiting.taken, []);
});

test("leaving after the end or a failure is not abandonment, and drops the failure", async () => {
  for (const close of ["end", "fail"] as const) {
    const { queue, taken, counts } = createQueue();
    queue.push("a", 3);
    if (close === "end") queue.end();
    else queue.fail(new Error("lost"));
    await queue.return();
    assert.deepEqual(await queue.next(), DONE);
    assert.equal(counts.abandoned, 0);
    assert.deepEqual(taken, [3]);
  }
});

test("`for await` reads to the end, and leaving its loop leaves the queue", async () => {
  const { queue, counts } = createQueue();
  for (const message of ["a", "b", "c"]) queue.push(message, 1);
  const read: string[] = [];
  for await (const message of queue) {
    read.push(message);
    if (message === "b") break;
  }
  assert.deepEqual(read, ["a", "b"]);
  assert.equal(counts.abandoned, 1);
});

test("nothing is lost, doubled or reordered, and every octet owed is taken once, whatever the order of pushes and reads", async () => {
  const step = fc.constantFrom("push" as const, "read" as const);
  // Runs of pushes make the queue long enough to be cut while it is not empty.
  const script = fc.array(fc.tuple(step, fc.integer({ min: 1, max: 400 })), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(script, async (runs) => {
      let taken = 0;
      const queue = new MessageQueue<number>({
        onTaken: (bytes) => {
          taken += bytes;
        },
        onAbandoned: () => assert.fail("nobody has left"),
      });
      const reads: Promise<IteratorResult<number, undefined>>[] = [];
      let pushed = 0;
      for (const [kind, count] of runs) {
        for (let i = 0; i < count; i++) {
          if (kind === "read") reads.push(queue.next());
          else assert.ok(queue.push(pushed++, 1));
        }
        assert.equal(taken, Math.min(pushed, reads.length));
        assert.equal(queue.isEmpty, reads.length >= pushed);
      }
      queue.end();
      const values = (await Promise.all(reads)).filter((result) => result.done !== true).map((result) => result.value);
      for await (const rest of queue) values.push(rest);
      assert.deepEqual(
        values,
        Array.from({ length: pushed }, (_, index) => index),
      );
      assert.equal(taken, pushed);
    }),
    { numRuns: 100 },
  );
});

test("a queue that is never empty does not grow with the messages that pass through it", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const queue = new MessageQueue<string>({ onTaken: () => {}, onAbandoned: () => {} });
  queue.push("first", 1);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 500_000; i++) {
    queue.push("next", 1);
    void queue.next();
    if (i % 10_000 === 0) await null;
  }
  collectGarbage();
  const grownBytes = process.memoryUsage().heapUsed - before;
  assert.equal(queue.isEmpty, false);
  assert.ok(grownBytes < 2_000_000, `the heap grew by ${grownBytes} octets`);
});
