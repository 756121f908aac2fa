/** The inputs of the corpus that were written by hand, by target. `node scripts/fuzz.mjs --write-seeds` makes their files. */

import { CONNECTION_SEEDS } from "./connection-seeds.js";
import { FLOOD_SEEDS } from "./flood-seeds.js";
import { HEADER_BLOCK_SEEDS } from "./header-block-seeds.js";
import { CONVERSATION_SEEDS, INTEGER_AND_HUFFMAN_SEEDS } from "./other-seeds.js";
import type { Seed } from "./seed.js";
import { STREAM_SEEDS } from "./stream-seeds.js";

export const SEEDS: Readonly<Record<string, readonly Seed[]>> = {
  frames: [...CONNECTION_SEEDS, ...STREAM_SEEDS, ...FLOOD_SEEDS],
  "header-blocks": HEADER_BLOCK_SEEDS,
  "integers-and-huffman": INTEGER_AND_HUFFMAN_SEEDS,
  conversation: CONVERSATION_SEEDS,
};
