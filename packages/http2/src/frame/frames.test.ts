import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ErrorCode } from "../error.js";
import { OutputBuffer } from "../output-buffer.js";
import {
  goAwayFrame,
  pingFrame,
  rawFrame,
  rstFrame,
  SETTINGS_ACK,
  settingsFrame,
  windowUpdateFrame,
} from "../testing/frames.js";
import { frameTypeName, getUint31, getUint32, putFrameHeader, putUint32 } from "./frame-header.js";
import { GOAWAY_MAX_DEBUG_BYTES, parseGoAway, writeGoAway } from "./goaway.js";
import { writePing } from "./ping.js";
import { writeRstStream } from "./rst-stream.js";
import { Setting, settingFault, settingId, settingValue, writeSettings, writeSettingsAck } from "./settings.js";
import { writeWindowUpdate } from "./window-update.js";

/** What `write` puts behind something that is there already. */
function written(write: (out: OutputBuffer) => void): Buffer {
  const out = new OutputBuffer({ onPending: () => {}, onFull: () => {} });
  out.reserve(3);
  out.position += 3;
  write(out);
  out.finishFrame();
  const bytes = out.takeableBytes();
  return Buffer.from(out.take().subarray(3, bytes));
}

const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const uint31 = fc.integer({ min: 0, max: 0x7fffffff });

test("32-bit numbers go round, and the reserved bit of a 31-bit number is ignored", () => {
  fc.assert(
    fc.property(uint32, (value) => {
      const buffer = Buffer.alloc(6);
      putUint32(buffer, 1, value);
      assert.equal(buffer.readUInt32BE(1), value);
      assert.equal(getUint32(buffer, 1), value);
      assert.equal(getUint31(buffer, 1), value & 0x7fffffff);
    }),
  );
});

test("a frame header has 24 bits of length, type, flags and stream", () => {
  fc.assert(
    fc.property(fc.nat(0xffffff), fc.nat(255), fc.nat(255), uint31, (length, type, flags, streamId) => {
      const buffer = Buffer.alloc(9);
      putFrameHeader(buffer, 0, length, type, flags, streamId);
      assert.equal(buffer.readUIntBE(0, 3), length);
      assert.deepEqual(buffer.subarray(3, 9), rawFrame(type, flags, streamId).subarray(3));
    }),
  );
});

test("frames are written as the RFC says", () => {
  const payload = Buffer.from("..12345678");
  const entries = [
    [3, 0xffffffff],
    [0xf00d, 7],
  ] as const;
  const cases: readonly (readonly [write: (out: OutputBuffer) => void, expected: Buffer])[] = [
    [(out) => writePing(out, false, payload, 2), pingFrame("12345678")],
    [(out) => writePing(out, true, payload, 2), pingFrame("12345678", true)],
    [(out) => writeSettingsAck(out), SETTINGS_ACK],
    [(out) => writeSettings(out, []), settingsFrame()],
    [(out) => writeSettings(out, entries), settingsFrame(...entries)],
    [(out) => writeRstStream(out, 0x7fffffff, 0xffffffff), rstFrame(0x7fffffff, 0xffffffff)],
    [(out) => writeWindowUpdate(out, 5, 0x7fffffff), windowUpdateFrame(5, 0x7fffffff)],
    [(out) => writeGoAway(out, 7, 2, "why"), goAwayFrame(7, 2, "why")],
  ];
  for (const [write, expected] of cases) assert.deepEqual(written(write), expected);
});

test("GOAWAY is read with its debug data, which is cut when it is long", () => {
  const frame = goAwayFrame(0xffffffff, 0xfffffffe, "grüße");
  assert.deepEqual(parseGoAway(frame, 9, frame.length), { lastStreamId: 0x7fffffff, code: 0xfffffffe, debug: "grüße" });
  const long = goAwayFrame(1, 0, "x".repeat(5000));
  assert.equal(parseGoAway(long, 9, long.length).debug.length, GOAWAY_MAX_DEBUG_BYTES);
  const sent = written((out) => writeGoAway(out, 1, 0, "x".repeat(5000)));
  assert.deepEqual(sent, goAwayFrame(1, 0, "x".repeat(GOAWAY_MAX_DEBUG_BYTES)));
});

test("settings are read one by one", () => {
  const frame = settingsFrame([4, 0xfffffff0], [0xabcd, 1]);
  assert.equal(settingId(frame, 9), 4);
  assert.equal(settingValue(frame, 9), 0xfffffff0);
  assert.equal(settingId(frame, 15), 0xabcd);
});

test("each setting has its bounds, and unknown ones have none", () => {
  const faultOf = (id: number, value: number) => settingFault(id, value)?.code;
  assert.equal(faultOf(Setting.ENABLE_PUSH, 1), undefined);
  assert.equal(faultOf(Setting.ENABLE_PUSH, 2), ErrorCode.PROTOCOL_ERROR);
  assert.equal(faultOf(Setting.INITIAL_WINDOW_SIZE, 0x7fffffff), undefined);
  assert.equal(faultOf(Setting.INITIAL_WINDOW_SIZE, 0x80000000), ErrorCode.FLOW_CONTROL_ERROR);
  assert.equal(faultOf(Setting.MAX_FRAME_SIZE, 16_383), ErrorCode.PROTOCOL_ERROR);
  assert.equal(faultOf(Setting.MAX_FRAME_SIZE, 16_384), undefined);
  assert.equal(faultOf(Setting.MAX_FRAME_SIZE, 16_777_215), undefined);
  assert.equal(faultOf(Setting.MAX_FRAME_SIZE, 16_777_216), ErrorCode.PROTOCOL_ERROR);
  for (const id of [Setting.HEADER_TABLE_SIZE, Setting.MAX_CONCURRENT_STREAMS, Setting.MAX_HEADER_LIST_SIZE, 99]) {
    assert.equal(faultOf(id, 0xffffffff), undefined);
  }
});

test("frame types are named, and unknown ones numbered", () => {
  assert.equal(frameTypeName(9), "CONTINUATION");
  assert.equal(frameTypeName(0xfa), "frame type 0xfa");
});
