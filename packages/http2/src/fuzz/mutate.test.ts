import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../testing/random.js";
import { Dice } from "./dice.js";
import { MAX_INPUT_BYTES, mutate } from "./mutate.js";
import { TARGETS } from "./targets.js";

for (const target of TARGETS) {
  test(`the parts of an input of ${target.name}, put together, are the input`, () => {
    const dice = new Dice(createRandom(1));
    for (let i = 0; i < 500; i++) {
      const generated = target.generate(dice);
      for (const input of [generated, dice.octets(dice.below(60)), Buffer.alloc(0)]) {
        assert.deepEqual(Buffer.concat(target.split(input)), input);
      }
    }
  });

  test(`what shrinks an input of ${target.name} makes it smaller`, () => {
    const dice = new Dice(createRandom(2));
    for (let i = 0; i < 50; i++) {
      const input = target.generate(dice);
      for (const smaller of target.shrink(input)) assert.ok(smaller.length < input.length);
    }
  });
}

test("the same seed gives the same changes, and another one others", () => {
  const change = (seed: number): string[] => {
    const dice = new Dice(createRandom(seed));
    return Array.from({ length: 20 }, () =>
      mutate(Buffer.from("abcdefgh"), Buffer.from("12345678"), split, dice).toString("hex"),
    );
  };
  assert.deepEqual(change(5), change(5));
  assert.notDeepEqual(change(5), change(6));
});

test("inputs change, take from the other one, and do not grow without end", () => {
  const dice = new Dice(createRandom(7));
  const seen = new Set<string>();
  let input: Buffer = Buffer.from("abcdefgh");
  for (let i = 0; i < 3000; i++) {
    input = mutate(input, Buffer.from("12345678"), split, dice);
    assert.ok(input.length <= MAX_INPUT_BYTES);
    seen.add(input.toString("latin1"));
  }
  assert.ok(seen.size > 2000, `${seen.size} different inputs`);
  assert.ok([...seen].some((text) => text.includes("345")));
});

test("an input of nothing can be changed", () => {
  const dice = new Dice(createRandom(8));
  for (let i = 0; i < 200; i++) mutate(Buffer.alloc(0), Buffer.alloc(0), split, dice);
});

function split(input: Uint8Array): Uint8Array[] {
  return [input.subarray(0, 3), input.subarray(3)];
}
