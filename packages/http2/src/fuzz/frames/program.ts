/**
 * The input of the target "frames": a header that chooses options and the behaviour of the layer above, and steps: octets that the
 * peer sends, and calls that the layer above makes in between. Any octets are a program; what is missing at the end is zero.
 *
 *     octet 0     bits 0-3: profile, bit 4: raw (no handshake goes before), bit 5: the peer reads only when a step says so
 *     octet 1     what the layer above does within callbacks: see `Habits`
 *     steps       octet: bits 0-3 kind, bits 4-7 argument
 *       kind 0    RECEIVE: 16 bits length, octets
 *       kind 1    REPEAT: 16 bits times, 16 bits length, octets; with argument bit 0, ids of streams rise by two each time
 *       others    an action, 16 bits value
 */
import type { ConnectionOptions } from "../../connection/options.js";
import { OctetReader } from "../octet-reader.js";

export const Action = {
  RECEIVE: 0,
  REPEAT: 1,
  /** A client opens a stream. Value: as of HEADERS. */
  OPEN: 2,
  /** Headers. Value: bit 0 END_STREAM, bits 1-3 which list. */
  HEADERS: 3,
  /** Value: bit 0 END_STREAM, the rest the number of octets. */
  DATA: 4,
  /** Value: bit 0 trailers. */
  END: 5,
  /** Value: the code, but CANCEL for FLOW_CONTROL_ERROR, which would be a lie. */
  RESET: 6,
  /** Value: how much of what is unread, in 1/65535. */
  CONSUME: 7,
  /** Value: bit 0 the second step. */
  DRAIN: 8,
  /** Value: bit 0 blocked. */
  BLOCK: 9,
  /** The peer reads all output. */
  TAKE: 10,
  /** Argument: the unit is 10^argument ms, up to 10^6. Value: how many. */
  ADVANCE: 11,
  PING: 12,
  /** Value: the code. */
  CLOSE: 13,
  /** The transport is gone. */
  ABORT: 14,
  /** The driver keeps the time until nothing is due, at most so often as the value says. */
  WAIT: 15,
} as const;
export type Action = (typeof Action)[keyof typeof Action];

const NAMES = Object.keys(Action);

export interface ReceiveStep {
  readonly kind: typeof Action.RECEIVE | typeof Action.REPEAT;
  readonly octets: Buffer;
  readonly times: number;
  readonly idsRise: boolean;
}

export interface ActionStep {
  readonly kind: Exclude<Action, typeof Action.RECEIVE | typeof Action.REPEAT>;
  /** Which of the open streams, or what the action says. 0 to 15. */
  readonly argument: number;
  readonly value: number;
}

export type Step = ReceiveStep | ActionStep;

/** What the layer above does within callbacks. */
export interface Habits {
  /** Bits 0-1, on headers (a server's request; a client has sent its own): nothing, headers, a whole answer, headers that end. */
  readonly onHeaders: "nothing" | "headers" | "answer" | "only headers";
  /** Bits 2-3. */
  readonly consume: "never" | "at once" | "after the step" | "half at once";
  /** Bit 4. */
  readonly sendOnRoom: boolean;
  /** Bit 5: sends data and trailers when the peer has ended. */
  readonly answerOnEnd: boolean;
  /** Bits 6-7: resets streams whose id asks for it from within a callback, or closes the connection from within a reset. */
  readonly temper: "mild" | "resets on data" | "resets on headers" | "closes on reset";
}

export interface Program {
  readonly options: ConnectionOptions;
  readonly isRaw: boolean;
  readonly readsOnlyWhenTold: boolean;
  readonly habits: Habits;
  readonly steps: readonly Step[];
}

const TIGHT = { burst: 3, perSecond: 1 };

/** Chosen by the first octet. */
const PROFILES: readonly ConnectionOptions[] = [
  {},
  { streamWindowBytes: 200, connectionWindowBytes: 65_535 },
  { maxHeaderListBytes: 120, headerTableBytes: 0 },
  { maxFrameBytes: 20_000, maxHeaderListBytes: 60_000, headerTableBytes: 10_000, maxHeaderFields: 2000 },
  {
    maxConcurrentStreams: 2,
    maxHeaderFields: 6,
    maxContinuationFrames: 2,
    maxSettingsEntries: 2,
    maxQueuedAnswers: 10,
  },
  {
    resetBudget: TIGHT,
    pingBudget: TIGHT,
    settingsBudget: TIGHT,
    emptyDataBudget: TIGHT,
    windowUpdateBudget: TIGHT,
    ignoredFrameBudget: TIGHT,
  },
  { maxQueuedBytes: 1000, maxUnreadBytes: 140_000, connectionWindowBytes: 70_000, stallTimeoutMs: 500 },
  { streamWindowBytes: 1000, maxStreamWindowBytes: 1_000_000, connectionWindowBytes: 65_535 },
  { handshakeTimeoutMs: 100, idleTimeoutMs: 1000, stallTimeoutMs: 100, maxQueuedBytes: 5000 },
  { streamWindowBytes: 0, maxStreamWindowBytes: 0 },
  { maxConcurrentStreams: 0, headerTableBytes: 100 },
  { maxUnreadBytes: 131_070, connectionWindowBytes: 65_535, streamWindowBytes: 0x7fffffff },
];

export const PROFILE_COUNT = PROFILES.length;

/** The largest steps of all, expanded: a program may repeat a few octets very often. */
const MAX_EXPANDED_BYTES = 262_144;

export function readProgram(input: Uint8Array): Program {
  const reader = new OctetReader(input);
  const first = reader.octet();
  const habits = readHabits(reader.octet());
  const steps: Step[] = [];
  while (!reader.isAtEnd) steps.push(readStep(reader));
  return {
    options: PROFILES[(first & 0xf) % PROFILES.length] as ConnectionOptions,
    isRaw: (first & 0x10) !== 0,
    readsOnlyWhenTold: (first & 0x20) !== 0,
    habits,
    steps,
  };
}

function readHabits(octet: number): Habits {
  return {
    onHeaders: (["nothing", "headers", "answer", "only headers"] as const)[octet & 3] as Habits["onHeaders"],
    consume: (["never", "at once", "after the step", "half at once"] as const)[(octet >> 2) & 3] as Habits["consume"],
    sendOnRoom: (octet & 0x10) !== 0,
    answerOnEnd: (octet & 0x20) !== 0,
    temper: (["mild", "resets on data", "resets on headers", "closes on reset"] as const)[
      octet >> 6
    ] as Habits["temper"],
  };
}

function readStep(reader: OctetReader): Step {
  const octet = reader.octet();
  const kind = (octet & 0xf) as Action;
  const argument = octet >> 4;
  if (kind !== Action.RECEIVE && kind !== Action.REPEAT) return { kind, argument, value: reader.uint16() };
  const times = kind === Action.REPEAT ? reader.uint16() : 1;
  const octets = reader.take(reader.uint16());
  return { kind, octets, times, idsRise: kind === Action.REPEAT && (argument & 1) !== 0 };
}

/** The input in its parts: the header, and each step. Put together they are the input. */
export function splitProgram(input: Uint8Array): Uint8Array[] {
  const parts = [input.subarray(0, 2)];
  const reader = new OctetReader(input);
  reader.take(2);
  while (!reader.isAtEnd) {
    const start = reader.position;
    readStep(reader);
    parts.push(input.subarray(start, reader.position));
  }
  return parts;
}

/** Programs in which one step receives less: without one of its frames, or without the last part of its octets. */
export function shrinkProgram(input: Uint8Array): Buffer[] {
  const parts = splitProgram(input);
  const smaller: Buffer[] = [];
  for (let i = 1; i < parts.length; i++) {
    const part = Buffer.from(parts[i] as Uint8Array);
    const kind = (part[0] as number) & 0xf;
    if (kind !== Action.RECEIVE && kind !== Action.REPEAT) continue;
    const lengthAt = kind === Action.REPEAT ? 3 : 1;
    for (const octets of lessOctets(part.subarray(lengthAt + 2))) {
      const step = Buffer.concat([part.subarray(0, lengthAt + 2), octets]);
      step.writeUInt16BE(octets.length, lengthAt);
      smaller.push(Buffer.concat([...parts.slice(0, i), step, ...parts.slice(i + 1)]));
    }
  }
  return smaller;
}

function lessOctets(octets: Buffer): Buffer[] {
  const less: Buffer[] = [];
  for (const bytes of [octets.length >>> 1, octets.length - 16, octets.length - 1]) {
    if (bytes >= 0 && bytes < octets.length) less.push(octets.subarray(0, bytes));
  }
  for (let at = 0; at + 9 <= octets.length; ) {
    const end = at + 9 + octets.readUIntBE(at, 3);
    less.push(Buffer.concat([octets.subarray(0, at), octets.subarray(end)]));
    less.push(...withShorterPayload(octets, at, end));
    at = end;
  }
  return less;
}

/** Half of the payload of the frame at `at` is taken away, or its last octet. */
function withShorterPayload(octets: Buffer, at: number, end: number): Buffer[] {
  const length = end - at - 9;
  if (length === 0 || end > octets.length) return [];
  return [length >>> 1, length - 1].map((shorter) => {
    const frame = Buffer.from(octets.subarray(at, at + 9 + shorter));
    frame.writeUIntBE(shorter, 0, 3);
    return Buffer.concat([octets.subarray(0, at), frame, octets.subarray(end)]);
  });
}

/** What the peer sends in a step, all repetitions together. */
export function octetsOf(step: ReceiveStep): Buffer {
  const times = Math.min(step.times, Math.floor(MAX_EXPANDED_BYTES / Math.max(1, step.octets.length)));
  if (times === 1) return step.octets;
  const copies: Buffer[] = [];
  for (let i = 0; i < times; i++) copies.push(step.idsRise ? raiseIds(step.octets, 2 * i) : step.octets);
  return Buffer.concat(copies);
}

/** Adds `by` to the stream ids of whole frames; stream 0 stays. */
function raiseIds(octets: Buffer, by: number): Buffer {
  const raised = Buffer.from(octets);
  for (let at = 0; at + 9 <= raised.length; at += 9 + raised.readUIntBE(at, 3)) {
    const id = raised.readUInt32BE(at + 5);
    if (id !== 0) raised.writeUInt32BE((id + by) >>> 0, at + 5);
  }
  return raised;
}

/** For the reader of a failure. */
export function describeProgram(input: Uint8Array): string {
  const { options, isRaw, readsOnlyWhenTold, habits, steps } = readProgram(input);
  const lines = [
    `options ${JSON.stringify(options)}${isRaw ? ", no handshake" : ""}${readsOnlyWhenTold ? ", the peer reads when told" : ""}`,
    `habits ${JSON.stringify(habits)}`,
    ...steps.map(describeStep),
  ];
  return lines.join("\n");
}

function describeStep(step: Step): string {
  const name = NAMES[step.kind];
  if (!("octets" in step)) return `${name} argument ${step.argument} value ${step.value}`;
  const times = step.kind === Action.REPEAT ? ` ${step.times} times${step.idsRise ? ", ids rising" : ""}:` : "";
  return `${name}${times} ${describeOctets(step.octets)}`;
}

/** Frames by their headers, and what is left in hexadecimal. */
function describeOctets(octets: Buffer): string {
  const parts: string[] = [];
  let at = 0;
  while (at + 9 <= octets.length) {
    const length = octets.readUIntBE(at, 3);
    const [type, flags, id] = [octets[at + 3], octets[at + 4], octets.readUInt32BE(at + 5)];
    const payload = octets.subarray(at + 9, at + 9 + length).toString("hex");
    parts.push(`[type ${type} flags ${flags?.toString(16)} stream ${id} length ${length}: ${payload}]`);
    at += 9 + length;
  }
  if (at < octets.length) parts.push(octets.subarray(at).toString("hex"));
  return parts.join(" ");
}
