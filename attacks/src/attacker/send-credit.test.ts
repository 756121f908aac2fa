import assert from "node:assert/strict";
import { test } from "node:test";
import { FRAME_HEADER_BYTES, FrameType, Setting, settings, uint32 } from "../frames/frame.js";
import { SendCredit } from "./send-credit.js";

/** The payload of SETTINGS that change the windows of streams. */
function initialWindow(bytes: number): Buffer {
  return settings([Setting.INITIAL_WINDOW_SIZE, bytes]).subarray(FRAME_HEADER_BYTES);
}

test("what is taken counts against the stream and the connection, until they are opened again", () => {
  const credit = new SendCredit();
  assert.ok(credit.take(1, 60_000));
  assert.ok(!credit.take(1, 6_000), "the stream's window is too small");
  assert.ok(!credit.take(3, 6_000), "the connection's window is too small");
  assert.ok(credit.note(FrameType.WINDOW_UPDATE, 0, uint32(10_000)));
  assert.ok(!credit.take(1, 6_000));
  assert.ok(credit.take(3, 6_000));
  assert.ok(credit.note(FrameType.WINDOW_UPDATE, 1, uint32(1_000)));
  assert.ok(credit.take(1, 6_000));
});

test("SETTINGS_INITIAL_WINDOW_SIZE moves the windows of all streams, those in use by the difference", () => {
  const credit = new SendCredit();
  credit.take(1, 1_000);
  assert.ok(credit.note(FrameType.SETTINGS, 0, initialWindow(100)));
  assert.equal(credit.of(1), 100 - 1_000);
  assert.equal(credit.of(3), 100);
});

test("frames that open no window are told apart", () => {
  assert.ok(!new SendCredit().note(FrameType.PING, 0, Buffer.alloc(8)));
});
