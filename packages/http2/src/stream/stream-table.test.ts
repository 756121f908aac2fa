import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Stream } from "./stream.js";
import { StreamTable } from "./stream-table.js";

test("a table behaves as a Map does, whatever is added and deleted", () => {
  const step = fc.record({ id: fc.nat(60).map((n) => n * 2 + 1), add: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.integer({ min: 0, max: 1000 }), (steps, offset) => {
      const table = new StreamTable<undefined>();
      const model = new Map<number, Stream<undefined>>();
      for (const { id: low, add } of steps) {
        const id = low + offset * 2;
        if (add && !model.has(id)) {
          const stream = new Stream<undefined>(id, 0, 0);
          table.add(stream);
          model.set(id, stream);
        } else if (!add) {
          table.delete(id);
          model.delete(id);
        }
        assert.equal(table.size, model.size);
        for (let n = 1; n <= 121; n += 2) assert.equal(table.get(n + offset * 2), model.get(n + offset * 2));
      }
      assert.deepEqual(new Set(table.values()), new Set(model.values()));
    }),
  );
});

test("a table with a few long-lived streams stays small while ids rise without end", () => {
  const table = new StreamTable<undefined>();
  table.add(new Stream<undefined>(1, 0, 0));
  for (let id = 3; id < 200_001; id += 2) {
    table.add(new Stream<undefined>(id, 0, 0));
    table.delete(id);
  }
  assert.equal(table.size, 1);
  assert.equal(table.get(1)?.id, 1);
});
