import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type InLine, Scheduler } from "./scheduler.js";

interface Item extends InLine<Item> {
  readonly name: number;
}

function createItem(name: number): Item {
  return { name, next: undefined, previous: undefined, scheduled: false };
}

test("who came first goes first, and nobody stands in the line twice", () => {
  const scheduler = new Scheduler<Item>();
  const [a, b] = [createItem(1), createItem(2)];
  scheduler.add(a);
  scheduler.add(b);
  scheduler.add(a);
  assert.equal(scheduler.shift(), a);
  assert.equal(scheduler.shift(), b);
  assert.equal(scheduler.shift(), undefined);
  assert.ok(scheduler.isEmpty);
});

const step = fc.record({ item: fc.nat(5), do: fc.constantFrom("add", "add", "shift", "remove") });

test("the line is the same as an array's, whoever leaves it from where", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const scheduler = new Scheduler<Item>();
      const items = Array.from({ length: 6 }, (_, i) => createItem(i));
      const line: Item[] = [];
      for (const { item: i, do: what } of steps) {
        const item = items[i] as Item;
        if (what === "add") {
          scheduler.add(item);
          if (!line.includes(item)) line.push(item);
        } else if (what === "shift") {
          assert.equal(scheduler.shift(), line.shift());
        } else if (item.scheduled) {
          scheduler.remove(item);
          line.splice(line.indexOf(item), 1);
        }
        assert.equal(scheduler.isEmpty, line.length === 0);
        for (const each of items) assert.equal(each.scheduled, line.includes(each));
      }
      while (line.length > 0) assert.equal(scheduler.shift(), line.shift());
      assert.equal(scheduler.shift(), undefined);
    }),
  );
});
