/** Makes programs for the target "header-blocks": blocks out of representations that are right or nearly so, and lists. */

import type { Dice } from "../dice.js";
import { STATIC_ENTRIES } from "../testing/rfc7541-tables.js";
import { simpleHuffmanEncode } from "../testing/simple-hpack.js";
import { writeBlock, writeBlockProgram, writeTableSize } from "./program.js";

const TEXTS = [
  "a",
  "abc",
  "x-name",
  "value",
  "content-type",
  "application/grpc",
  "\xff\0",
  "long ".repeat(30),
  "l".repeat(900),
];
const TABLE_SIZES = [0, 1, 31, 32, 33, 64, 100, 300, 1000, 4095, 4096, 4097, 10_000, 65_535];

export function generateHeaderBlocks(dice: Dice): Buffer {
  const steps: Buffer[] = [];
  for (let left = 1 + dice.small(40); left > 0; left--) steps.push(step(steps, dice));
  return writeBlockProgram(
    [dice.oneIn(2) ? 0 : dice.below(8), dice.oneIn(2) ? 0 : dice.below(7), dice.below(6)],
    ...steps,
  );
}

function step(earlier: readonly Buffer[], dice: Dice): Buffer {
  switch (dice.below(8)) {
    case 0:
    case 1:
      // The same block again: it may come from the cache, and must mean what it means now.
      return earlier.length > 0 ? dice.pick(earlier) : writeBlock(block(dice));
    case 2:
      return lists(dice);
    case 3:
      return dice.oneIn(3) ? writeTableSize(dice.pick(TABLE_SIZES)) : lists(dice);
    case 4:
      return dice.oneIn(3) ? honestTableSize(dice) : lists(dice);
    default:
      return writeBlock(block(dice));
  }
}

function honestTableSize(dice: Dice): Buffer {
  const size = writeTableSize(dice.pick(TABLE_SIZES));
  size[0] = 7;
  return size;
}

/** Lists of few different fields, so that they meet again. */
function lists(dice: Dice): Buffer {
  const count = dice.small(4);
  const parts = [Buffer.from([5 | (count << 3) | (dice.oneIn(2) ? 0x20 : 0)])];
  for (let left = count + 1; left > 0; left--) {
    const fields = dice.small(12);
    parts.push(Buffer.from([fields]));
    for (let i = 0; i < fields; i++) parts.push(Buffer.from([dice.below(11), dice.small(12), dice.small(256)]));
  }
  return Buffer.concat(parts);
}

function block(dice: Dice): Buffer {
  const parts: Buffer[] = [];
  if (dice.oneIn(6)) parts.push(integer(0x20, 5, dice.pick(TABLE_SIZES)));
  if (dice.oneIn(20)) parts.push(integer(0x20, 5, dice.pick(TABLE_SIZES)));
  for (let left = dice.small(12); left > 0; left--) parts.push(representation(dice));
  const octets = Buffer.concat(parts);
  if (octets.length > 0 && dice.oneIn(12)) octets[dice.below(octets.length)] = dice.below(256);
  return dice.oneIn(20) ? octets.subarray(0, dice.below(octets.length + 1)) : octets;
}

function representation(dice: Dice): Buffer {
  switch (dice.below(7)) {
    case 0:
    case 1:
    case 2:
      return integer(0x80, 7, index(dice));
    case 3:
    case 4:
      return literal(0x40, 6, dice);
    case 5:
      return literal(0x00, 4, dice);
    default:
      return dice.oneIn(10) ? integer(0x20, 5, dice.pick(TABLE_SIZES)) : literal(0x10, 4, dice);
  }
}

/** Often one of the newest entries of the dynamic table. */
function index(dice: Dice): number {
  if (dice.oneIn(40)) return dice.pick([0, 200, 1000, 0x7fffffff, 0xffffffff]);
  return dice.oneIn(2) ? 1 + dice.below(STATIC_ENTRIES.length) : STATIC_ENTRIES.length + 1 + dice.small(8);
}

function literal(pattern: number, prefixBits: number, dice: Dice): Buffer {
  const named = dice.oneIn(2);
  const parts = [integer(pattern, prefixBits, named ? index(dice) : 0)];
  if (!named) parts.push(string(dice));
  parts.push(string(dice));
  return Buffer.concat(parts);
}

function string(dice: Dice): Buffer {
  const text = dice.oneIn(6) ? dice.octets(dice.small(40)).toString("latin1") : dice.pick(TEXTS);
  const huffman = dice.oneIn(2);
  const octets = huffman ? simpleHuffmanEncode(text) : Buffer.from(text, "latin1");
  const lie = dice.oneIn(60) ? dice.pick([1, -1, 100, 0x7fffffff]) : 0;
  return Buffer.concat([integer(huffman ? 0x80 : 0, 7, Math.max(0, octets.length + lie)), octets]);
}

/** RFC 7541 section 5.1. */
export function integer(pattern: number, prefixBits: number, value: number): Buffer {
  const max = 2 ** prefixBits - 1;
  if (value < max) return Buffer.from([pattern | value]);
  const octets = [pattern | max];
  let rest = value - max;
  for (; rest >= 128; rest = Math.floor(rest / 128)) octets.push((rest % 128) | 0x80);
  octets.push(rest);
  return Buffer.from(octets);
}
