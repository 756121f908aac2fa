/** What is going to happen on one connection, all of it from a seed: the calls, and the settings of both sides. It only describes. */
import type { Settings } from "node:http2";
import type { ConnectionOptions } from "../../connection/options.js";
import { Dice } from "./dice.js";
import { createFields, type Fields } from "./fields.js";
import { type Body, startsBelow } from "./octets.js";

export type Side = "client" | "server";

/** What one side of a call sends. */
export interface Message {
  readonly fields: Fields;
  readonly body: Body;
  /** The body leaves in parts of these sizes, and each is followed by a pause of so many turns. */
  readonly parts: readonly { readonly bytes: number; readonly pauseTurns: number }[];
  readonly trailers: Fields | undefined;
  /** Without trailers: END_STREAM comes with the last part of the body, or with the headers if there is no body. */
  readonly endsAtOnce: boolean;
}

/**
 * How a server answers: it sends back what comes; or its own body, as soon as the request begins or when it has ended; or its own body
 * and then no longer takes the request, however much of it is still to come.
 */
export type Answer = "echo" | "parallel" | "after" | "early";

/** One side gives the call up when so many octets of both bodies have passed it. */
export interface PlannedReset {
  readonly by: Side;
  readonly code: number;
  readonly afterBytes: number;
}

export interface Call {
  readonly index: number;
  readonly answer: Answer;
  readonly request: Message;
  /** Of an echo, the body and its parts are not used. */
  readonly response: Message;
  readonly status: number;
  /** The statuses of informational responses before the final one; only nghttp2 sends any. */
  readonly informational: readonly number[];
  readonly resets: readonly PlannedReset[];
}

export interface Story {
  readonly seed: number;
  readonly calls: readonly Call[];
  /** So many calls run at a time. */
  readonly concurrency: number;
  readonly engine: ConnectionOptions;
  readonly settings: Settings;
  /** What nghttp2's side changes its settings to, one after the other and over again. */
  readonly laterSettings: readonly Settings[];
  readonly paddingStrategy: number;
}

/** What stories of one kind are like. */
export interface Kind {
  readonly name: string;
  readonly calls: number;
  readonly concurrency: number;
  /** The largest body. */
  readonly bodyBytes: number;
  /** The part of calls that somebody resets. */
  readonly resets: number;
  /** Sizes of windows, of either side. */
  readonly windows: readonly number[];
}

const CODES = [1, 2, 3, 5, 7, 8, 11, 13, 0x12345] as const;
/** None, to multiples of eight octets, and as much as there can be: the strategies of node:http2, of which its types lack one. */
const PADDING_STRATEGIES = [0, 1, 2] as const;

export function createStory(kind: Kind, seed: number): Story {
  const dice = new Dice(seed);
  return {
    seed,
    calls: Array.from({ length: kind.calls }, (_, index) => createCall(dice, kind, index)),
    concurrency: kind.concurrency,
    engine: {
      headerTableBytes: dice.pick([0, 100, 4096, 65_536]),
      streamWindowBytes: dice.pick(kind.windows.filter((bytes) => bytes > 0)),
      maxStreamWindowBytes: dice.pick([0, 1 << 20, 1 << 24]),
      connectionWindowBytes: dice.pick([65_535, 100_000, 1 << 20]),
      maxFrameBytes: dice.pick([16_384, 16_385, 100_000, 1 << 20]),
      maxHeaderListBytes: 65_536,
      maxConcurrentStreams: dice.whole(100, 1000),
      maxQueuedBytes: dice.pick([50_000, 1 << 20, 1 << 24]),
    },
    settings: createSettings(dice, kind),
    laterSettings: Array.from({ length: 8 }, () => createSettings(dice, kind)),
    paddingStrategy: dice.pick(PADDING_STRATEGIES),
  };
}

function createSettings(dice: Dice, kind: Kind): Settings {
  return {
    initialWindowSize: dice.pick(kind.windows),
    maxFrameSize: dice.pick([16_384, 20_000, 1 << 20, (1 << 24) - 1]),
    headerTableSize: dice.pick([0, 64, 1000, 4096, 65_536]),
    maxHeaderListSize: 65_536,
    // Node counts streams that are closed and not yet forgotten, too.
    maxConcurrentStreams: kind.concurrency + dice.whole(500, 1000),
  };
}

function createCall(dice: Dice, kind: Kind, index: number): Call {
  const answer = dice.pick<Answer>(["echo", "parallel", "parallel", "after", "early"]);
  const request = createMessage(dice, kind);
  const response = createMessage(dice, kind);
  const bytes = request.body.bytes + (answer === "echo" ? request.body.bytes : response.body.bytes);
  const resets: PlannedReset[] = [];
  // An early answer ends its request by itself.
  if (answer !== "early" && dice.chance(kind.resets)) {
    resets.push(createReset(dice, dice.pick(["client", "server"]), bytes));
    const [first] = resets as [PlannedReset];
    if (dice.chance(0.2)) resets.push(createReset(dice, first.by === "client" ? "server" : "client", bytes));
  }
  return {
    index,
    answer,
    request,
    response,
    status: dice.pick([200, 200, 404, 500, 599]),
    informational: dice.chance(0.2)
      ? Array.from({ length: dice.whole(1, 3) }, () => dice.pick([100, 102, 103, 199]))
      : [],
    resets,
  };
}

/** At the very beginning, at the very end, or anywhere in between. */
function createReset(dice: Dice, by: Side, bytes: number): PlannedReset {
  return { by, code: dice.pick(CODES), afterBytes: dice.pick([0, bytes, dice.whole(0, bytes), dice.whole(0, bytes)]) };
}

function createMessage(dice: Dice, kind: Kind): Message {
  const bytes = dice.chance(0.2)
    ? 0
    : dice.pick([dice.whole(1, kind.bodyBytes), dice.whole(1, 1 + (kind.bodyBytes >> 4))]);
  return {
    fields: createFields(dice),
    body: { start: dice.whole(0, startsBelow(bytes)), bytes },
    parts: createParts(dice, bytes),
    trailers: dice.chance(0.5) ? createTrailers(dice) : undefined,
    endsAtOnce: dice.chance(0.5),
  };
}

/** At least one field: node:http2 sends no empty trailers. */
function createTrailers(dice: Dice): Fields {
  const { flat, sensitive } = createFields(dice);
  return { flat: ["x-status", String(dice.whole(0, 16)), ...flat], sensitive };
}

function createParts(dice: Dice, bytes: number): Message["parts"] {
  const parts: { bytes: number; pauseTurns: number }[] = [];
  const most = dice.pick([bytes, Math.ceil(bytes / 3), Math.ceil(bytes / 20)]);
  for (let left = bytes; left > 0; ) {
    const size = Math.min(left, dice.whole(1, most));
    parts.push({ bytes: size, pauseTurns: dice.chance(0.3) ? dice.whole(1, 20) : 0 });
    left -= size;
  }
  return parts;
}
