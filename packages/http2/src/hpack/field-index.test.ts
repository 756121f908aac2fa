import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FieldIndex } from "./field-index.js";
import { STATIC_NAMES, STATIC_TABLE_LENGTH, STATIC_VALUES } from "./static-table.js";

test("the static table has 61 entries, each of which is found by name and value", () => {
  const index = new FieldIndex();
  assert.equal(STATIC_TABLE_LENGTH, 61);
  for (let i = 1; i <= STATIC_TABLE_LENGTH; i++) {
    assert.equal(index.find(STATIC_NAMES[i] as string, STATIC_VALUES[i] as string), i);
  }
});

test("a name without the value gives its lowest static index, or its newest dynamic one", () => {
  const index = new FieldIndex();
  assert.equal(index.find(":status", "201"), -8);
  assert.equal(index.find("x", "1"), 0);
  index.insert("x", "1");
  index.insert("x", "2");
  index.insert(":status", "201");
  assert.equal(index.find("x", "3"), -63);
  assert.equal(index.find(":status", "202"), -8);
  assert.equal(index.find(":status", "204"), 9);
  assert.equal(index.find(":status", "201"), 62);
});

test("names and values are never mistaken for properties of objects", () => {
  const index = new FieldIndex();
  for (const name of ["__proto__", "constructor", "hasOwnProperty"]) assert.equal(index.find(name, "constructor"), 0);
  index.insert("__proto__", "x");
  assert.equal(index.find("__proto__", "x"), 62);
});

test("indices are those of a plain list, through any insertions, evictions and changes of size", () => {
  const operation = fc.oneof(
    {
      weight: 15,
      arbitrary: fc.record({ name: fc.integer({ max: 6, min: 0 }), value: fc.integer({ min: 0, max: 12 }) }),
    },
    { weight: 1, arbitrary: fc.record({ maxSizeBytes: fc.constantFrom(0, 40, 100, 300, 4096) }) },
  );
  const names = ["a", "bb", ":status", "content-type", "long-name-of-a-field", "c", "d"];
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200, size: "max" }), (operations) => {
      const index = new FieldIndex();
      index.resize(300);
      let limit = 300;
      let model: (readonly [string, string])[] = [];
      const bytes = () => model.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
      for (const step of operations) {
        if ("maxSizeBytes" in step) {
          limit = step.maxSizeBytes;
          index.resize(limit);
        } else {
          const field = [names[step.name] as string, "v".repeat(step.value)] as const;
          const needed = field[0].length + field[1].length + 32;
          if (needed > limit || index.find(...field) > 0) continue;
          assert.equal(index.wouldEvict(...field), bytes() + needed > limit);
          model = [field, ...model];
          index.insert(...field);
        }
        while (bytes() > limit) model.pop();
        for (const name of names) {
          for (let length = 0; length <= 12; length++) {
            const value = "v".repeat(length);
            const exact = model.findIndex(([n, v]) => n === name && v === value);
            const found = index.find(name, value);
            if (exact >= 0) assert.equal(found, 62 + exact);
            else assert.ok(found <= STATIC_TABLE_LENGTH);
          }
          if (!name.startsWith(":") && name !== "content-type") {
            const newest = model.findIndex(([n]) => n === name);
            assert.equal(index.find(name, "none"), newest < 0 ? 0 : -(62 + newest));
          }
        }
      }
    }),
    { numRuns: 60 },
  );
});
