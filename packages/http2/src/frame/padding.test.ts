import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorCode } from "../error.js";
import { END_HEADERS, headersFrame, PADDED, PRIORITY } from "../testing/frames.js";
import { locateFragment } from "./padding.js";

const BLOCK = Buffer.from("block");

function fragmentOf(frame: Buffer): string {
  const into = { start: -1, end: -1 };
  assert.equal(locateFragment(frame, 9, frame.length, frame[4] as number, into), undefined);
  return frame.toString("latin1", into.start, into.end);
}

test("the fragment is found among padding and priority fields", () => {
  assert.equal(fragmentOf(headersFrame(1, BLOCK)), "block");
  assert.equal(fragmentOf(headersFrame(1, BLOCK, { pad: 0 })), "block");
  assert.equal(fragmentOf(headersFrame(1, BLOCK, { pad: 255 })), "block");
  assert.equal(fragmentOf(headersFrame(1, BLOCK, { priority: true })), "block");
  assert.equal(fragmentOf(headersFrame(1, BLOCK, { pad: 3, priority: true })), "block");
  assert.equal(fragmentOf(headersFrame(1, Buffer.alloc(0), { pad: 3, priority: true })), "");
});

function faultOf(flags: number, ...payload: number[]): number | undefined {
  return locateFragment(Buffer.from(payload), 0, payload.length, flags, { start: 0, end: 0 })?.code;
}

test("padding that reaches beyond the frame is a PROTOCOL_ERROR", () => {
  assert.equal(faultOf(PADDED, 0), undefined);
  assert.equal(faultOf(PADDED, 2, 0, 0), undefined);
  assert.equal(faultOf(PADDED, 3, 0, 0), ErrorCode.PROTOCOL_ERROR);
  assert.equal(faultOf(PADDED | PRIORITY, 1, 0, 0, 0, 0, 0), ErrorCode.PROTOCOL_ERROR);
});

test("a frame too small for its mandatory fields is a FRAME_SIZE_ERROR", () => {
  assert.equal(faultOf(PADDED | END_HEADERS), ErrorCode.FRAME_SIZE_ERROR);
  assert.equal(faultOf(PRIORITY, 0, 0, 0, 0), ErrorCode.FRAME_SIZE_ERROR);
  assert.equal(faultOf(PADDED | PRIORITY, 0, 0, 0, 0, 0), ErrorCode.FRAME_SIZE_ERROR);
});
