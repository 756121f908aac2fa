/** The targets of the fuzzer, by name: what is tried, and how inputs for it are made. */
import { conversation } from "./conversation/conversation.js";
import { generateConversation } from "./conversation/generate-conversation.js";
import { describeConversation, splitConversation } from "./conversation/program.js";
import type { Dice } from "./dice.js";
import type { Observe } from "./features.js";
import { frames } from "./frames/frames.js";
import { generateFrames } from "./frames/generate-frames.js";
import { describeProgram, shrinkProgram, splitProgram } from "./frames/program.js";
import { generateHeaderBlocks } from "./header-blocks/generate-header-blocks.js";
import { headerBlocks } from "./header-blocks/header-blocks.js";
import { describeBlockProgram, shrinkBlockProgram, splitBlockProgram } from "./header-blocks/program.js";
import { generateOctets } from "./integers-and-huffman/generate-octets.js";
import { integersAndHuffman } from "./integers-and-huffman/integers-and-huffman.js";
import type { Format } from "./minimise.js";

export interface Target extends Format {
  readonly name: string;
  /** Throws when a property is broken. What the input makes happen is told to `observe`. */
  readonly run: (input: Uint8Array, observe?: Observe) => void;
  /** A new input. */
  readonly generate: (dice: Dice) => Buffer;
  /** An input in words. */
  readonly describe: (input: Uint8Array) => string;
}

export const TARGETS: readonly Target[] = [
  {
    name: "frames",
    run: frames,
    generate: generateFrames,
    split: splitProgram,
    shrink: shrinkProgram,
    describe: describeProgram,
  },
  {
    name: "header-blocks",
    run: headerBlocks,
    generate: generateHeaderBlocks,
    split: splitBlockProgram,
    shrink: shrinkBlockProgram,
    describe: describeBlockProgram,
  },
  {
    name: "integers-and-huffman",
    run: integersAndHuffman,
    generate: generateOctets,
    split: (input) => [input],
    shrink: () => [],
    describe: (input) => `octets ${Buffer.from(input).toString("hex")}`,
  },
  {
    name: "conversation",
    run: conversation,
    generate: generateConversation,
    split: splitConversation,
    shrink: () => [],
    describe: describeConversation,
  },
];
