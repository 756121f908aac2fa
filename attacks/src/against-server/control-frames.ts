/** Frames that cost their sender nine octets, and must not cost the victim more than that. RFC 9113 sections 6.3 to 6.9. */
import { type Attack, CALMED, CLOSED, thrownOut } from "../attacker/attack.js";
import {
  data,
  type ErrorName,
  FrameType,
  frame,
  goAway,
  headers,
  MAX_WINDOW_BYTES,
  PING,
  PING_ACK,
  SETTINGS_ACK,
  Setting,
  settings,
  uint32,
  windowUpdate,
} from "../frames/frame.js";
import { repeated } from "../frames/frame-batch.js";
import { IGNORE_BLOCK, onStreams } from "./requests.js";

/** The same frames for ever. */
function flood(name: string, about: string, octets: Buffer, attempts = 1): Attack {
  return { name, about, expected: [CALMED], begin: (connection) => connection.flood(repeated(octets, attempts)) };
}

/** The same, by somebody who never reads the answers. */
function unreadFlood(name: string, about: string, octets: Buffer, attempts = 1): Attack {
  return { ...flood(name, `${about}, never reading the answers`, octets, attempts), expected: [CLOSED], reads: false };
}

/** A single offence that ends the connection. */
function offence(name: string, about: string, octets: Buffer, ...codes: readonly ErrorName[]): Attack {
  return { name, about, expected: [thrownOut(...codes)], begin: (connection) => connection.write(octets, 1) };
}

/** A flood beside a call that is under way. */
function floodBesideCall(name: string, about: string, octets: Buffer): Attack {
  return {
    ...flood(name, about, octets),
    begin: (connection) => {
      connection.write(headers(1, IGNORE_BLOCK));
      connection.flood(repeated(octets));
    },
  };
}

/** A frame of SETTINGS that opens and shuts the windows of all streams, 16 times each. */
const WINDOW_TOGGLE = settings(
  ...Array.from({ length: 32 }, (_, i) => [Setting.INITIAL_WINDOW_SIZE, (i % 2) * 1_000_000] as const),
);
const MANY_ENTRIES = settings(...Array.from({ length: 2400 }, (_, i) => [Setting.HEADER_TABLE_SIZE, i] as const));
const CHANGING = settings(
  [Setting.HEADER_TABLE_SIZE, 0],
  [Setting.HEADER_TABLE_SIZE, 4096],
  [Setting.MAX_FRAME_SIZE, 16_384],
);
const HUGE_FRAME = Buffer.concat([Buffer.from([0xff, 0xff, 0xff]), data(1).subarray(3), Buffer.alloc(100_000)]);

export const controlFrames: readonly Attack[] = [
  flood("ping-flood", "PING as fast as possible (CVE-2019-9512)", PING),
  unreadFlood("ping-flood-unread", "PING as fast as possible", PING),
  flood("ping-ack-flood", "answers to PINGs that nobody has sent", PING_ACK),
  flood("settings-flood", "SETTINGS as fast as possible (CVE-2019-9515)", CHANGING),
  flood("settings-empty-flood", "SETTINGS with no entry", settings()),
  unreadFlood("settings-flood-unread", "SETTINGS as fast as possible", settings()),
  {
    ...flood("settings-many-entries", "SETTINGS with 2,400 entries (CVE-2020-11080)", MANY_ENTRIES),
    expected: [thrownOut("ENHANCE_YOUR_CALM", "PROTOCOL_ERROR")],
  },
  {
    ...flood(
      "settings-window-toggle",
      "INITIAL_WINDOW_SIZE to and fro, with 1,000 streams that it applies to",
      WINDOW_TOGGLE,
    ),
    begin: (connection) => {
      connection.write(onStreams(1000, (id) => headers(id, IGNORE_BLOCK)));
      connection.flood(repeated(WINDOW_TOGGLE));
    },
  },
  offence(
    "settings-ack-unasked",
    "an acknowledgement of SETTINGS that were not sent",
    repeated(SETTINGS_ACK).octets,
    "PROTOCOL_ERROR",
  ),
  flood("priority-flood", "PRIORITY frames (CVE-2019-9513)", frame(FrameType.PRIORITY, 0, 1, Buffer.alloc(5))),
  flood("unknown-frame-flood", "frames of a type that does not exist", frame(FrameType.UNKNOWN, 0xff, 0)),
  flood("window-update-connection", "WINDOW_UPDATE of 1 for the connection", windowUpdate(0, 1)),
  floodBesideCall("window-update-stream", "WINDOW_UPDATE of 1 for a stream", windowUpdate(1, 1)),
  {
    ...flood("window-update-closed-stream", "WINDOW_UPDATE for a stream that is closed", windowUpdate(1, 1)),
    begin: (connection) => {
      connection.write(Buffer.concat([headers(1, IGNORE_BLOCK), frame(FrameType.RST_STREAM, 0, 1, uint32(8))]));
      connection.flood(repeated(windowUpdate(1, 1)));
    },
  },
  offence(
    "window-overflow",
    "a WINDOW_UPDATE that overflows the connection's window",
    windowUpdate(0, MAX_WINDOW_BYTES),
    "FLOW_CONTROL_ERROR",
  ),
  flood("goaway-flood", "GOAWAY, over and over", goAway(0, 0, "leaving")),
  offence(
    "push-promise",
    "PUSH_PROMISE from a client",
    frame(FrameType.PUSH_PROMISE, 4, 1, uint32(2)),
    "PROTOCOL_ERROR",
  ),
  offence("huge-frame", "a frame of 16 MiB", HUGE_FRAME, "FRAME_SIZE_ERROR"),
];
