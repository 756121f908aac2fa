import {
  dataFrame,
  goAwayFrame,
  headersFrame,
  PREFACE,
  pingFrame,
  rawFrame,
  rstFrame,
  SETTINGS_ACK,
  settingsFrame,
  Type,
  windowUpdateFrame,
} from "../../testing/frames.js";
import { Action } from "../frames/program.js";
import { act, receive, writeProgram } from "../frames/write-program.js";
import {
  BUSY,
  CLOSES_ON_RESET,
  OPEN,
  REQUEST_1,
  REQUEST_3,
  REQUEST_5,
  REQUEST_BLOCK,
  RESPONSE_1,
  STEADY,
  seed,
  TRAILERS_1,
  WAIT,
} from "./parts.js";
import type { Seed } from "./seed.js";

const badSettings = (name: string, ...entries: readonly (readonly [number, number])[]): Seed =>
  seed(
    `settings-with-${name}`,
    "A value of SETTINGS that is out of range or at its edge.",
    OPEN,
    receive(REQUEST_1, settingsFrame(...entries)),
    receive(pingFrame("12345678")),
  );

const BEGINNINGS: readonly Seed[] = [
  {
    name: "no-preface",
    about: "HTTP/1.1 instead of a preface.",
    octets: writeProgram({ raw: true }, receive(Buffer.from("GET / HTTP/1.1\r\nhost: a\r\n\r\n"))),
  },
  {
    name: "half-a-preface",
    about: "A peer that stops within the preface, until the time runs out.",
    octets: writeProgram({ raw: true }, receive(PREFACE.subarray(0, 10)), WAIT),
  },
  {
    name: "silence",
    about: "A peer that says nothing at all, until the time runs out.",
    octets: writeProgram({ raw: true }, WAIT),
  },
  {
    name: "no-settings",
    about: "Something else than SETTINGS comes first.",
    octets: writeProgram({ raw: true }, receive(PREFACE, pingFrame("12345678"))),
  },
  {
    name: "settings-never-acknowledged",
    about: "Our SETTINGS are not acknowledged in time.",
    octets: writeProgram({ raw: true }, receive(PREFACE, settingsFrame()), WAIT),
  },
  {
    name: "only-an-acknowledgement",
    about: "The first frame acknowledges SETTINGS.",
    octets: writeProgram({ raw: true }, receive(PREFACE, SETTINGS_ACK)),
  },
  {
    name: "idle-until-the-end",
    about: "A connection without streams, until nothing is due any more.",
    octets: writeProgram({ profile: 8 }, act(Action.WAIT, 0, 31)),
  },
];

const SETTINGS: readonly Seed[] = [
  badSettings("a-frame-size-of-zero", [5, 0]),
  badSettings("a-frame-size-of-2-to-24", [5, 1 << 24]),
  badSettings("a-window-of-2-to-31", [4, 0x80000000]),
  badSettings("the-largest-window", [4, 0x7fffffff]),
  badSettings("push-of-two", [2, 2]),
  badSettings("push-of-one", [2, 1]),
  badSettings("unknown-ids", [0, 1], [0x10, 2], [0xffff, 0xffffffff]),
  badSettings("no-streams", [3, 0]),
  badSettings("a-table-that-dips", [1, 0], [1, 4096]),
  badSettings("a-list-of-one-octet", [6, 1]),
  badSettings("a-window-up-and-down", [4, 0x7fffffff], [4, 0], [4, 100]),
  seed(
    "settings-of-five-octets",
    "SETTINGS whose length is no multiple of six.",
    receive(rawFrame(Type.SETTINGS, 0, 0, "12345")),
  ),
  seed("settings-on-a-stream", "SETTINGS that belong to a stream.", receive(rawFrame(Type.SETTINGS, 0, 1))),
  seed(
    "acknowledgement-with-payload",
    "An acknowledgement of SETTINGS that has a payload.",
    receive(rawFrame(Type.SETTINGS, 1, 0, "123456")),
  ),
];

const ENDINGS: readonly Seed[] = [
  seed(
    "goaway-that-rises",
    "A GOAWAY whose last stream id is above that of the one before.",
    OPEN,
    receive(goAwayFrame(0, 0), goAwayFrame(5, 0)),
  ),
  seed(
    "goaway-and-new-streams",
    "After GOAWAY the client may open no stream; those above the id were not processed.",
    OPEN,
    OPEN,
    OPEN,
    receive(goAwayFrame(3, 0, "leaving")),
    OPEN,
    receive(RESPONSE_1, TRAILERS_1),
  ),
  {
    name: "close-within-goaway",
    about: "GOAWAY resets two streams; the layer above closes the connection from within the first reset.",
    octets: writeProgram({ habits: CLOSES_ON_RESET }, OPEN, OPEN, receive(goAwayFrame(0, 0))),
  },
  seed(
    "calls-after-the-end",
    "The layer above goes on after the connection has ended.",
    OPEN,
    receive(pingFrame("short")),
    act(Action.PING, 0, 0),
    act(Action.CLOSE, 0, 0),
    act(Action.DRAIN, 0, 0),
    act(Action.DRAIN, 0, 1),
    act(Action.BLOCK, 0, 0),
    WAIT,
  ),
  seed(
    "drain-with-a-late-stream",
    "The server leaves in two steps; a stream comes before the second one, and one after it.",
    receive(REQUEST_1),
    act(Action.DRAIN, 0, 0),
    receive(REQUEST_3, pingFrame("heddle\0\0", true), REQUEST_5),
  ),
  seed(
    "drain-that-is-not-answered",
    "The PING of an orderly leave does not come back.",
    receive(REQUEST_1),
    act(Action.DRAIN, 0, 0),
    WAIT,
  ),
  seed(
    "reset-of-a-waiting-stream",
    "The peer resets a stream that has data queued, another one goes on.",
    OPEN,
    OPEN,
    receive(REQUEST_1, REQUEST_3),
    act(Action.BLOCK, 0, 1),
    act(Action.DATA, 0, 40_000),
    act(Action.DATA, 1, 40_001),
    receive(rstFrame(1, 8)),
    act(Action.BLOCK, 0, 0),
  ),
  {
    name: "pings-along-with-calls",
    about: "Each chunk has a call, which is answered at once, and a PING; the peer reads everything after each.",
    octets: writeProgram(
      { profile: 4, habits: 0b10 },
      ...Array.from({ length: 14 }, (_, i) =>
        receive(headersFrame(2 * i + 1, REQUEST_BLOCK, { end: true }), pingFrame("12345678")),
      ),
    ),
  },
  {
    name: "busy-layer-above",
    about: "Everything at once: answers and consumes from within callbacks, with windows of 200 octets.",
    octets: writeProgram(
      { profile: 1, habits: BUSY },
      OPEN,
      act(Action.DATA, 0, 3001),
      receive(REQUEST_1, dataFrame(1, Buffer.alloc(150), { end: true }), headersFrame(3, REQUEST_BLOCK, { end: true })),
      receive(settingsFrame([4, 300]), windowUpdateFrame(0, 1000), windowUpdateFrame(1, 5000)),
      receive(RESPONSE_1, dataFrame(1, Buffer.alloc(150)), TRAILERS_1),
    ),
  },
  {
    name: "room-after-too-much",
    about: "More is queued than the connection may hold; half of it leaves, and everybody is told.",
    octets: writeProgram(
      { profile: 6, habits: BUSY },
      receive(settingsFrame([4, 0]), REQUEST_1, REQUEST_3),
      OPEN,
      OPEN,
      act(Action.DATA, 0, 3000),
      act(Action.DATA, 1, 3000),
      receive(windowUpdateFrame(1, 1400), windowUpdateFrame(3, 1400)),
      receive(windowUpdateFrame(1, 5000), windowUpdateFrame(3, 5000)),
    ),
  },
  {
    name: "reset-after-too-much",
    about: "More is queued than the connection may hold; the streams that hold it are reset, and there is room again.",
    octets: writeProgram(
      { profile: 6, habits: STEADY },
      receive(settingsFrame([4, 0]), REQUEST_1, REQUEST_3),
      OPEN,
      OPEN,
      act(Action.DATA, 0, 3000),
      act(Action.DATA, 1, 3000),
      act(Action.RESET, 0, 8),
      receive(rstFrame(3, 8)),
      OPEN,
      receive(REQUEST_5),
    ),
  },
  {
    name: "two-answers-through-one-window",
    about: "Two messages that fit in their streams' windows, but not together in the connection's.",
    octets: writeProgram(
      { habits: STEADY },
      OPEN,
      OPEN,
      receive(REQUEST_1, REQUEST_3),
      ...[0, 1, 0, 1, 0, 1].map((stream) => act(Action.DATA, stream, 32_000)),
      receive(windowUpdateFrame(0, 1000)),
      receive(windowUpdateFrame(0, 100_000)),
    ),
  },
  seed(
    "large-headers",
    "Header blocks that need CONTINUATION, with a peer's frame size at its smallest and larger.",
    OPEN,
    act(Action.OPEN, 0, 6),
    receive(REQUEST_1, settingsFrame([5, 20_000], [1, 0])),
    act(Action.OPEN, 0, 7),
    receive(REQUEST_3),
    act(Action.HEADERS, 1, 6),
  ),
];

export const CONNECTION_SEEDS: readonly Seed[] = [...BEGINNINGS, ...SETTINGS, ...ENDINGS];
