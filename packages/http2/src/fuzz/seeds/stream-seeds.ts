/** Seeds for the target "frames" about streams: their windows, their states, and the form of their frames. */
import { REQUEST, RESPONSE, TRAILERS } from "../../testing/engine.js";
import {
  block,
  continuationFrame,
  dataFrame,
  goAwayFrame,
  headersFrame,
  pingFrame,
  rawFrame,
  rstFrame,
  SETTINGS_ACK,
  settingsFrame,
  Type,
  windowUpdateFrame,
} from "../../testing/frames.js";
import { Action } from "../frames/program.js";
import { act, receive, repeat, writeProgram } from "../frames/write-program.js";
import {
  KIBIBYTE,
  OPEN,
  REQUEST_1,
  REQUEST_3,
  REQUEST_5,
  REQUEST_BLOCK,
  RESPONSE_1,
  STEADY,
  seed,
  TRAILERS_1,
} from "./parts.js";
import type { Seed } from "./seed.js";

/** Of profile 7. */
const HALF_A_WINDOW = Buffer.alloc(500, 0x64);

const WINDOWS: readonly Seed[] = [
  seed(
    "stream-window-overflow",
    "Credit that makes a stream's window exceed 2^31-1.",
    OPEN,
    receive(REQUEST_1, windowUpdateFrame(1, 0x7fffffff)),
  ),
  seed(
    "connection-window-overflow",
    "Credit that makes the connection's window exceed 2^31-1.",
    receive(windowUpdateFrame(0, 0x7fffffff)),
  ),
  seed(
    "window-overflow-by-settings",
    "Credit, and then SETTINGS that make the stream's window exceed 2^31-1.",
    OPEN,
    receive(REQUEST_1, windowUpdateFrame(1, 0x7fff0000 - 65_535), settingsFrame([4, 0x7fffffff])),
  ),
  seed(
    "negative-window",
    "The window shrinks below what was sent; credit comes until it is above zero.",
    OPEN,
    receive(REQUEST_1),
    act(Action.DATA, 0, 60_000),
    receive(settingsFrame([4, 10])),
    act(Action.DATA, 0, 1000),
    receive(windowUpdateFrame(1, 20_000)),
    receive(windowUpdateFrame(1, 10_500)),
    receive(windowUpdateFrame(1, 10_500)),
  ),
  seed(
    "request-over-its-window",
    "More DATA than the stream's window allows, to a server.",
    receive(REQUEST_1),
    repeat(70, dataFrame(1, KIBIBYTE)),
  ),
  seed(
    "response-over-its-window",
    "More DATA than the stream's window allows, to a client.",
    OPEN,
    receive(RESPONSE_1),
    repeat(70, dataFrame(1, KIBIBYTE)),
  ),
  {
    name: "data-over-the-connection-window",
    about: "More DATA than the connection's window allows, with credit kept back because nobody reads.",
    octets: writeProgram({ profile: 11 }, receive(REQUEST_1), repeat(200, dataFrame(1, KIBIBYTE))),
  },
  {
    name: "unread-data",
    about: "Data that nobody consumes until the credit of the connection is kept back; then all is consumed.",
    octets: writeProgram(
      { profile: 6 },
      receive(REQUEST_1, REQUEST_3, REQUEST_5),
      repeat(33, dataFrame(1, KIBIBYTE), dataFrame(3, KIBIBYTE), dataFrame(5, KIBIBYTE)),
      act(Action.CONSUME, 0, 0xffff),
      act(Action.CONSUME, 1, 0xffff),
      act(Action.CONSUME, 2, 0xffff),
      repeat(60, dataFrame(1, KIBIBYTE)),
    ),
  },
  {
    name: "unread-data-of-a-reset-stream",
    about: "Data that nobody consumes until credit is kept back; then its streams are reset by either side.",
    octets: writeProgram(
      { profile: 6 },
      receive(REQUEST_1, REQUEST_3, REQUEST_5),
      repeat(49, dataFrame(1, KIBIBYTE), dataFrame(3, KIBIBYTE)),
      act(Action.RESET, 0, 8),
      receive(rstFrame(3, 8)),
      repeat(60, dataFrame(5, KIBIBYTE)),
    ),
  },
  {
    name: "growing-windows",
    about: "A peer that is limited by its window and answers each PING at once, so that windows grow.",
    octets: writeProgram(
      { profile: 7, habits: 0b1000 },
      receive(REQUEST_1),
      ...[1, 2, 4, 8].flatMap((times) => [
        repeat(times, dataFrame(1, HALF_A_WINDOW)),
        repeat(times, dataFrame(1, HALF_A_WINDOW)),
        receive(pingFrame("window\0\0", true)),
        receive(SETTINGS_ACK),
      ]),
    ),
  },
];

const STREAMS: readonly Seed[] = [
  seed("even-stream-id", "A client that uses an even id.", receive(headersFrame(2, REQUEST_BLOCK))),
  seed("falling-stream-id", "A stream id below the last one, that was never used.", receive(REQUEST_5, REQUEST_3)),
  seed(
    "reused-stream-id",
    "The id of a stream that has ended.",
    receive(headersFrame(1, REQUEST_BLOCK, { end: true })),
    act(Action.END, 0, 1),
    receive(REQUEST_1),
  ),
  seed(
    "largest-stream-id",
    "The largest id there is, and one more stream.",
    receive(headersFrame(0x7fffffff, REQUEST_BLOCK)),
    receive(headersFrame(1, REQUEST_BLOCK)),
  ),
  seed("frames-on-idle-streams", "DATA on a stream that does not exist.", receive(dataFrame(7, "x"))),
  seed("reset-on-an-idle-stream", "RST_STREAM on a stream that does not exist.", receive(rstFrame(7, 8))),
  seed(
    "late-frames-after-our-reset",
    "Frames that were under way when we reset the stream.",
    OPEN,
    receive(REQUEST_1),
    act(Action.RESET, 0, 8),
    receive(RESPONSE_1, dataFrame(1, "late"), TRAILERS_1, rstFrame(1, 8), windowUpdateFrame(1, 5)),
  ),
  seed(
    "late-frames-after-their-reset",
    "A peer that goes on after a reset of its own.",
    OPEN,
    receive(REQUEST_1, rstFrame(1, 8), dataFrame(1, "late")),
    receive(TRAILERS_1, windowUpdateFrame(1, 5)),
  ),
  seed(
    "trailers-without-an-end",
    "A second header block without END_STREAM.",
    OPEN,
    receive(RESPONSE_1, headersFrame(1, block(...TRAILERS))),
  ),
  seed(
    "data-before-headers",
    "DATA on a stream of the client that has no response yet.",
    OPEN,
    receive(dataFrame(1, "early")),
  ),
  seed(
    "final-informational-response",
    "A response of status 100 with END_STREAM.",
    OPEN,
    receive(headersFrame(1, block(":status", "100"), { end: true })),
  ),
  seed(
    "body-longer-than-announced",
    "More octets than content-length says.",
    OPEN,
    receive(
      headersFrame(1, block(...REQUEST, "content-length", "5")),
      headersFrame(1, block(...RESPONSE, "content-length", "5")),
      dataFrame(1, "sixsix"),
    ),
  ),
  seed(
    "body-shorter-than-announced",
    "Fewer octets than content-length says, ended by trailers.",
    OPEN,
    receive(headersFrame(1, block(...REQUEST, "content-length", "5")), dataFrame(1, "four"), TRAILERS_1),
  ),
  seed(
    "response-shorter-than-announced",
    "Fewer octets than content-length says.",
    OPEN,
    receive(headersFrame(1, block(...RESPONSE, "content-length", "5")), dataFrame(1, "four", { end: true })),
  ),
  seed(
    "push-promise",
    "PUSH_PROMISE, which nobody has allowed.",
    OPEN,
    receive(rawFrame(Type.PUSH_PROMISE, 4, 1, Buffer.concat([Buffer.from([0, 0, 0, 2]), REQUEST_BLOCK]))),
  ),
  seed(
    "empty-field-name",
    "CVE-2019-9516: a field without a name.",
    receive(headersFrame(1, block(...REQUEST, "", "value"))),
  ),
];

const FRAMES: readonly Seed[] = [
  seed(
    "padding-longer-than-the-payload",
    "DATA whose pad length lies.",
    receive(REQUEST_1, rawFrame(Type.DATA, 8, 1, Buffer.from([200, 1, 2]))),
  ),
  seed("padding-without-a-length", "Padded DATA of no octets.", receive(REQUEST_1, rawFrame(Type.DATA, 8, 1))),
  seed(
    "padding-of-headers-that-lies",
    "HEADERS whose pad length lies.",
    receive(rawFrame(Type.HEADERS, 0x2c, 1, Buffer.from([9, 0, 0, 0, 0, 16, 0x82]))),
  ),
  seed(
    "frame-over-the-limit",
    "DATA of 16,385 octets, of which the first one has come.",
    receive(REQUEST_1),
    receive(Buffer.from([0, 0x40, 1, 0, 0, 0, 0, 0, 1, 0x64])),
  ),
  seed(
    "length-of-16-mebibytes",
    "A header of a frame that is far over the limit, without its payload.",
    receive(Buffer.from([0xff, 0xff, 0xff, 1, 4, 0, 0, 0, 1])),
  ),
  seed(
    "frame-within-a-header-block",
    "A PING between HEADERS and CONTINUATION.",
    receive(
      headersFrame(1, REQUEST_BLOCK, { endHeaders: false }),
      pingFrame("12345678"),
      continuationFrame(1, Buffer.alloc(0), true),
    ),
  ),
  seed(
    "continuation-of-another-stream",
    "CONTINUATION on another stream than HEADERS.",
    receive(headersFrame(1, REQUEST_BLOCK, { endHeaders: false }), continuationFrame(3, Buffer.alloc(0), true)),
  ),
  seed("continuation-of-nothing", "CONTINUATION without HEADERS.", receive(continuationFrame(1, REQUEST_BLOCK, true))),
  seed(
    "end-within-a-header-block",
    "CVE-2024-27983: the transport goes away between HEADERS and CONTINUATION.",
    receive(headersFrame(1, REQUEST_BLOCK, { endHeaders: false })),
    act(Action.ABORT, 0, 0),
  ),
  seed(
    "frames-behind-the-fatal-one",
    "CVE-2026-27135: what comes behind an error in the same chunk is not read.",
    receive(REQUEST_1, pingFrame("short"), REQUEST_1, dataFrame(1, "x"), goAwayFrame(0, 0)),
  ),
  {
    name: "oversized-list-keeps-the-table",
    about: "A list that is too large, whose first field goes into the table; the next block names it.",
    octets: writeProgram(
      { profile: 2, habits: STEADY },
      receive(
        headersFrame(1, Buffer.concat([Buffer.from([0x40, 1, 0x61, 1, 0x62]), block("x-long", "v".repeat(120))])),
      ),
      receive(headersFrame(3, Buffer.from([0x83, 0x86, 0x84, 0xbe]), { end: true })),
    ),
  },
];

export const STREAM_SEEDS: readonly Seed[] = [...WINDOWS, ...STREAMS, ...FRAMES];
