import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DynamicTable, entryBytes } from "./dynamic-table.js";

function entriesOf(table: DynamicTable): string[][] {
  return Array.from({ length: table.count }, (_, position) => [table.name(position), table.value(position)]);
}

test("the newest entry comes first, and an entry counts 32 octets more than its text", () => {
  const table = new DynamicTable();
  table.insert("a", "1");
  table.insert("bb", "22");
  assert.deepEqual(entriesOf(table), [
    ["bb", "22"],
    ["a", "1"],
  ]);
  assert.equal(table.sizeBytes, 34 + 36);
});

test("the oldest entries make room for a new one", () => {
  const table = new DynamicTable();
  table.resize(100);
  for (const name of ["a", "b", "c"]) table.insert(name, "");
  table.insert("d", "");
  assert.deepEqual(entriesOf(table).flat().join(""), "dcb");
  table.insert("long", "x".repeat(60));
  assert.deepEqual(entriesOf(table), [["long", "x".repeat(60)]]);
});

test("an entry larger than the table empties it and is not inserted", () => {
  const table = new DynamicTable();
  table.resize(100);
  table.insert("a", "");
  table.insert("b", "x".repeat(68));
  assert.deepEqual([table.count, table.sizeBytes], [0, 0]);
});

test("the generation changes with each change of the entries, and only then", () => {
  const table = new DynamicTable();
  const seen = new Set([table.generation]);
  const isNew = () => seen.size !== seen.add(table.generation).size;
  table.resize(100);
  assert.ok(isNew());
  table.insert("a", "");
  assert.ok(isNew());
  table.makeRoom(10);
  assert.ok(!isNew());
  table.makeRoom(90);
  assert.ok(isNew());
  table.insert("b", "x".repeat(100));
  assert.ok(!isNew());
});

test("the table is a queue with a size limit, whatever happens to it", () => {
  const operation = fc.oneof(
    { weight: 12, arbitrary: fc.record({ name: fc.string({ maxLength: 4 }), value: fc.string({ maxLength: 90 }) }) },
    { weight: 1, arbitrary: fc.record({ maxSizeBytes: fc.constantFrom(0, 32, 100, 1000, 4096, 100_000) }) },
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 300, size: "max" }), (operations) => {
      const table = new DynamicTable();
      let model: string[][] = [];
      let limit = 4096;
      const modelSize = () =>
        model.reduce((sum, [name, value]) => sum + entryBytes(name as string, value as string), 0);
      for (const step of operations) {
        if ("maxSizeBytes" in step) {
          limit = step.maxSizeBytes;
          table.resize(limit);
        } else {
          model = [[step.name, step.value], ...model];
          table.insert(step.name, step.value);
        }
        // The queue loses its tail until it fits, which takes a new entry along when it alone is too large.
        while (modelSize() > limit) model.pop();
        assert.deepEqual(entriesOf(table), model);
        assert.equal(table.sizeBytes, modelSize());
      }
    }),
    { numRuns: 60 },
  );
});
