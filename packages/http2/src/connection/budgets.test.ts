import assert from "node:assert/strict";
import test from "node:test";
import { HeaderList } from "../hpack/header-list.js";
import { createEngine, type Engine, REQUEST, RESPONSE } from "../testing/engine.js";
import {
  block,
  continuationFrame,
  dataFrame,
  goAwayFrame,
  headersFrame,
  pingFrame,
  priorityFrame,
  rawFrame,
  readFrames,
  rstFrame,
  SETTINGS_ACK,
  settingsFrame,
  windowUpdateFrame,
} from "../testing/frames.js";
import type { ConnectionOptions } from "./options.js";

const ENHANCE_YOUR_CALM = 11;
const BLOCK = block(...REQUEST);
const TWO = { burst: 2, perSecond: 1 };
const PING = pingFrame("12345678");

/** The connection was ended with GOAWAY(ENHANCE_YOUR_CALM), the reason names the option, and the peer was told it. */
function assertCalmed(engine: Engine, option: string): void {
  assert.equal(engine.fatalCode, ENHANCE_YOUR_CALM);
  assert.match(engine.sink.lastError.reason, new RegExp(option));
  const goAway = readFrames(engine.takeOctets()).at(-1);
  assert.equal(goAway?.type, 7);
  assert.match(goAway?.payload.toString("utf8", 8) ?? "", new RegExp(option));
}

/** What an honest peer may also send, more often than the budget allows, if it goes on with its calls or takes its time. */
interface Flood {
  readonly name: string;
  readonly option: keyof ConnectionOptions;
  /** A frame that is charged; `n` counts up. */
  readonly frame: (engine: Engine, n: number) => Buffer;
  readonly role?: "client";
  /** Useful traffic makes the budget full again. */
  readonly refilled: boolean;
}

const FLOODS: readonly Flood[] = [
  { name: "PING", option: "pingBudget", frame: () => PING, refilled: true },
  { name: "SETTINGS", option: "settingsBudget", frame: () => settingsFrame(), refilled: false },
  { name: "empty DATA", option: "emptyDataBudget", frame: () => dataFrame(1, ""), refilled: true },
  {
    name: "DATA that is all padding",
    option: "emptyDataBudget",
    frame: () => dataFrame(1, "", { pad: 9 }),
    refilled: true,
  },
  { name: "WINDOW_UPDATE", option: "windowUpdateBudget", frame: () => windowUpdateFrame(0, 1), refilled: true },
  {
    name: "WINDOW_UPDATE of a stream",
    option: "windowUpdateBudget",
    frame: () => windowUpdateFrame(1, 1),
    refilled: true,
  },
  { name: "PRIORITY", option: "ignoredFrameBudget", frame: () => priorityFrame(1), refilled: true },
  { name: "unknown", option: "ignoredFrameBudget", frame: () => rawFrame(0xbe, 0, 1, "what"), refilled: true },
  { name: "late RST_STREAM", option: "ignoredFrameBudget", frame: (engine) => lateReset(engine), refilled: true },
  {
    name: "informational HEADERS",
    option: "ignoredFrameBudget",
    role: "client",
    frame: () => headersFrame(1, block(":status", "103")),
    refilled: true,
  },
];

/** RST_STREAM for a stream that we have reset. */
function lateReset(engine: Engine): Buffer {
  const stream = engine.sink.streams.get(5) ?? engine.receiveRequest(5);
  engine.connection.reset(stream, 8, "not wanted");
  return rstFrame(5, 8);
}

function engineFor(flood: Flood): Engine {
  const engine = createEngine(flood.role ?? "server", { [flood.option]: TWO });
  engine.connection.advance(1000);
  if (flood.role === "client") engine.openStream();
  else engine.receiveRequest(1, false, true);
  engine.takeFrames();
  return engine;
}

for (const flood of FLOODS) {
  const once = (engine: Engine, n = 0): void => engine.receive(flood.frame(engine, n));

  test(`${flood.name}: more than the burst ends the connection (${flood.option})`, () => {
    const engine = engineFor(flood);
    once(engine);
    once(engine);
    assert.equal(engine.fatalCode, undefined);
    once(engine);
    assertCalmed(engine, flood.option);
  });

  test(`${flood.name}: one per second goes on for ever (${flood.option})`, () => {
    const engine = engineFor(flood);
    for (let second = 2; second < 50; second++) {
      engine.connection.advance(second * 1000);
      once(engine);
      engine.takeFrames();
    }
    assert.equal(engine.fatalCode, undefined);
  });

  test(`${flood.name}: ${flood.refilled ? "is" : "is not"} forgiven when useful traffic passes in between`, () => {
    const engine = engineFor(flood);
    for (let i = 0; i < 4; i++) {
      once(engine);
      once(engine);
      if (engine.fatalCode !== undefined) break;
      engine.sendData(engine.sink.streams.get(1) ?? engine.openStream(), "useful");
      engine.takeFrames();
    }
    assert.equal(engine.fatalCode, flood.refilled ? undefined : ENHANCE_YOUR_CALM);
  });

  test(`${flood.name}: an infinite burst switches the budget off`, () => {
    const engine = createEngine(flood.role ?? "server", {
      [flood.option]: { burst: Number.POSITIVE_INFINITY, perSecond: 0 },
    });
    if (flood.role === "client") engine.openStream();
    else engine.receiveRequest(1);
    for (let i = 0; i < 20_000; i++) {
      once(engine, i);
      engine.takeOctets();
    }
    assert.equal(engine.fatalCode, undefined);
  });
}

// What each of these does makes the engine reset a stream, or is a reset: CVE-2023-44487 and CVE-2025-8671.
const RESETS: readonly (readonly [name: string, provoke: (engine: Engine, id: number) => Buffer])[] = [
  ["a reset before the answer", (_engine, id) => Buffer.concat([headersFrame(id, BLOCK), rstFrame(id, 8)])],
  ["WINDOW_UPDATE of 0", (_engine, id) => Buffer.concat([headersFrame(id, BLOCK), windowUpdateFrame(id, 0)])],
  [
    "a window that overflows",
    (_engine, id) => Buffer.concat([headersFrame(id, BLOCK), windowUpdateFrame(id, 0x7fffffff)]),
  ],
  [
    "DATA after END_STREAM",
    (_engine, id) => Buffer.concat([headersFrame(id, BLOCK, { end: true }), dataFrame(id, "x")]),
  ],
  [
    "HEADERS after END_STREAM",
    (_engine, id) => Buffer.concat([headersFrame(id, BLOCK, { end: true }), headersFrame(id, BLOCK)]),
  ],
  ["PRIORITY of a wrong length", (_engine, id) => Buffer.concat([headersFrame(id, BLOCK), priorityFrame(id, 4)])],
  ["a malformed request", (_engine, id) => headersFrame(id, block(":method", "POST"))],
  [
    "too many headers",
    (_engine, id) => headersFrame(id, Buffer.concat(Array.from({ length: 300 }, () => block("a", "b")))),
  ],
  [
    "a wrong content-length",
    (_engine, id) => Buffer.concat([headersFrame(id, block(...REQUEST, "content-length", "1")), dataFrame(id, "xx")]),
  ],
  [
    "streams beyond the limit",
    (engine, id) => {
      if (id === 1) for (const busy of [101, 103]) engine.receiveRequest(busy, false, true);
      return headersFrame(id + 200, BLOCK);
    },
  ],
];

for (const [name, provoke] of RESETS) {
  test(`resets by ${name} are charged, and too many end the connection`, () => {
    const engine = createEngine("server", { resetBudget: { burst: 50, perSecond: 1 }, maxConcurrentStreams: 2 });
    for (let id = 1; id <= 99; id += 2) {
      engine.receive(provoke(engine, id));
      engine.takeOctets();
      assert.equal(engine.fatalCode, undefined, `at stream ${id}`);
    }
    engine.receive(provoke(engine, 101));
    assertCalmed(engine, "resetBudget");
    assert.equal(engine.connection.openStreams, 0);
  });
}

test("a stream that the peer has reset itself is answered once with STREAM_CLOSED, and charged as a reset", () => {
  const engine = createEngine("server", { resetBudget: { burst: 4, perSecond: 0 } });
  for (const id of [1, 3]) {
    engine.receiveRequest(id);
    engine.receive(rstFrame(id, 8));
    engine.takeFrames();
    engine.receive(dataFrame(id, "x"), headersFrame(id, BLOCK), dataFrame(id, "y"));
    assert.deepEqual(engine.takeSent(), [`RST_STREAM ${id} 5`]);
  }
  engine.receive(headersFrame(5, BLOCK), rstFrame(5, 8));
  assertCalmed(engine, "resetBudget");
});

test("who goes on with a stream that it has reset, and that was answered, is charged for each frame", () => {
  const engine = createEngine("server", { ignoredFrameBudget: TWO });
  engine.receiveRequest(1);
  engine.receive(rstFrame(1, 8), dataFrame(1, "x"), dataFrame(1, "x"), dataFrame(1, "x"));
  assert.equal(engine.fatalCode, undefined);
  engine.receive(dataFrame(1, "x"));
  assertCalmed(engine, "ignoredFrameBudget");
});

test("calls that are answered to their end pay for as many that are given up", () => {
  const engine = createEngine("server", { resetBudget: { burst: 2, perSecond: 0 } });
  for (let id = 1; id < 400; id += 4) {
    engine.receive(headersFrame(id, BLOCK), rstFrame(id, 8));
    const stream = engine.receiveRequest(id + 2, true);
    engine.connection.sendHeaders(stream, HeaderList.of(...RESPONSE), true);
    engine.takeOctets();
  }
  assert.equal(engine.fatalCode, undefined);
});

test("a caller that leaves a response in its middle is not charged: that is what callers of streams do", () => {
  const engine = createEngine("server", { resetBudget: { burst: 2, perSecond: 0 } });
  for (let id = 1; id < 400; id += 2) {
    engine.receiveRequest(id, true, true);
    engine.receive(rstFrame(id, 8));
    engine.takeOctets();
  }
  assert.equal(engine.fatalCode, undefined);
});

test("a client is not charged for the server's resets: it is the client that opens the streams", () => {
  const engine = createEngine("client", { resetBudget: { burst: 2, perSecond: 0 } });
  for (let i = 0; i < 100; i++) {
    const stream = engine.openStream();
    engine.receive(rstFrame(stream.id, 8));
    engine.takeOctets();
  }
  assert.equal(engine.fatalCode, undefined);
});

test("a header block may have eight CONTINUATION frames, empty or not, and no ninth", () => {
  for (const octets of [Buffer.alloc(0), block("a", "b")]) {
    const engine = createEngine("server");
    engine.receive(headersFrame(1, BLOCK, { endHeaders: false }));
    for (let i = 0; i < 7; i++) engine.receive(continuationFrame(1, octets, false));
    engine.receive(continuationFrame(1, octets, true));
    assert.ok(engine.sink.streams.has(1));
    engine.receive(headersFrame(3, BLOCK, { endHeaders: false }));
    for (let i = 0; i < 9; i++) engine.receive(continuationFrame(3, octets, false));
    assertCalmed(engine, "maxContinuationFrames");
  }
});

test("a larger limit of the header list allows the CONTINUATION frames that it needs", () => {
  const engine = createEngine("server", { maxHeaderListBytes: 1_048_576, maxHeaderFields: 100_000 });
  const part = Buffer.concat(Array.from({ length: 3000 }, () => block("a", "b")));
  engine.receive(headersFrame(1, BLOCK, { endHeaders: false }));
  for (let i = 0; i < 9; i++) engine.receive(continuationFrame(1, part, i === 8));
  assert.ok(engine.sink.streams.has(1));
});

test("a list with more fields than allowed costs its stream, and later blocks are still understood", () => {
  const engine = createEngine("server", { maxHeaderFields: 10, maxHeaderListBytes: 1_000_000 });
  engine.receive(headersFrame(1, Buffer.concat([BLOCK, ...Array.from({ length: 7 }, () => block("a", "b"))])));
  assert.deepEqual(engine.takeSent(), ["RST_STREAM 1 11"]);
  engine.receiveRequest(3);
});

test("SETTINGS with more than 32 entries end the connection before any is applied", () => {
  const engine = createEngine("server");
  engine.receive(settingsFrame(...Array.from({ length: 32 }, () => [3, 7] as const)));
  assert.equal(engine.fatalCode, undefined);
  engine.receive(settingsFrame(...Array.from({ length: 33 }, () => [0x99, 7] as const)));
  assertCalmed(engine, "maxSettingsEntries");
});

test("answers that the peer does not read are counted, and too many end the connection", () => {
  const engine = createEngine("server", { maxQueuedAnswers: 10, pingBudget: { burst: 1e9, perSecond: 0 } });
  for (let i = 0; i < 100; i++) {
    engine.receive(PING);
    engine.takeOctets();
  }
  assert.equal(engine.fatalCode, undefined);
  for (let i = 0; i < 9; i++) engine.receive(PING);
  engine.receive(settingsFrame());
  assert.equal(engine.fatalCode, undefined);
  engine.receive(PING);
  assertCalmed(engine, "maxQueuedAnswers");
});

test("an honest peer's acknowledgements and GOAWAY are charged to no budget", () => {
  const one = { burst: 1, perSecond: 0 };
  const engine = createEngine("client", {
    pingBudget: { burst: 2, perSecond: 0 },
    settingsBudget: one,
    ignoredFrameBudget: one,
  });
  engine.connection.ping(Buffer.from("12345678"));
  engine.receive(pingFrame("12345678", true));
  engine.receive(goAwayFrame(0x7fffffff, 0), goAwayFrame(0, 0));
  assert.equal(engine.fatalCode, undefined);
  engine.receive(SETTINGS_ACK);
  assert.equal(engine.fatalCode, 1);
});
