/** What the seeds for the target "frames" have in common. */
import { REQUEST, RESPONSE, TRAILERS } from "../../testing/engine.js";
import { block, headersFrame } from "../../testing/frames.js";
import { Action } from "../frames/program.js";
import { act, writeProgram } from "../frames/write-program.js";
import type { Seed } from "./seed.js";

export const REQUEST_BLOCK = block(...REQUEST);
export const REQUEST_1 = headersFrame(1, REQUEST_BLOCK);
export const REQUEST_3 = headersFrame(3, REQUEST_BLOCK);
export const REQUEST_5 = headersFrame(5, REQUEST_BLOCK);
export const RESPONSE_1 = headersFrame(1, block(...RESPONSE));
export const TRAILERS_1 = headersFrame(1, block(...TRAILERS), { end: true });
export const KIBIBYTE = Buffer.alloc(1024, 0x64);

/** A client opens a stream. */
export const OPEN = act(Action.OPEN, 0, 0);
/** The driver keeps the time until nothing is due. */
export const WAIT = act(Action.WAIT, 0, 20);

/** Habits: a whole answer at once; consumes at once; more when there is room; an answer at the end. */
export const BUSY = 0b0011_0110;
/** Habits: headers at once; consumes after each step; more when there is room; an answer at the end. */
export const STEADY = 0b0011_1001;
/** Habits: closes the connection from within the first reset. */
export const CLOSES_ON_RESET = 0b1100_0000;

/** A program with default options and steady habits. */
export const seed = (name: string, about: string, ...steps: readonly Buffer[]): Seed => ({
  name,
  about,
  octets: writeProgram({ habits: STEADY }, ...steps),
});
