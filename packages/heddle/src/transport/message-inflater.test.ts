import assert from "node:assert/strict";
import test from "node:test";
import type { CompressionAlgorithm } from "../core/compression.js";
import { StatusCode } from "../core/status.js";
import type { FramingFault } from "../wire/message-assembler.js";
import { MessageInflater } from "./message-inflater.js";

/** An algorithm whose work is done when the test says so: "text" stands for a compressed text. */
function createInflater({ wantsMore = (): boolean => true, limitBytes = 100, accepts = (): boolean => true } = {}) {
  const started: string[] = [];
  const jobs: { resolve: (result: Buffer | undefined) => void; reject: (error: unknown) => void }[] = [];
  const log: string[] = [];
  const algorithm: CompressionAlgorithm = {
    name: "slow",
    compress: (message) => message,
    decompress: (compressed) => {
      started.push(compressed.toString());
      if (compressed.toString() === "at once") return compressed;
      return new Promise((resolve, reject) => jobs.push({ resolve, reject }));
    },
  };
  const taker = {
    isFull: false,
    get wantsMore() {
      return wantsMore();
    },
    onMessage: (buffer: Buffer, start: number, end: number, owed: number) => {
      log.push(`${buffer.toString("utf8", start, end)} ${owed}`);
      return accepts();
    },
  };
  const inflater = new MessageInflater(algorithm, limitBytes, taker, (fault: FramingFault) =>
    log.push(`fault ${fault.code} ${fault.message}`),
  );
  const push = (text: string, isCompressed = true): boolean =>
    inflater.push(Buffer.from(text), text.length, isCompressed);
  const finish = async (index: number, result: Buffer | Error | undefined): Promise<void> => {
    if (result instanceof Error) jobs[index]?.reject(result);
    else jobs[index]?.resolve(result);
    for (let i = 0; i < 4; i++) await Promise.resolve();
  };
  return { inflater, push, started, log, finish };
}

test("messages are delivered in their order, whatever each of them takes, and the end behind them", async () => {
  const { inflater, push, started, log, finish } = createInflater();
  push("at once");
  push("a");
  push("plain", false);
  push("b");
  push("at once");
  inflater.whenDrained(() => log.push("end"));
  assert.deepEqual(log, ["at once 7"]);
  assert.deepEqual(started, ["at once", "a"]);
  await finish(0, Buffer.from("A"));
  assert.deepEqual(log, ["at once 7", "A 1", "plain 5"]);
  await finish(1, Buffer.from("B"));
  assert.deepEqual(log, ["at once 7", "A 1", "plain 5", "B 1", "at once 7", "end"]);
  assert.equal(inflater.isDrained, true);
});

test("nothing is restored before it is wanted, so a bomb in line costs what it weighs", async () => {
  let wants = true;
  const { inflater, push, started, log, finish } = createInflater({ wantsMore: () => wants });
  push("a");
  push("b");
  wants = false;
  await finish(0, Buffer.from("A"));
  assert.deepEqual([started, log], [["a"], ["A 1"]]);
  inflater.resume();
  assert.deepEqual(started, ["a"]);
  wants = true;
  inflater.resume();
  assert.deepEqual(started, ["a", "b"]);
});

test("what is too large or corrupt fails once, and stops everything behind it", async () => {
  const cases: [Buffer | Error | undefined, RegExp][] = [
    [undefined, new RegExp(`^fault ${StatusCode.RESOURCE_EXHAUSTED} .*slow exceeds the receive limit of 100`)],
    [Buffer.alloc(101), new RegExp(`^fault ${StatusCode.RESOURCE_EXHAUSTED} `)],
    [new Error("bad header"), new RegExp(`^fault ${StatusCode.INTERNAL} .*decompressed with slow: bad header`)],
  ];
  for (const [result, expected] of cases) {
    const { inflater, push, log, finish } = createInflater();
    push("a");
    push("plain", false);
    inflater.whenDrained(() => log.push("end"));
    await finish(0, result);
    assert.equal(log.length, 1);
    assert.match(log[0] as string, expected);
    assert.equal(push("later", false), false);
    assert.equal(log.length, 1);
  }
});

test("a call that is over hears nothing more of what another thread still works on", async () => {
  for (const result of [Buffer.from("A"), undefined, new Error("bad")]) {
    const { inflater, push, log, finish } = createInflater();
    push("a");
    inflater.stop();
    await finish(0, result);
    assert.deepEqual(log, []);
  }
});

test("a receiver that refuses a message gets no other", () => {
  const { push, log } = createInflater({ accepts: () => false });
  assert.equal(push("at once"), false);
  assert.equal(push("plain", false), false);
  assert.deepEqual(log, ["at once 7"]);
});

test("a thousand messages that are restored at once do not pile up on the stack", async () => {
  const { push, log, finish } = createInflater();
  push("slow");
  for (let i = 0; i < 50_000; i++) push("at once");
  await finish(0, Buffer.from("A"));
  assert.equal(log.length, 50_001);
});
