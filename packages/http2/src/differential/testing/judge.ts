/**
 * Compares what both sides of a call have seen with each other and with the plan.
 *
 * What a reset leaves undone depends on time, so a call that somebody has reset may still have gone well for the other side. All that
 * was received is right in any case, and a side whose peer's direction has ended has all of it.
 */
import assert from "node:assert/strict";
import type { CallRecord } from "./call-record.js";
import type { Call } from "./story.js";

/** How a call ended, for the count of a whole story. */
export type Outcome = "in order" | "reset" | "unprocessed";

/**
 * What must hold when the connection was torn down: what has come was right, and each side has heard of the end of the call once.
 * `isEndSure` tells whether an end is an end: see {@link judgeSide}.
 */
export function judgeTornDown(client: CallRecord, server: CallRecord | undefined, isEndSure: boolean): void {
  judgeSide(client, isEndSure && server?.resetWith === undefined);
  if (server !== undefined) judgeSide(server, isEndSure && client.resetWith === undefined);
}

/**
 * Fails when something is not as it must be. `server` is `undefined` when no request has arrived there. `isRefusalSure` tells whether
 * the server keeps its word that it has not seen a call: nghttp2 takes calls between the making of its GOAWAY and the sending.
 */
export function judge(call: Call, client: CallRecord, server: CallRecord | undefined, isRefusalSure: boolean): Outcome {
  judgeSide(client, server?.resetWith === undefined);
  if (server !== undefined) judgeSide(server, client.resetWith === undefined);
  const about = `call ${call.index} (${call.answer})`;
  if (client.reset?.unprocessed === true && server?.resetWith === undefined) {
    assert.ok(
      !isRefusalSure || server === undefined,
      `${about} was said to be unprocessed, and the server has seen it`,
    );
    return "unprocessed";
  }
  judgeReset(client, server, about);
  if (server !== undefined) judgeReset(server, client, about);
  if (client.resetWith !== undefined || server?.resetWith !== undefined) return "reset";
  assert.ok(server !== undefined, `${about} has not arrived`);
  assert.ok(client.ended, `${about}: the client has not seen the end`);
  assert.ok(server.sentEnd, `${about}: the server has not sent its end`);
  if (call.answer !== "early") {
    assert.ok(server.ended && client.sentEnd, `${about}: the request has not come to its end`);
    assert.deepEqual([client.reset, server.reset], [undefined, undefined], about);
  }
  return "in order";
}

/**
 * What must hold whether or not somebody has reset the call. An end of nghttp2's side is not sure when that side gives the stream up:
 * Node sends END_STREAM behind what has left by then.
 */
function judgeSide(record: CallRecord, isEndSure: boolean): void {
  const about = `call ${record.call.index} (${record.call.answer}) at the ${record.side}`;
  const expected = record.expectedMessage;
  assert.deepEqual(record.faults, [], about);
  assert.equal(record.closed, 1, `${about} was closed ${record.closed} times`);
  if (record.fields !== undefined) {
    assert.deepEqual(record.fields, expected.fields.flat, about);
    for (const name of expected.fields.sensitive) {
      assert.ok(record.sensitive.includes(name), `${about}: ${name} did not come as sensitive`);
    }
    if (record.side === "client") assert.equal(record.status, record.call.status, about);
  }
  if (record.trailers !== undefined) assert.deepEqual(record.trailers, expected.trailers?.flat, about);
  if (record.ended && isEndSure) {
    assert.ok(record.fields !== undefined, `${about} ended without headers`);
    assert.equal(record.receivedBytes, record.expectedBytes, `${about} ended too early`);
    assert.deepEqual(record.trailers ?? [], expected.trailers?.flat ?? [], about);
  }
}

/** A side that was told of a reset was told of one that somebody has made. */
function judgeReset(record: CallRecord, other: CallRecord | undefined, about: string): void {
  const told = record.reset;
  if (told === undefined) {
    if (record.resetWith === undefined && !record.ended)
      assert.equal(record.call.answer, "early", `${about} has no end at the ${record.side}`);
    return;
  }
  const codes = [record.resetWith, other?.resetWith];
  // RST_STREAM(NO_ERROR) behind a complete response: the rest of the request is not wanted. RFC 9113 section 8.1.
  if (record.call.answer === "early") codes.push(0);
  assert.ok(codes.includes(told.code), `${about}: the ${record.side} was told of ${told.code}, not one of ${codes}`);
}
