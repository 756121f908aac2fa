import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { OutputBuffer, SEGMENT_BYTES } from "./output-buffer.js";

interface Counted {
  readonly out: OutputBuffer;
  pending: number;
  full: number;
}

function createCounted(): Counted {
  const counted: Counted = {
    out: new OutputBuffer({ onPending: () => counted.pending++, onFull: () => counted.full++ }),
    pending: 0,
    full: 0,
  };
  return counted;
}

/** Appends `bytes` octets of this value to the unfinished frame, in steps of at most `step`. */
function append(out: OutputBuffer, bytes: number, value: number, step = bytes): void {
  for (let left = bytes; left > 0; left -= step) {
    const count = Math.min(step, left);
    out.reserve(count);
    out.buffer.fill(value, out.position, out.position + count);
    out.position += count;
  }
}

function drain(out: OutputBuffer): Buffer {
  const parts: Buffer[] = [];
  for (let bytes = out.takeableBytes(); bytes > 0; bytes = out.takeableBytes()) {
    const segment = out.take();
    parts.push(Buffer.from(segment.subarray(0, bytes)));
    segment.fill(0xee);
    out.recycle(segment);
  }
  return Buffer.concat(parts);
}

test("an idle output holds no segment", () => {
  const { out } = createCounted();
  assert.equal(out.buffer.length, 0);
  append(out, 10, 1);
  out.finishFrame();
  drain(out);
  assert.equal(out.buffer.length, 0);
  assert.equal(out.takeableBytes(), 0);
});

test("an unfinished frame cannot be taken and moves to a new segment when the finished ones are", () => {
  const { out } = createCounted();
  append(out, 10, 1);
  out.finishFrame();
  append(out, 5, 2);
  assert.equal(out.takeableBytes(), 10);
  assert.deepEqual(drain(out), Buffer.alloc(10, 1));
  assert.equal(out.frameStart, 0);
  append(out, 5, 2);
  assert.equal(out.takeableBytes(), 0);
  out.finishFrame();
  assert.deepEqual(drain(out), Buffer.alloc(10, 2));
});

test("a frame that does not fit behind finished ones moves, and the full segment is announced once", () => {
  const counted = createCounted();
  const { out } = counted;
  append(out, SEGMENT_BYTES - 100, 1);
  out.finishFrame();
  append(out, 60, 2);
  append(out, 60, 2);
  assert.equal(counted.full, 1);
  assert.equal(out.frameStart, 0);
  out.finishFrame();
  assert.equal(out.takeableBytes(), SEGMENT_BYTES - 100);
  assert.equal(out.pendingBytes, SEGMENT_BYTES + 20);
  assert.deepEqual(drain(out), Buffer.concat([Buffer.alloc(SEGMENT_BYTES - 100, 1), Buffer.alloc(120, 2)]));
  assert.equal(out.pendingBytes, 0);
});

test("a frame larger than a segment grows in a segment of its own, and nothing full is announced for it", () => {
  const counted = createCounted();
  append(counted.out, 5 * SEGMENT_BYTES + 3, 7, 1000);
  assert.equal(counted.full, 0);
  counted.out.finishFrame();
  assert.deepEqual(drain(counted.out), Buffer.alloc(5 * SEGMENT_BYTES + 3, 7));
});

test("output is announced once until all of it is taken", () => {
  const counted = createCounted();
  const { out } = counted;
  append(out, 1, 1);
  assert.equal(counted.pending, 0);
  out.finishFrame();
  append(out, 1, 1);
  out.finishFrame();
  assert.equal(counted.pending, 1);
  drain(out);
  append(out, 1, 1);
  out.finishFrame();
  assert.equal(counted.pending, 2);
});

test("output is announced again when a full segment was all there was to take", () => {
  const counted = createCounted();
  const { out } = counted;
  append(out, 100, 1);
  out.finishFrame();
  append(out, SEGMENT_BYTES, 2);
  assert.equal(counted.full, 1);
  out.detachFrame(0);
  assert.equal(drain(out).length, 100);
  append(out, 1, 3);
  out.finishFrame();
  assert.equal(counted.pending, 2);
});

test("a dropped frame leaves no trace", () => {
  const { out } = createCounted();
  append(out, 3, 1);
  out.finishFrame();
  append(out, 100, 2);
  out.dropFrame();
  append(out, 2, 3);
  out.finishFrame();
  assert.deepEqual(drain(out), Buffer.from([1, 1, 1, 3, 3]));
});

test("a large frame that is dropped gives its segment back to the collector, and finished frames stay", () => {
  const { out } = createCounted();
  append(out, 10, 1);
  out.finishFrame();
  append(out, 5 * SEGMENT_BYTES, 2, 1000);
  out.dropFrame();
  assert.equal(out.buffer.length, 0);
  append(out, 10, 3);
  out.finishFrame();
  assert.deepEqual(drain(out), Buffer.concat([Buffer.alloc(10, 1), Buffer.alloc(10, 3)]));
});

test("a detached frame belongs to its taker, small or large", () => {
  for (const bytes of [1, 1000, SEGMENT_BYTES - 9, SEGMENT_BYTES, 3 * SEGMENT_BYTES]) {
    const { out } = createCounted();
    append(out, 20, 1);
    out.finishFrame();
    append(out, 9, 0);
    append(out, bytes, 2);
    const detached = out.detachFrame(9);
    append(out, 4, 3);
    out.finishFrame();
    assert.deepEqual(drain(out), Buffer.from([...Buffer.alloc(20, 1), 3, 3, 3, 3]));
    assert.deepEqual(detached, Buffer.alloc(bytes, 2));
  }
});

test("a recycled segment is used again, by any connection", () => {
  const first = createCounted().out;
  const second = createCounted().out;
  append(first, 10, 1);
  first.finishFrame();
  const segment = first.take();
  first.recycle(segment);
  append(second, 10, 2);
  assert.equal(second.buffer, segment);
});

const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("append"), bytes: fc.nat(300) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("append"), bytes: fc.nat(40_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("append"), bytes: fc.nat(200_000) }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom("finish", "drop", "detach", "take"), bytes: fc.constant(0) }),
  },
);
const story = fc.array(fc.tuple(fc.nat(2), action), { maxLength: 120, size: "max" });

/** What one output should hold: the finished octets and the unfinished ones. */
interface Model {
  finished: Buffer;
  frame: Buffer;
  readonly detached: [actual: Buffer, expected: Buffer][];
}

test("whatever is written, dropped, detached and taken, by outputs that share the pool, comes out as it went in", () => {
  fc.assert(
    fc.property(story, (steps) => {
      const outs = [createCounted(), createCounted(), createCounted()];
      const models: Model[] = outs.map(() => ({ finished: Buffer.alloc(0), frame: Buffer.alloc(0), detached: [] }));
      let value = 0;
      for (const [which, { do: what, bytes }] of steps) {
        const counted = outs[which] as Counted;
        const model = models[which] as Model;
        value = (value + 1) & 0x7f;
        perform(counted.out, model, what, bytes, value);
        assert.equal(counted.out.pendingBytes, model.finished.length);
        const from = counted.out.frameStart;
        assert.ok(counted.out.buffer.subarray(from, counted.out.position).equals(model.frame), "the unfinished frame");
      }
      outs.forEach(({ out }, i) => {
        const model = models[i] as Model;
        assert.ok(drain(out).equals(model.finished), "what was finished");
        for (const [actual, expected] of model.detached) assert.ok(actual.equals(expected), "what was detached");
      });
    }),
    { numRuns: 60 },
  );
});

function perform(out: OutputBuffer, model: Model, what: string, bytes: number, value: number): void {
  if (what === "append") {
    append(out, bytes, value, 5000);
    model.frame = Buffer.concat([model.frame, Buffer.alloc(bytes, value)]);
  } else if (what === "finish") {
    out.finishFrame();
    model.finished = Buffer.concat([model.finished, model.frame]);
    model.frame = Buffer.alloc(0);
  } else if (what === "drop") {
    out.dropFrame();
    model.frame = Buffer.alloc(0);
  } else if (what === "detach") {
    const skip = Math.min(9, model.frame.length);
    model.detached.push([out.detachFrame(skip), model.frame.subarray(skip)]);
    model.frame = Buffer.alloc(0);
  } else {
    takeOnce(out, model);
  }
}

function takeOnce(out: OutputBuffer, model: Model): void {
  const bytes = out.takeableBytes();
  if (bytes === 0) return;
  const segment = out.take();
  assert.ok(segment.subarray(0, bytes).equals(model.finished.subarray(0, bytes)), "what was taken");
  model.finished = model.finished.subarray(bytes);
  segment.fill(0xee);
  out.recycle(segment);
}
