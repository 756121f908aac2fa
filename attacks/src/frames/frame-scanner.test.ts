import assert from "node:assert/strict";
import { test } from "node:test";
import { data, goAway, PREFACE, rstStream, SETTINGS_ACK } from "./frame.js";
import { FrameScanner } from "./frame-scanner.js";

const FRAMES = Buffer.concat([
  SETTINGS_ACK,
  data(1, Buffer.alloc(1000, 7), true),
  rstStream(3, 11),
  goAway(5, 11, "calm"),
]);
const TOLD = ["4 1 0 0", "0 1 1 512", "3 0 3 4", "7 0 0 12"];

function scan(octets: Buffer, cut: number, skipBytes: number): string[] {
  const told: string[] = [];
  const scanner = new FrameScanner(skipBytes, (...[type, flags, streamId, payload]) => {
    told.push(`${type} ${flags} ${streamId} ${payload.length}`);
  });
  scanner.push(octets.subarray(0, cut));
  scanner.push(octets.subarray(cut));
  return told;
}

test("all frames are found, with the first 512 octets of their payloads, wherever the octets are cut", () => {
  for (let cut = 0; cut <= FRAMES.length; cut++) assert.deepEqual(scan(FRAMES, cut, 0), TOLD, `cut at ${cut}`);
});

test("a client's preface is no frame, wherever it is cut", () => {
  const octets = Buffer.concat([PREFACE, FRAMES]);
  for (let cut = 0; cut <= 60; cut++) assert.deepEqual(scan(octets, cut, PREFACE.length), TOLD, `cut at ${cut}`);
});

test("a payload in many pieces is put together", () => {
  const octets = goAway(5, 11, "be calm");
  let debug = "";
  const scanner = new FrameScanner(0, (_type, _flags, _id, payload) => {
    debug = payload.toString("latin1", 8);
  });
  for (let at = 0; at < octets.length; at++) scanner.push(octets.subarray(at, at + 1));
  assert.equal(debug, "be calm");
});
