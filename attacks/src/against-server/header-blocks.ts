/** Header blocks that never end, that swell when they are decoded, or that cost more to decode than to send. RFC 9113 section 4.3. */
import { ANSWERED, type Attack, CALMED, CLOSED, LIVES, streamsReset, thrownOut } from "../attacker/attack.js";
import { EMPTY, Flag, FrameType, frame, headers } from "../frames/frame.js";
import { perStream, repeated } from "../frames/frame-batch.js";
import {
  block,
  type Field,
  indexed,
  indexedLiteral,
  integer,
  literal,
  NEWEST_INDEX,
  requestBlock,
} from "../frames/header-block.js";
import { IGNORE_BLOCK } from "./requests.js";

/** The largest payload that every peer takes. */
const FRAME_BYTES = 16_384;
/** `:authority` without a value: one octet in the block, 42 in the list. */
const EMPTY_AUTHORITY = indexed(1);

/** CONTINUATION without END_HEADERS. */
function continuation(streamId: number, fragment: Uint8Array): Buffer {
  return frame(FrameType.CONTINUATION, 0, streamId, fragment);
}

/** HEADERS without END_HEADERS. */
function unfinishedHeaders(streamId: number, fragment: Uint8Array = EMPTY): Buffer {
  return frame(FrameType.HEADERS, 0, streamId, fragment);
}

/** An attack in the middle of a header block, where nothing may be acknowledged. */
function endlessBlock(name: string, about: string, fragment: Buffer): Attack {
  return {
    name,
    about,
    expected: [CALMED],
    acknowledges: false,
    begin: (connection) => {
      connection.write(unfinishedHeaders(1, IGNORE_BLOCK));
      connection.flood(repeated(continuation(1, fragment)));
    },
  };
}

/** An attack whose block is wrong by itself: the connection cannot go on. */
function brokenBlock(name: string, about: string, fragment: Buffer): Attack {
  return {
    name,
    about,
    expected: [thrownOut("COMPRESSION_ERROR", "ENHANCE_YOUR_CALM")],
    acknowledges: false,
    begin: (connection) => connection.write(headers(1, fragment), 1),
  };
}

function manyFields(count: number): Field[] {
  return Array.from({ length: count }, (_, i) => [`x-${i}`, "v"]);
}

const BOMB_VALUE_BYTES = 4000;
const BOMB_ENTRY = indexedLiteral("x-bomb", "b".repeat(BOMB_VALUE_BYTES));
const BOMB = Buffer.alloc(FRAME_BYTES, indexed(NEWEST_INDEX));

export const headerBlocks: readonly Attack[] = [
  endlessBlock(
    "continuation-flood",
    "a header block that goes on in CONTINUATION frames for ever",
    literal("x-more", "y".repeat(1000)),
  ),
  endlessBlock("continuation-empty", "CONTINUATION frames with nothing in them", EMPTY),
  endlessBlock("continuation-tiny", "CONTINUATION frames of one octet", Buffer.from([EMPTY_AUTHORITY])),
  {
    name: "continuation-held",
    about: "header blocks of 64 KiB that are never finished, on 200 connections",
    expected: [CALMED, CLOSED, LIVES],
    acknowledges: false,
    connections: 200,
    begin: (connection) => {
      const part = literal("x-part", "y".repeat(FRAME_BYTES - 50));
      const held = [
        unfinishedHeaders(1, part),
        ...Array.from({ length: 3 }, () => continuation(1, part.subarray(0, -50))),
      ];
      connection.write(Buffer.concat(held), 1);
    },
  },
  {
    name: "hpack-bomb",
    about: "an entry of 4 KiB in the dynamic table, named 16,384 times in each request",
    expected: [CALMED, streamsReset("ENHANCE_YOUR_CALM")],
    begin: (connection) => {
      connection.write(headers(1, Buffer.concat([requestBlock("Ignore"), BOMB_ENTRY])), 1);
      connection.flood(perStream((id) => headers(id, BOMB, true), 3));
    },
  },
  {
    name: "hpack-evictions",
    about: "blocks of entries for the dynamic table, which push each other out",
    expected: [CALMED, streamsReset("ENHANCE_YOUR_CALM")],
    begin: (connection) => {
      const entries = Buffer.concat(Array.from({ length: 3000 }, () => indexedLiteral("a", "b")));
      connection.flood(perStream((id) => headers(id, entries, true)));
    },
  },
  {
    name: "oversized-lists",
    about: "requests with 15 KiB of header fields each",
    expected: [CALMED, streamsReset("ENHANCE_YOUR_CALM")],
    begin: (connection) => {
      const large = requestBlock("Ignore", ["x-large", "y".repeat(15_000)]);
      connection.flood(perStream((id) => headers(id, large, true)));
    },
  },
  {
    name: "many-fields",
    about: "requests with 1,500 small fields",
    expected: [CALMED, streamsReset("ENHANCE_YOUR_CALM")],
    begin: (connection) => {
      const many = block(manyFields(1500));
      connection.flood(perStream((id) => headers(id, many, true)));
    },
  },
  {
    name: "repeated-authority",
    about: "16,384 times the same pseudo-header, one octet each",
    expected: [CALMED, streamsReset("ENHANCE_YOUR_CALM")],
    begin: (connection) =>
      connection.flood(perStream((id) => headers(id, Buffer.alloc(FRAME_BYTES, EMPTY_AUTHORITY), true))),
  },
  brokenBlock("endless-varint", "an integer of HPACK that never ends", Buffer.alloc(FRAME_BYTES, 0xff)),
  brokenBlock(
    "zero-varint",
    "an integer of 16 KiB of zeros that never ends",
    Buffer.alloc(FRAME_BYTES, 0x80).fill(0xff, 0, 1),
  ),
  brokenBlock(
    "huge-literal",
    "a literal that says it has 4 GiB",
    Buffer.concat([Buffer.from([0x00]), integer(0xffffffff, 7), Buffer.alloc(1000)]),
  ),
  {
    name: "table-size-flood",
    about: "requests that begin with 16,000 changes of the table's size",
    expected: [ANSWERED, thrownOut("COMPRESSION_ERROR", "ENHANCE_YOUR_CALM")],
    begin: (connection) => {
      const changes = Buffer.concat([Buffer.alloc(16_000, 0x20), requestBlock("NoSuchMethod")]);
      connection.flood(perStream((id) => headers(id, changes, true)));
    },
  },
  {
    name: "headers-end-missing",
    about: "DATA in the middle of a header block",
    expected: [thrownOut("PROTOCOL_ERROR")],
    acknowledges: false,
    begin: (connection) =>
      connection.write(Buffer.concat([unfinishedHeaders(1), frame(FrameType.DATA, Flag.END_STREAM, 1)]), 1),
  },
];
