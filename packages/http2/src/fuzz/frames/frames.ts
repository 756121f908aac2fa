/**
 * The target "frames": whatever a peer sends in whatever chunks, and whatever the layer above does in between, an engine of either
 * role never throws, tells each ending once, keeps its limits, and sends nothing that RFC 9113 forbids. And the chunks make no
 * difference. See `program.ts` for the input.
 */
import assert from "node:assert/strict";
import type { Role } from "../../connection/options.js";
import { type Cut, chunksOf, whole } from "../../testing/pair.js";
import { featuresOf, type Observe, observeNothing } from "../features.js";
import { type Outcome, Player } from "./player.js";
import { type Program, readProgram } from "./program.js";

const ROLES: readonly Role[] = ["server", "client"];
/** At most so many chunks for each step. */
const MAX_CHUNKS = 500;

export function frames(input: Uint8Array, observe: Observe = observeNothing): void {
  const program = readProgram(input);
  for (const role of ROLES) {
    const outcome = new Player(role, program, whole).play();
    for (const feature of featuresOf(outcome.log, outcome.errors)) observe(`${role} ${feature}`);
    const inChunks = new Player(role, program, smallChunks(input)).play();
    if (isComparable(program, outcome)) compare(outcome, inChunks);
  }
}

/** Chunks of a few octets; how many depends on the input. */
function smallChunks(input: Uint8Array): Cut {
  const bytes = 1 + (input.reduce((sum, octet) => sum + octet, 0) % 23);
  return (octets) => chunksOf(Math.max(bytes, Math.ceil(octets.length / MAX_CHUNKS)))(octets);
}

/** Whoever answers parts of DATA from within the callback sees the chunks; and a peer that reads sooner has fewer answers waiting. */
function isComparable({ habits }: Program, { fatal }: Outcome): boolean {
  const sees = habits.consume === "at once" || habits.consume === "half at once" || habits.temper === "resets on data";
  return !sees && !(fatal?.reason.includes("maxQueuedAnswers") ?? false);
}

function compare(outcome: Outcome, inChunks: Outcome): void {
  assert.deepEqual(inChunks.log, outcome.log, "callbacks depend on the chunks");
  assert.equal(inChunks.fatal?.code, outcome.fatal?.code, "the code of the end depends on the chunks");
  // Instead of the preface, the reason of GOAWAY shows the chunk.
  if (outcome.fatal?.reason.startsWith("the peer does not speak HTTP/2")) return;
  assert.equal(inChunks.fatal?.reason, outcome.fatal?.reason, "the reason of the end depends on the chunks");
  assert.ok(inChunks.sent.equals(outcome.sent), "output depends on the chunks");
}
