/** A server that floods its client with frames, mostly while calls are under way. RFC 9113 section 10.5. */
import { type Attack, CALMED, CLOSED, LIVES, streamsReset, thrownOut } from "../attacker/attack.js";
import {
  data,
  EMPTY,
  Flag,
  FrameType,
  frame,
  goAway,
  headers,
  PING,
  PING_ACK,
  rstStream,
  SETTINGS_ACK,
  Setting,
  settings,
  uint32,
  windowUpdate,
} from "../frames/frame.js";
import { repeated } from "../frames/frame-batch.js";
import {
  block,
  indexed,
  indexedLiteral,
  literal,
  NEWEST_INDEX,
  RESPONSE_BLOCK,
  TRAILERS_BLOCK,
} from "../frames/header-block.js";
import { filled } from "../frames/message.js";
import { answering, flooding, floodingResponse, offending, response, UPPER_CASE } from "./answers.js";

const EARLY_HINTS = block([[":status", "103"]]);
const LARGE_RESPONSE = Buffer.concat([RESPONSE_BLOCK, literal("x-large", "y".repeat(15_000))]);
const BOMB = Buffer.concat([indexedLiteral("x-bomb", "b".repeat(4000)), Buffer.alloc(12_000, indexed(NEWEST_INDEX))]);
const MANY_ENTRIES = settings(...Array.from({ length: 2400 }, (_, i) => [Setting.HEADER_TABLE_SIZE, i] as const));
const HUGE_FRAME = Buffer.concat([Buffer.from([0xff, 0xff, 0xff]), data(1).subarray(3), Buffer.alloc(100_000)]);
/** A message that fills a frame. */
const FRAME_MESSAGE = filled(16_384 - 9, 2);
const nothing = (): Buffer => EMPTY;

/** A header block that never ends; nothing may be acknowledged in the middle of it. */
function endlessResponse(name: string, about: string, fragment: Buffer): Attack {
  const attack = floodingResponse(
    name,
    about,
    [CALMED],
    (id) => frame(FrameType.HEADERS, 0, id, RESPONSE_BLOCK),
    (id) => frame(FrameType.CONTINUATION, 0, id, fragment),
  );
  return { ...attack, acknowledges: false };
}

export const floods: readonly Attack[] = [
  flooding("ping-flood", "PING as fast as possible", [CALMED], repeated(PING)),
  { ...flooding("ping-flood-unread", "PING, never reading the answers", [CLOSED], repeated(PING)), reads: false },
  flooding("ping-ack-flood", "answers to PINGs that nobody has sent", [CALMED], repeated(PING_ACK)),
  flooding("settings-flood", "SETTINGS as fast as possible", [CALMED], repeated(settings())),
  flooding(
    "settings-many-entries",
    "SETTINGS with 2,400 entries",
    [thrownOut("ENHANCE_YOUR_CALM", "PROTOCOL_ERROR")],
    repeated(MANY_ENTRIES),
  ),
  flooding("window-update-flood", "WINDOW_UPDATE of 1 for the connection", [CALMED], repeated(windowUpdate(0, 1))),
  flooding("priority-flood", "PRIORITY frames", [CALMED], repeated(frame(FrameType.PRIORITY, 0, 1, Buffer.alloc(5)))),
  flooding("unknown-frame-flood", "frames of no known type", [CALMED], repeated(frame(FrameType.UNKNOWN, 0, 0))),
  flooding("goaway-flood", "GOAWAY, over and over", [CALMED, CLOSED], repeated(goAway(0x7fffffff))),
  floodingResponse("early-hints-flood", "1xx responses without an end", [CALMED], nothing, (id) =>
    headers(id, EARLY_HINTS),
  ),
  floodingResponse("window-update-stream", "WINDOW_UPDATE of 1 for a call", [CALMED], nothing, (id) =>
    windowUpdate(id, 1),
  ),
  floodingResponse("rst-flood", "RST_STREAM, over and over, for the same call", [CALMED], nothing, (id) =>
    rstStream(id),
  ),
  floodingResponse("empty-data", "DATA with nothing in it", [CALMED], response, (id) => data(id)),
  floodingResponse(
    "late-trailers",
    "trailers, over and over, for a call that has ended",
    [thrownOut("ENHANCE_YOUR_CALM", "STREAM_CLOSED")],
    response,
    (id) => headers(id, TRAILERS_BLOCK, true),
  ),
  answering(
    "data-beyond-window",
    "1 MiB of messages in answer to each call, without regard to the windows",
    [streamsReset("FLOW_CONTROL_ERROR"), thrownOut("FLOW_CONTROL_ERROR", "ENHANCE_YOUR_CALM")],
    (id) => Buffer.concat([response(id), ...Array.from({ length: 64 }, () => data(id, FRAME_MESSAGE))]),
  ),
  floodingResponse(
    "data-after-reset",
    "DATA on a call that the client has given up",
    [LIVES, thrownOut("FLOW_CONTROL_ERROR", "ENHANCE_YOUR_CALM")],
    (id) => headers(id, UPPER_CASE),
    (id) => data(id, FRAME_MESSAGE),
  ),
  endlessResponse("continuation-flood", "response headers without an end", literal("x-more", "y".repeat(1000))),
  endlessResponse("continuation-empty", "CONTINUATION frames with nothing in them", EMPTY),
  answering("hpack-bomb", "responses with 12,000 times a header field of 4 KiB", [LIVES, CALMED], (id) =>
    headers(id, Buffer.concat([RESPONSE_BLOCK, BOMB])),
  ),
  answering("oversized-headers", "responses with 15 KiB of header fields", [LIVES, CALMED], (id) =>
    headers(id, LARGE_RESPONSE),
  ),
  answering("endless-varint", "an integer of HPACK that never ends", [thrownOut("COMPRESSION_ERROR")], (id) =>
    headers(id, Buffer.alloc(16_384, 0xff)),
  ),
  offending(
    "push-promise",
    "PUSH_PROMISE, which the client has switched off",
    [thrownOut("PROTOCOL_ERROR")],
    frame(FrameType.PUSH_PROMISE, Flag.END_HEADERS, 1, Buffer.concat([uint32(2), RESPONSE_BLOCK])),
  ),
  offending("huge-frame", "a frame of 16 MiB", [thrownOut("FRAME_SIZE_ERROR")], HUGE_FRAME),
  offending(
    "idle-stream",
    "a response that nobody has asked for",
    [thrownOut("PROTOCOL_ERROR")],
    headers(1001, RESPONSE_BLOCK),
  ),
  offending(
    "settings-ack-unasked",
    "an acknowledgement of SETTINGS that were not sent",
    [thrownOut("PROTOCOL_ERROR")],
    SETTINGS_ACK,
  ),
  offending(
    "max-frame-size-0",
    "MAX_FRAME_SIZE of 0 (CVE-2026-33814)",
    [thrownOut("PROTOCOL_ERROR")],
    settings([Setting.MAX_FRAME_SIZE, 0]),
  ),
];
