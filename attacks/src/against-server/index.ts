/** All attacks on a server. */
import type { Attack } from "../attacker/attack.js";
import { controlFrames } from "./control-frames.js";
import { dataFrames } from "./data-frames.js";
import { handshakes } from "./handshakes.js";
import { headerBlocks } from "./header-blocks.js";
import { resets } from "./resets.js";
import { slowPeers } from "./slow-peers.js";

export const serverAttacks: readonly Attack[] = [
  ...resets,
  ...headerBlocks,
  ...controlFrames,
  ...dataFrames,
  ...slowPeers,
  ...handshakes,
];
