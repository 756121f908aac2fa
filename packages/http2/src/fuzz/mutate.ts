/**
 * Changes an input a little, as faults and attackers do: bits, numbers that lie, parts cut off, doubled, moved, or taken from
 * another input. An input that has parts (steps of a program) is changed by whole parts or within one of them.
 */
import type { Dice } from "./dice.js";

/** Values that sit at the edge of something: prefixes of integers, lengths, windows, codes. */
const EDGES = [0, 1, 2, 4, 8, 0x0f, 0x10, 0x1f, 0x20, 0x3f, 0x40, 0x7e, 0x7f, 0x80, 0xfe, 0xff];

export const MAX_INPUT_BYTES = 8192;

/** Cuts an input into its parts. */
export type Split = (input: Uint8Array) => readonly Uint8Array[];

/** A changed copy of `input`; `other` lends some of what it has. */
export function mutate(input: Uint8Array, other: Uint8Array, split: Split, dice: Dice): Buffer {
  let octets: Buffer = Buffer.from(input);
  for (let left = 1 + dice.small(4); left > 0; left--) {
    octets = dice.oneIn(2) ? mutateParts(octets, other, split, dice) : mutateOctets(octets, other, dice);
  }
  return octets.subarray(0, MAX_INPUT_BYTES);
}

function mutateParts(input: Buffer, other: Uint8Array, split: Split, dice: Dice): Buffer {
  const parts = [...split(input)];
  const [at, to] = [dice.below(parts.length), dice.below(parts.length + 1)];
  switch (dice.below(6)) {
    case 0:
      parts.splice(at, 1 + dice.small(4));
      break;
    case 1:
      parts.splice(to, 0, ...parts.slice(at, at + 1 + dice.small(4)));
      break;
    case 2:
      parts.splice(to, 0, ...parts.splice(at, 1));
      break;
    case 3:
      parts.splice(to, 0, dice.pick(split(other)));
      break;
    case 4:
      return Buffer.concat([...parts.slice(0, to), ...split(other).slice(dice.below(8))]);
    default:
      parts[at] = mutateOctets(Buffer.from(parts[at] as Uint8Array), other, dice);
  }
  return Buffer.concat(parts);
}

/** Each of these makes sense for an empty input too. */
function mutateOctets(input: Buffer, other: Uint8Array, dice: Dice): Buffer {
  const octets = Buffer.from(input);
  const at = dice.below(octets.length);
  const end = at + 1 + dice.small(16);
  switch (dice.below(8)) {
    case 0:
      octets[at] = (octets[at] as number) ^ (1 << dice.below(8));
      return octets;
    case 1:
      octets[at] = dice.pick(EDGES);
      return octets;
    case 2:
      octets[at] = (octets[at] as number) + dice.pick([1, -1]);
      return octets;
    case 3:
      return Buffer.concat([octets.subarray(0, at), octets.subarray(end)]);
    case 4:
      return Buffer.concat([octets.subarray(0, end), octets.subarray(at)]);
    case 5:
      return Buffer.concat([octets.subarray(0, at), dice.octets(1 + dice.small(8)), octets.subarray(at)]);
    case 6: {
      const from = dice.below(other.length);
      return Buffer.concat([
        octets.subarray(0, at),
        other.subarray(from, from + 1 + dice.small(64)),
        octets.subarray(at),
      ]);
    }
    default:
      return dice.oneIn(4) ? octets.subarray(0, at) : octets.fill(dice.pick(EDGES), at, Math.min(end, octets.length));
  }
}
