/** Makes octets for the target "integers-and-huffman": long integers, Huffman code, and either of them with something wrong. */
import type { Dice } from "../dice.js";
import { integer } from "../header-blocks/generate-header-blocks.js";
import { simpleHuffmanEncode } from "../testing/simple-hpack.js";

const VALUES = [
  0,
  14,
  15,
  16,
  30,
  31,
  126,
  127,
  128,
  254,
  255,
  256,
  2 ** 14,
  2 ** 28,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 35,
  2 ** 53 - 1,
];

export function generateOctets(dice: Dice): Buffer {
  const octets = wellFormed(dice);
  if (octets.length > 0 && dice.oneIn(3)) octets[dice.below(octets.length)] = dice.below(256);
  return dice.oneIn(6) ? Buffer.concat([octets, dice.octets(dice.small(8))]) : octets;
}

function wellFormed(dice: Dice): Buffer {
  switch (dice.below(4)) {
    case 0:
      return integer(dice.below(256) & ~0x1f, dice.pick([4, 5, 6, 7]), dice.pick(VALUES));
    case 1:
      return simpleHuffmanEncode(dice.octets(dice.small(40)).toString("latin1"));
    case 2: {
      const coded = simpleHuffmanEncode("0123 aei/:;<".repeat(dice.small(6)));
      return Buffer.concat([integer(0x80, 7, coded.length), coded]);
    }
    default:
      return dice.octets(dice.small(64));
  }
}
