/**
 * What one call of a chaos story does on both sides, and what may come of it. The plan travels in the request's metadata, so
 * that the handler follows the same one as its caller.
 */
import { crc32 } from "node:zlib";
import { StatusCode } from "../../index.js";
import { Random } from "./random.js";

export type Kind = "unary" | "serverStream" | "clientStream" | "bidi";

/** How the caller gives up. Turns are turns of the event loop; -1 is before the call begins. */
export type Cancellation =
  | { readonly how: "signal"; readonly turns: number }
  | { readonly how: "cancel()"; readonly turns: number }
  | { readonly how: "leave the loop"; readonly afterMessages: number };

export interface CallPlan {
  readonly id: number;
  readonly kind: Kind;
  /** Messages in each direction that streams; the responses of a bidirectional call echo its requests. */
  readonly requests: number;
  readonly responses: number;
  /** The handler ends behind this many messages, even if there are more. */
  readonly handlerStopsAfter: number;
  /** How the handler ends. The one that hangs waits for its signal. */
  readonly ending: "ok" | "status" | "crash" | "hang";
  /** Turns that handler and caller let pass before each message that they take or give. */
  readonly handlerIdleTurns: number;
  readonly callerIdleTurns: number;
  /** Requests are sent one by one instead of taken from a source; without waiting for room, perhaps. */
  readonly byHand: boolean;
  readonly waitsForRoom: boolean;
  readonly largestBytes: number;
  readonly timeoutMs: number | undefined;
  readonly cancellation: Cancellation | undefined;
}

const KINDS: readonly Kind[] = ["unary", "serverStream", "clientStream", "bidi"];

export function planCall(id: number, random: Random): CallPlan {
  const kind = random.pick(KINDS);
  const count = random.chance(0.1) ? random.integer(50, 150) : random.integer(0, 8);
  const byHand = random.chance(0.5);
  const cancellation = random.chance(0.3) ? planCancellation(kind, byHand, random) : undefined;
  const timeoutMs = random.chance(0.15) ? random.integer(0, 30) : random.chance(0.5) ? 300_000 : undefined;
  // Who leaves the loop behind a message that never comes does not leave it.
  const givesUp = cancellation !== undefined && cancellation.how !== "leave the loop";
  const endsAnyway = givesUp || (timeoutMs !== undefined && timeoutMs <= 30);
  const lazy = random.chance(0.2);
  return {
    id,
    kind,
    requests: kind === "clientStream" || kind === "bidi" ? count : 1,
    responses: count,
    handlerStopsAfter: random.chance(0.3) ? random.integer(0, 5) : 1_000_000,
    ending: endsAnyway && random.chance(0.4) ? "hang" : random.pick(["ok", "ok", "ok", "ok", "status", "crash"]),
    handlerIdleTurns: lazy ? random.integer(0, 10) : 0,
    callerIdleTurns: lazy ? random.integer(0, 10) : 0,
    byHand,
    waitsForRoom: random.chance(0.7),
    largestBytes: count > 20 ? 3_000 : random.pick([0, 100, 100, 20_000, 300_000]),
    timeoutMs,
    cancellation,
  };
}

function planCancellation(kind: Kind, byHand: boolean, random: Random): Cancellation {
  const turns = random.integer(-1, 40);
  const streamsResponses = kind === "serverStream" || kind === "bidi";
  const streamsRequests = kind === "clientStream" || kind === "bidi";
  if (streamsResponses && random.chance(0.5)) {
    return { how: "leave the loop", afterMessages: random.integer(0, 4) };
  }
  if (streamsRequests && byHand && random.chance(0.5)) return { how: "cancel()", turns: Math.max(turns, 0) };
  return { how: "signal", turns };
}

/** Messages that arrive when nothing goes wrong: requests taken by a handler of requests, or responses. */
export function plannedMessages(plan: CallPlan): number {
  const { kind, requests, responses, handlerStopsAfter } = plan;
  if (kind === "unary") return 1;
  return Math.min(handlerStopsAfter, kind === "serverStream" ? responses : requests);
}

/** The status that the handler means to end the call with; `undefined` when it leaves the end to others. */
export function plannedStatus(plan: CallPlan): StatusCode | undefined {
  const codes = {
    ok: StatusCode.OK,
    status: StatusCode.FAILED_PRECONDITION,
    crash: StatusCode.UNKNOWN,
    hang: undefined,
  };
  return codes[plan.ending];
}

/** Every status that the call may end with. */
export function possibleStatuses(plan: CallPlan, withFaults: boolean): StatusCode[] {
  const possible: StatusCode[] = [];
  const planned = plannedStatus(plan);
  if (planned !== undefined) possible.push(planned);
  if (plan.cancellation !== undefined) possible.push(StatusCode.CANCELLED);
  if (plan.timeoutMs !== undefined && plan.timeoutMs <= 30) possible.push(StatusCode.DEADLINE_EXCEEDED);
  if (withFaults) possible.push(StatusCode.UNAVAILABLE);
  return possible;
}

/** A message of the probe service; requests and responses have the same fields. */
export interface NumberedMessage {
  readonly text: string;
  readonly data: Uint8Array;
  readonly count: number;
}

const POOL = createPool(1_048_576);

/** The message with this number of a call: who it is, and octets of a random length with their checksum. */
export function createMessage(plan: CallPlan, number: number): NumberedMessage {
  const random = new Random(plan.id * 1_009 + number);
  const bytes = random.integer(0, plan.largestBytes);
  const start = random.integer(0, POOL.length - bytes);
  const data = POOL.subarray(start, start + bytes);
  return { text: `${plan.id}/${number}`, data, count: crc32(data) | 0 };
}

/** What is wrong with a message that should be the one with this number. */
export function messageFault(plan: CallPlan, number: number, message: NumberedMessage): string | undefined {
  const expected = createMessage(plan, number);
  if (message.text !== expected.text) return `message ${message.text} came where ${expected.text} was due`;
  if (message.data.length !== expected.data.length) {
    return `message ${message.text} has ${message.data.length} octets instead of ${expected.data.length}`;
  }
  if ((crc32(message.data) | 0) !== message.count || message.count !== expected.count) {
    return `message ${message.text} has octets that were not sent`;
  }
  return undefined;
}

function createPool(bytes: number): Buffer {
  const random = new Random(1);
  const pool = Buffer.allocUnsafe(bytes);
  for (let i = 0; i < bytes; i++) pool[i] = random.integer(0, 255);
  return pool;
}
