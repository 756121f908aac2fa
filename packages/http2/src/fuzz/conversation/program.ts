/**
 * The input of the target "conversation": options of both sides, how octets are cut, and turns of two octets each. Any octets are
 * a program; what is missing at the end is zero.
 *
 *     octets 0-1  options of the client and of the server; bit 7: it consumes at once what it receives
 *     octets 2-3  how many octets arrive at once at the client and at the server
 *     turns       octet: bits 0-3 what happens, bits 4-7 which call; octet: a value
 */
import type { ConnectionOptions } from "../../connection/options.js";
import { OctetReader } from "../octet-reader.js";

export const Turn = {
  TO_SERVER: 0,
  TO_CLIENT: 1,
  /** The client begins a call. */
  OPEN: 2,
  /** Value: the size of the message; bit 7: sends even when told to wait. */
  CLIENT_SENDS: 3,
  SERVER_SENDS: 4,
  /** Value: bit 0 trailers. */
  CLIENT_ENDS: 5,
  SERVER_ENDS: 6,
  /** Value: the code. */
  CLIENT_RESETS: 7,
  SERVER_RESETS: 8,
  /** Value: bit 0 which side, bit 1 blocked. */
  BLOCK: 9,
  /** Value: bit 0 which side; the rest of what it has received is consumed. */
  CONSUME: 10,
  /** Value: milliseconds. */
  ADVANCE: 11,
  /** Value: bit 0 which side. */
  PING: 12,
  /** The server leaves. Value: bit 0 the second step. */
  DRAIN: 13,
  /** Everything arrives. */
  SETTLE: 14,
  /** The server sends headers. */
  SERVER_ANSWERS: 15,
} as const;
export type Turn = (typeof Turn)[keyof typeof Turn];

const NAMES = Object.keys(Turn);

const PROFILES: readonly ConnectionOptions[] = [
  {},
  { streamWindowBytes: 20 },
  { streamWindowBytes: 1000, connectionWindowBytes: 65_535 },
  { maxFrameBytes: 100_000 },
  { headerTableBytes: 0 },
  { streamWindowBytes: 1000, maxStreamWindowBytes: 1 << 20, connectionWindowBytes: 65_535, maxUnreadBytes: 1 << 20 },
  { maxQueuedBytes: 1000 },
  { maxUnreadBytes: 131_070, connectionWindowBytes: 65_535, streamWindowBytes: 300_000 },
  { maxConcurrentStreams: 2 },
];
const CHUNK_BYTES = [65_536, 1, 7, 9, 10, 100, 1000, 16_393];
export const MESSAGE_BYTES = [0, 1, 5, 19, 20, 21, 100, 999, 5000, 16_384, 16_385, 40_000, 70_000, 150_000];

const HEADER_OCTETS = 4;
/** A conversation is no longer than this. */
const MAX_TURNS = 400;

export interface ConversationTurn {
  readonly what: Turn;
  readonly call: number;
  readonly value: number;
}

export interface SideOptions {
  readonly connection: ConnectionOptions;
  readonly consumesAtOnce: boolean;
}

export interface ConversationProgram {
  readonly client: SideOptions;
  readonly server: SideOptions;
  readonly chunkBytesToClient: number;
  readonly chunkBytesToServer: number;
  readonly turns: readonly ConversationTurn[];
}

export function readConversation(input: Uint8Array): ConversationProgram {
  const reader = new OctetReader(input);
  const client = readSide(reader.octet());
  const server = readSide(reader.octet());
  const [chunkBytesToClient, chunkBytesToServer] = [reader.pick(CHUNK_BYTES), reader.pick(CHUNK_BYTES)];
  const turns: ConversationTurn[] = [];
  while (!reader.isAtEnd && turns.length < MAX_TURNS) {
    const octet = reader.octet();
    turns.push({ what: (octet & 0xf) as Turn, call: octet >> 4, value: reader.octet() });
  }
  return { client, server, chunkBytesToClient, chunkBytesToServer, turns };
}

function readSide(octet: number): SideOptions {
  const connection = PROFILES[(octet & 0x7f) % PROFILES.length] as ConnectionOptions;
  return { connection, consumesAtOnce: (octet & 0x80) !== 0 };
}

export function splitConversation(input: Uint8Array): Uint8Array[] {
  const parts = [input.subarray(0, HEADER_OCTETS)];
  for (let at = HEADER_OCTETS; at < input.length; at += 2) parts.push(input.subarray(at, at + 2));
  return parts;
}

/** For the reader of a failure. */
export function describeConversation(input: Uint8Array): string {
  const { turns, ...rest } = readConversation(input);
  return [
    JSON.stringify(rest),
    ...turns.map(({ what, call, value }) => `${NAMES[what]} call ${call} value ${value}`),
  ].join("\n");
}
