/** Seeds for the target "frames": what has been used to exhaust servers and clients, each as a short program. */
import { REQUEST, RESPONSE } from "../../testing/engine.js";
import {
  block,
  continuationFrame,
  dataFrame,
  headersFrame,
  pingFrame,
  priorityFrame,
  rawFrame,
  rstFrame,
  SETTINGS_ACK,
  settingsFrame,
  Type,
  windowUpdateFrame,
} from "../../testing/frames.js";
import { Action } from "../frames/program.js";
import { act, receive, repeat, repeatRising, writeProgram } from "../frames/write-program.js";
import type { Seed } from "./seed.js";

const REQUEST_BLOCK = block(...REQUEST);
const OPENING = headersFrame(1, REQUEST_BLOCK);
const ENDING = headersFrame(1, REQUEST_BLOCK, { end: true });
/** Habits: answers with headers at once; consumes after each step. */
const ANSWERS = 0b1001;

/** A stream is opened and then made to fail, again and again; the peer reads the answers now and then. */
const madeYouReset = (name: string, about: string, story: (streamId: number) => readonly Buffer[]): Seed => ({
  name: `made-you-reset-${name}`,
  about: `CVE-2025-8671: ${about}, over and over, so that the engine resets a new stream each time.`,
  octets: writeProgram({ habits: ANSWERS }, ...[1, 1001, 2001].map((id) => repeatRising(500, ...story(id)))),
});

const opening = (streamId: number, end = false): Buffer => headersFrame(streamId, REQUEST_BLOCK, { end });

const flood = (name: string, about: string, times: number, ...frames: readonly Buffer[]): Seed => ({
  name: `${name}-flood`,
  about,
  octets: writeProgram({}, receive(OPENING), repeat(times, ...frames)),
});

const unread = (name: string, about: string, ...frames: readonly Buffer[]): Seed => ({
  name: `${name}-never-read`,
  about,
  octets: writeProgram({ readsOnlyWhenTold: true }, repeat(1500, ...frames), act(Action.TAKE, 0, 0)),
});

export const FLOOD_SEEDS: readonly Seed[] = [
  {
    name: "rapid-reset",
    about: "CVE-2023-44487: streams are opened and reset at once, before they are answered.",
    octets: writeProgram({}, repeatRising(1500, ENDING, rstFrame(1, 8))),
  },
  {
    name: "rapid-reset-after-the-answer",
    about: "Streams are opened and reset when they have been answered with headers.",
    octets: writeProgram({ habits: ANSWERS }, repeatRising(1500, OPENING, rstFrame(1, 8))),
  },
  madeYouReset("by-credit-of-zero", "WINDOW_UPDATE of 0", (id) => [opening(id), windowUpdateFrame(id, 0)]),
  madeYouReset("by-window-overflow", "WINDOW_UPDATE of 2^31-1", (id) => [
    opening(id),
    windowUpdateFrame(id, 0x7fffffff),
  ]),
  madeYouReset("by-short-priority", "PRIORITY of four octets", (id) => [opening(id), priorityFrame(id, 4)]),
  madeYouReset("by-data-after-the-end", "DATA after END_STREAM", (id) => [opening(id, true), dataFrame(id, "x")]),
  madeYouReset("by-headers-after-the-end", "HEADERS after END_STREAM", (id) => [opening(id, true), opening(id, true)]),
  madeYouReset("by-bad-trailers", "trailers with a pseudo-header", (id) => [
    opening(id),
    headersFrame(id, block(":path", "/"), { end: true }),
  ]),
  madeYouReset("by-trailers-without-an-end", "a second block without END_STREAM", (id) => [opening(id), opening(id)]),
  madeYouReset("by-bad-requests", "a malformed request", (id) => [headersFrame(id, block("Bad", "name"))]),
  {
    name: "continuation-flood",
    about: "A header block without an end, in small fragments.",
    octets: writeProgram(
      {},
      receive(headersFrame(1, REQUEST_BLOCK, { endHeaders: false })),
      repeat(2000, continuationFrame(1, block("x-a", "b"), false)),
    ),
  },
  {
    name: "continuation-flood-of-nothing",
    about:
      "CVE-2026-47244 and its like: a header block without an end, in empty fragments, which no limit of octets stops.",
    octets: writeProgram(
      {},
      receive(headersFrame(1, REQUEST_BLOCK, { endHeaders: false })),
      repeat(2000, continuationFrame(1, Buffer.alloc(0), false)),
    ),
  },
  flood("ping", "CVE-2019-9512: PING after PING.", 1500, pingFrame("12345678")),
  flood("ping-answer", "Answers to PINGs that nobody has sent.", 1500, pingFrame("12345678", true)),
  flood("settings", "CVE-2019-9515: SETTINGS after SETTINGS.", 500, settingsFrame()),
  flood("settings-acknowledgement", "Acknowledgements of SETTINGS that were not sent.", 5, SETTINGS_ACK),
  flood("empty-data", "CVE-2019-9518: DATA without data.", 500, dataFrame(1, "")),
  flood("padding", "DATA with nothing but padding.", 500, dataFrame(1, "", { pad: 10 })),
  flood(
    "priority",
    "CVE-2019-9513: PRIORITY after PRIORITY, a stream that depends on itself.",
    2000,
    rawFrame(Type.PRIORITY, 0, 1, Buffer.from([0, 0, 0, 1, 16])),
  ),
  flood(
    "window-update",
    "WINDOW_UPDATE of 1 after WINDOW_UPDATE of 1, while nothing is sent.",
    12_000,
    windowUpdateFrame(0, 1),
  ),
  flood("unknown-frame", "Frames of a type that does not exist.", 1500, rawFrame(0x77, 0xff, 1, "?")),
  flood("one-octet-data", "DATA of one octet each, all of it unread.", 5000, dataFrame(1, "x")),
  flood(
    "informational-response",
    "Responses of status 100 (for a client's stream 1).",
    1500,
    headersFrame(1, block(":status", "100")),
  ),
  unread("pings", "PINGs, from a peer that does not read the answers.", pingFrame("12345678")),
  unread("settings", "SETTINGS, from a peer that does not read the acknowledgements.", settingsFrame([4, 70_000])),
  {
    name: "resets-never-read",
    about: "CVE-2019-9514: bad requests, from a peer that does not read RST_STREAM.",
    octets: writeProgram({ readsOnlyWhenTold: true }, repeatRising(1500, headersFrame(1, block("Bad", "name")))),
  },
  {
    name: "data-dribble",
    about: "CVE-2019-9511: a window of one octet at a time, for a large answer.",
    octets: writeProgram(
      { habits: ANSWERS },
      receive(settingsFrame([4, 0]), ENDING),
      act(Action.DATA, 0, 4001),
      repeat(1500, windowUpdateFrame(1, 1)),
    ),
  },
  {
    name: "settings-of-2400-entries",
    about: "CVE-2020-11080: one SETTINGS frame with very many entries.",
    octets: writeProgram(
      {},
      receive(settingsFrame(...Array.from({ length: 400 }, (): [number, number] => [4, 65_535]))),
    ),
  },
  {
    name: "late-frames-of-refused-streams",
    about: "More streams than are allowed, and frames on those that were refused.",
    octets: writeProgram({ profile: 4 }, repeatRising(40, OPENING, dataFrame(1, "late"), rstFrame(1, 8))),
  },
  {
    name: "answers-that-nobody-takes",
    about: "CVE-2019-9517: a peer with open windows that takes nothing: data is queued, and the time runs out.",
    octets: writeProgram(
      { profile: 8, habits: ANSWERS },
      act(Action.OPEN, 0, 0),
      receive(OPENING),
      act(Action.BLOCK, 0, 1),
      act(Action.DATA, 0, 0xfffe),
      act(Action.DATA, 0, 0xfffe),
      act(Action.WAIT, 0, 9),
    ),
  },
  {
    name: "header-list-bomb",
    about: "An entry of the dynamic table that is named again and again within one block.",
    octets: writeProgram(
      {},
      receive(
        headersFrame(
          1,
          Buffer.concat([
            block(...RESPONSE),
            Buffer.from([0x40, 1, 0x61, 0x7f, 0xe9, 0x06]),
            Buffer.alloc(1000, 0x62),
            Buffer.alloc(1000, 0xbe),
          ]),
        ),
      ),
      receive(headersFrame(3, Buffer.from([0x83, 0x86, 0x84, 0xbe]), { end: true })),
    ),
  },
];
