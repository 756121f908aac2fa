/** A server that lets its client down: it refuses, stalls, promises too much, or throws everybody out. */
import { type Attack, CLOSED, LIVES, thrownOut } from "../attacker/attack.js";
import type { AttackConnection } from "../attacker/attack-connection.js";
import { serverGreeting } from "../attacker/greetings.js";
import { WindowedFlood } from "../attacker/windowed-flood.js";
import {
  data,
  EMPTY,
  FrameType,
  frame,
  goAway,
  headers,
  MAX_WINDOW_BYTES,
  rstStream,
  Setting,
  windowUpdate,
} from "../frames/frame.js";
import { repeated } from "../frames/frame-batch.js";
import { RESPONSE_BLOCK, TRAILERS_BLOCK } from "../frames/header-block.js";
import { filled, message, prefix } from "../frames/message.js";
import { answering, onFirstRequest, response, UPPER_CASE } from "./answers.js";

const FRAME_BYTES = 16_384;
const TINY_MESSAGES = Buffer.concat(Array.from({ length: 3276 }, () => message()));
const FRAME_MESSAGE = filled(FRAME_BYTES - 9, 2);
/** Announces these SETTINGS, and answers nothing. */
function announcing(
  name: string,
  about: string,
  ...entries: readonly (readonly [id: number, value: number])[]
): Attack {
  return { name, about, expected: [LIVES], greeting: serverGreeting(...entries), begin: () => {} };
}

/** Responds to each call with as much of the same DATA as the windows take. */
function respondingWithinWindows(name: string, about: string, payload: Buffer): Attack {
  return {
    name,
    about,
    expected: [LIVES],
    begin: (connection) => {
      const round = { make: (id: number) => data(id, payload), bytes: payload.length, attempts: 1 };
      const flood = new WindowedFlood(connection, round, (streamId) => {
        connection.write(response(streamId));
        flood.add(streamId);
      });
    },
  };
}

/** Sends one octet at a time, one response after the other. */
function dripResponses(connection: AttackConnection): void {
  onFirstRequest(connection, (streamId) => {
    const octets = Buffer.concat([response(streamId), headers(streamId, TRAILERS_BLOCK, true)]);
    connection.drip(octets, () => dripResponses(connection));
  });
}

export const badServices: readonly Attack[] = [
  {
    name: "no-settings",
    about: "connections that are accepted, and never hear a word",
    expected: [LIVES, CLOSED, thrownOut("SETTINGS_TIMEOUT")],
    greeting: EMPTY,
    begin: () => {},
  },
  {
    name: "accept-and-close",
    about: "connections that are closed as soon as they are there",
    expected: [LIVES],
    greeting: EMPTY,
    begin: (connection) => connection.write(EMPTY, 1, () => connection.leave("close")),
  },
  {
    name: "accept-and-reset",
    about: "connections that are reset as soon as they have been greeted",
    expected: [LIVES],
    begin: (connection) => connection.write(EMPTY, 1, () => connection.leave("reset")),
  },
  {
    name: "http1",
    about: "a response of HTTP/1.1",
    expected: [thrownOut("PROTOCOL_ERROR", "FRAME_SIZE_ERROR")],
    greeting: Buffer.from("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
    begin: () => {},
  },
  answering("reset-every-call", "RST_STREAM(CANCEL) for each call", [LIVES], (id) => rstStream(id)),
  answering("refuse-every-call", "RST_STREAM(REFUSED_STREAM) for each call", [LIVES], (id) => rstStream(id, 7)),
  answering("malformed-responses", "responses with upper-case field names", [LIVES], (id) => headers(id, UPPER_CASE)),
  answering("oversized-prefix", "responses that say they have 4 GiB", [LIVES], (id) =>
    Buffer.concat([response(id), data(id, prefix(0xffffffff))]),
  ),
  answering("promised-messages", "responses that announce 4 MiB and stop after one octet", [LIVES], (id) =>
    Buffer.concat([response(id), data(id, Buffer.concat([prefix(4 * 1024 * 1024), Buffer.alloc(1)]))]),
  ),
  answering("goaway-storm", "GOAWAY for each call", [LIVES, CLOSED], () => goAway(0, 0, "go away")),
  answering("goaway-calm", "GOAWAY(ENHANCE_YOUR_CALM) for each call", [LIVES, CLOSED], () => goAway(0, 11, "calm")),
  answering("goaway-lingering", "GOAWAY that takes all calls, none of which is answered", [LIVES, CLOSED], () =>
    goAway(0x7fffffff),
  ),
  {
    name: "half-headers",
    about: "response headers that never end",
    expected: [LIVES],
    acknowledges: false,
    begin: (connection) =>
      onFirstRequest(connection, (id) => connection.write(frame(FrameType.HEADERS, 0, id, RESPONSE_BLOCK), 1)),
  },
  announcing("never-answers", "calls that are never answered"),
  announcing("header-list-size-1", "MAX_HEADER_LIST_SIZE of 1", [Setting.MAX_HEADER_LIST_SIZE, 1]),
  announcing("no-streams-allowed", "MAX_CONCURRENT_STREAMS of 0", [Setting.MAX_CONCURRENT_STREAMS, 0]),
  announcing("zero-window", "INITIAL_WINDOW_SIZE of 0", [Setting.INITIAL_WINDOW_SIZE, 0]),
  {
    name: "window-dribble",
    about: "windows of one octet, opened one octet at a time",
    expected: [LIVES, thrownOut("ENHANCE_YOUR_CALM")],
    greeting: Buffer.concat([
      serverGreeting([Setting.INITIAL_WINDOW_SIZE, 1]),
      windowUpdate(0, MAX_WINDOW_BYTES - 65_535),
    ]),
    begin: (connection) => {
      let isFlooding = false;
      connection.onFrame = (type, _flags, streamId) => {
        if (type !== FrameType.DATA || isFlooding) return;
        isFlooding = true;
        connection.flood(repeated(windowUpdate(streamId, 1)));
      };
    },
  },
  {
    name: "never-reads",
    about: "open windows, and a socket of which not an octet is read",
    expected: [LIVES, CLOSED],
    reads: false,
    greeting: Buffer.concat([
      serverGreeting([Setting.INITIAL_WINDOW_SIZE, MAX_WINDOW_BYTES]),
      windowUpdate(0, MAX_WINDOW_BYTES - 65_535),
    ]),
    begin: () => {},
  },
  {
    name: "octet-by-octet",
    about: "responses in segments of one octet",
    expected: [LIVES],
    begin: dripResponses,
  },
  respondingWithinWindows("endless-response", "a response of 16 KiB messages without an end", FRAME_MESSAGE),
  respondingWithinWindows("tiny-messages", "3,276 empty messages in each frame", TINY_MESSAGES),
];
