/** Makes conversations: calls that are begun, answered and ended, with octets that move now and then. */
import type { Dice } from "../dice.js";
import { Turn } from "./program.js";

const LIKELY = [
  Turn.TO_SERVER,
  Turn.TO_SERVER,
  Turn.TO_CLIENT,
  Turn.TO_CLIENT,
  Turn.OPEN,
  Turn.CLIENT_SENDS,
  Turn.CLIENT_SENDS,
  Turn.SERVER_ANSWERS,
  Turn.SERVER_SENDS,
  Turn.SERVER_SENDS,
  Turn.CLIENT_ENDS,
  Turn.SERVER_ENDS,
  Turn.CONSUME,
  Turn.CONSUME,
];
const UNLIKELY = [Turn.CLIENT_RESETS, Turn.SERVER_RESETS, Turn.BLOCK, Turn.ADVANCE, Turn.PING, Turn.SETTLE, Turn.DRAIN];

export function generateConversation(dice: Dice): Buffer {
  const octets = [side(dice), side(dice), dice.below(8), dice.below(8), Turn.OPEN, 0];
  for (let left = 5 + dice.small(100); left > 0; left--) {
    const what = dice.oneIn(5) ? dice.pick(UNLIKELY) : dice.pick(LIKELY);
    octets.push(what | (dice.small(4) << 4), dice.oneIn(3) ? dice.below(256) : dice.small(16));
  }
  return Buffer.from(octets);
}

/** Options, and often with everything consumed at once: then more moves. */
function side(dice: Dice): number {
  return dice.below(9) | (dice.oneIn(2) ? 0x80 : 0);
}
