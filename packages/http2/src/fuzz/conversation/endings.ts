/** Whether the two sides of a call tell endings that fit together. RFC 9113 sections 5.1, 6.8 and 8.1. */
import assert from "node:assert/strict";
import { errorCodeName } from "../../error.js";
import type { HalfCall } from "./half-call.js";
import type { JoinedPair } from "./joined-pair.js";

/** How a call has ended for one side. */
type Ending =
  | "in order"
  | "never seen"
  | { readonly code: string; readonly initiator: string; readonly unprocessed: boolean };

/** A server that has answered resets what is left of the request with this code. */
const ANSWERED = "NO_ERROR";

export function checkEndings(id: number, pair: JoinedPair, request: HalfCall, answer: HalfCall | undefined): void {
  const ours = endingOf(pair.clientSink.logOf(id));
  const theirs = endingOf(pair.serverSink.logOf(id));
  const both = `call ${id}: the client says ${JSON.stringify(ours)}, the server ${JSON.stringify(theirs)}`;
  assert.notEqual(ours, "never seen", both);
  checkOne(ours, request, both);
  if (answer !== undefined) checkOne(theirs, answer, both);
  checkAgainst(ours, theirs, answer, both);
  checkAgainst(theirs, ours, request, both);
  if (typeof ours === "object" && ours.unprocessed) assert.equal(theirs, "never seen", both);
  if (theirs === "never seen") assert.ok(typeof ours === "object", both);
  // Nobody gave up, so the answer is complete, and with it the call.
  if (answer?.hasEnded === true && answer.resetCode === undefined && request.resetCode === undefined) {
    assert.ok(pair.clientSink.logOf(id).includes(`end ${id}`), both);
  }
}

/** Nobody but the users of this conversation resets anything, and with the code that they said. */
function checkOne(ending: Ending, half: HalfCall, both: string): void {
  if (typeof ending !== "object") return;
  assert.notEqual(ending.initiator, "library", both);
  if (ending.initiator === "user") assert.equal(ending.code, errorCodeName(half.resetCode as number), both);
}

/** Who was reset by the other was reset as the other says; `other` is `undefined` where the other side has never seen the call. */
function checkAgainst(ending: Ending, others: Ending, other: HalfCall | undefined, both: string): void {
  if (typeof ending !== "object" || ending.initiator !== "remote") return;
  if (others === "in order") assert.equal(ending.code, ANSWERED, both);
  else if (others === "never seen") assert.equal(ending.code, "REFUSED_STREAM", both);
  else assert.equal(ending.code, errorCodeName(other?.resetCode as number), both);
}

function endingOf(log: readonly string[]): Ending {
  if (log.length === 0) return "never seen";
  const reset = log.find((line) => line.startsWith("reset "));
  if (reset === undefined) return "in order";
  const [, , code = "", , initiator = "", unprocessed] = reset.split(" ");
  return { code, initiator, unprocessed: unprocessed !== undefined };
}
