/**
 * Windows in both roles and both directions: what exceeds them, what may not be added to them, and the credit for DATA that is thrown
 * away, without which a connection would dry up. RFC 9113 sections 5.1, 5.2, 6.9 and 6.9.1.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConnectionOptions, Role } from "../connection/options.js";
import { HeaderList } from "../hpack/header-list.js";
import { createEngine, REQUEST, RESPONSE } from "../testing/engine.js";
import { block, dataFrame, headersFrame, rstFrame, windowUpdateFrame } from "../testing/frames.js";
import { FIXED_WINDOWS, Peer } from "./testing/peer.js";

const ANSWER = HeaderList.of(...RESPONSE);
const ROLES: readonly Role[] = ["server", "client"];
const MAX_WINDOW = 0x7fffffff;
const INITIAL_WINDOW_BYTES = 65_535;
const PROTOCOL_ERROR = 1;
const FLOW_CONTROL_ERROR = 3;

/** A connection with a call on stream 1 whose headers have come. */
function createPeer(role: Role, options: ConnectionOptions = FIXED_WINDOWS): Peer {
  const peer = new Peer(role, createEngine(role, options));
  peer.openCall(1);
  if (role === "client") peer.receiveResponse(1);
  peer.discard();
  return peer;
}

/** The peer ends its side of stream 1. */
function endRemote(peer: Peer): void {
  peer.engine.receive(dataFrame(1, "", { end: true }));
  peer.discard();
}

for (const role of ROLES) {
  test(`${role}: WINDOW_UPDATE of 0 on a stream is a stream error PROTOCOL_ERROR, open or half-closed (6.9)`, () => {
    for (const increment of [0, 0x80000000]) {
      for (const halfClosed of [false, true]) {
        const peer = createPeer(role);
        if (halfClosed) endRemote(peer);
        peer.engine.receive(windowUpdateFrame(1, increment));
        assert.deepEqual(peer.takeSent(), [`RST_STREAM 1 ${PROTOCOL_ERROR}`]);
        assert.deepEqual(peer.engine.sink.takeLog(), ["reset 1 PROTOCOL_ERROR stream library", "closed 1"]);
        assert.equal(peer.engine.fatalCode, undefined);
      }
    }
  });

  test(`${role}: WINDOW_UPDATE of 0 on the connection is a connection error PROTOCOL_ERROR (6.9)`, () => {
    for (const increment of [0, 0x80000000]) {
      const peer = createPeer(role);
      peer.engine.receive(windowUpdateFrame(0, increment));
      assert.deepEqual(peer.takeSent(), [`GOAWAY ${role === "server" ? 1 : 0} ${PROTOCOL_ERROR}`]);
    }
  });

  test(`${role}: a stream's window may grow to 2^31-1; one more is a stream error FLOW_CONTROL_ERROR (6.9.1)`, () => {
    for (const halfClosed of [false, true]) {
      const peer = createPeer(role);
      if (halfClosed) endRemote(peer);
      peer.engine.receive(windowUpdateFrame(1, MAX_WINDOW - INITIAL_WINDOW_BYTES));
      assert.deepEqual(peer.takeSent(), []);
      peer.engine.receive(windowUpdateFrame(1, 1));
      assert.deepEqual(peer.takeSent(), [`RST_STREAM 1 ${FLOW_CONTROL_ERROR}`]);
      assert.deepEqual(peer.engine.sink.takeLog(), ["reset 1 FLOW_CONTROL_ERROR stream library", "closed 1"]);
    }
  });

  test(`${role}: the connection's window may grow to 2^31-1; one more is a connection error FLOW_CONTROL_ERROR (6.9.1)`, () => {
    const peer = createPeer(role);
    peer.engine.receive(windowUpdateFrame(0, MAX_WINDOW - INITIAL_WINDOW_BYTES));
    assert.equal(peer.engine.fatalCode, undefined);
    peer.engine.receive(windowUpdateFrame(0, 1));
    assert.deepEqual(peer.takeSent(), [`GOAWAY ${role === "server" ? 1 : 0} ${FLOW_CONTROL_ERROR}`]);
  });

  test(`${role}: one WINDOW_UPDATE of 2^31-1 overflows either window (6.9.1)`, () => {
    const onStream = createPeer(role);
    onStream.engine.receive(windowUpdateFrame(1, MAX_WINDOW));
    assert.deepEqual(onStream.takeSent(), [`RST_STREAM 1 ${FLOW_CONTROL_ERROR}`]);
    const onConnection = createPeer(role);
    onConnection.engine.receive(windowUpdateFrame(0, MAX_WINDOW));
    assert.equal(onConnection.engine.fatalCode, FLOW_CONTROL_ERROR);
  });

  test(`${role}: WINDOW_UPDATE of 0, or too much, on a closed stream is ignored (5.1, 6.9)`, () => {
    const peer = createPeer(role);
    peer.engine.connection.reset(peer.stream(1), 8, "enough");
    peer.discard();
    peer.engine.receive(windowUpdateFrame(1, 0), windowUpdateFrame(1, MAX_WINDOW), windowUpdateFrame(1, MAX_WINDOW));
    assert.deepEqual({ told: peer.engine.sink.takeLog(), sent: peer.takeSent() }, { told: [], sent: [] });
  });

  test(`${role}: DATA may fill a stream's window; one octet more, of data or of padding, is a stream error FLOW_CONTROL_ERROR (6.9.1)`, () => {
    const overruns = [dataFrame(1, "x"), dataFrame(1, "", { pad: 0 }), dataFrame(1, "x", { end: true, pad: 200 })];
    for (const overrun of overruns) {
      const peer = createPeer(role, { streamWindowBytes: 1000 });
      peer.engine.receive(dataFrame(1, Buffer.alloc(489)), dataFrame(1, Buffer.alloc(500), { pad: 10 }));
      assert.deepEqual(peer.takeSent(), []);
      peer.engine.sink.takeLog();
      peer.engine.receive(overrun, dataFrame(1, "late"));
      assert.deepEqual(peer.takeSent(), [`RST_STREAM 1 ${FLOW_CONTROL_ERROR}`]);
      assert.deepEqual(peer.engine.sink.takeLog(), ["reset 1 FLOW_CONTROL_ERROR stream library", "closed 1"]);
    }
  });

  test(`${role}: empty DATA is allowed in a window of nothing (6.9)`, () => {
    const peer = createPeer(role, { streamWindowBytes: 0 });
    peer.engine.receive(dataFrame(1, ""), dataFrame(1, "", { end: true }));
    assert.deepEqual(peer.engine.sink.takeLog(), ["end 1"]);
    assert.equal(peer.engine.fatalCode, undefined);
  });

  test(`${role}: DATA beyond the connection's window is a connection error, also on a stream that takes no more (6.9.1)`, () => {
    const options = { connectionWindowBytes: 65_535, streamWindowBytes: 1 << 20, maxFrameBytes: 1 << 17 };
    const endings: readonly ((peer: Peer) => void)[] = [
      () => {},
      (peer) => peer.engine.connection.reset(peer.stream(1), 8, "enough"),
      (peer) => peer.engine.receive(rstFrame(1, 8)),
      endRemote,
    ];
    for (const end of endings) {
      const peer = createPeer(role, options);
      end(peer);
      peer.discard();
      peer.engine.receive(dataFrame(1, Buffer.alloc(65_536)).subarray(0, 9));
      assert.equal(peer.engine.fatalCode, FLOW_CONTROL_ERROR);
      assert.equal(peer.takeSent().at(-1), `GOAWAY ${role === "server" ? 1 : 0} ${FLOW_CONTROL_ERROR}`);
    }
  });
}

/** Octets that the peer may send on the connection, by what it was told. */
class Allowance {
  bytes = INITIAL_WINDOW_BYTES;
  readonly #peer: Peer;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /** Sends a DATA frame, perhaps in two chunks, and takes in the credit that comes back. */
  send(frame: Buffer, cut = frame.length): void {
    this.bytes -= frame.length - 9;
    assert.ok(this.bytes >= 0, "the connection has dried up");
    this.#peer.engine.receive(frame.subarray(0, cut));
    this.#peer.engine.receive(frame.subarray(cut));
    for (const { type, streamId, payload } of this.#peer.engine.takeFrames()) {
      if (type === 8 && streamId === 0) this.bytes += payload.readUInt32BE();
    }
  }
}

interface Discarding {
  readonly why: string;
  readonly role: Role;
  readonly options?: ConnectionOptions;
  /** Brings stream 1 to where its DATA is thrown away. */
  readonly arrange: (peer: Peer) => void;
}

const DISCARDING: readonly Discarding[] = [
  {
    why: "that we have reset",
    role: "server",
    arrange: (peer) => peer.engine.connection.reset(peer.openCall(1), 8, ""),
  },
  {
    why: "that we have reset",
    role: "client",
    arrange: (peer) => peer.engine.connection.reset(peer.openCall(1), 8, ""),
  },
  {
    why: "that was refused",
    role: "server",
    options: { maxConcurrentStreams: 0 },
    arrange: (peer) => peer.engine.receive(headersFrame(1, block(...REQUEST))),
  },
  {
    why: "whose request was malformed",
    role: "server",
    arrange: (peer) => peer.engine.receive(headersFrame(1, block(":method", "POST"))),
  },
  {
    why: "whose response was malformed",
    role: "client",
    arrange: (peer) => {
      peer.openCall(1);
      peer.engine.receive(headersFrame(1, block("x-no", "status")));
    },
  },
  {
    why: "that was answered early",
    role: "server",
    arrange: (peer) => {
      const stream = peer.openCall(1);
      peer.engine.connection.sendHeaders(stream, ANSWER, true);
    },
  },
  {
    why: "that overran its window",
    role: "client",
    options: { streamWindowBytes: 10 },
    arrange: (peer) => {
      peer.openCall(1);
      peer.receiveResponse(1);
    },
  },
];

for (const { why, role, options, arrange } of DISCARDING) {
  test(`${role}: DATA of a stream ${why} counts against the connection's window and gets its credit back (5.1, 6.9)`, () => {
    const peer = new Peer(role, createEngine(role, { ...FIXED_WINDOWS, connectionWindowBytes: 0, ...options }));
    arrange(peer);
    peer.discard();
    const allowance = new Allowance(peer);
    for (let i = 0; i < 40; i++) {
      allowance.send(dataFrame(1, Buffer.alloc(16_000), i % 2 === 0 ? {} : { pad: 255 }));
    }
    assert.ok(allowance.bytes < INITIAL_WINDOW_BYTES, "none of it was counted");
    assert.equal(peer.engine.fatalCode, undefined);
    assert.equal(peer.engine.sink.body(1).length, 0);
  });
}

for (const role of ROLES) {
  test(`${role}: what a stream received and nobody consumed does not hold the connection up after the stream's end (6.9)`, () => {
    const options = { connectionWindowBytes: 0, streamWindowBytes: 65_535, maxUnreadBytes: 131_070 };
    const peer = new Peer(role, createEngine(role, options));
    const allowance = new Allowance(peer);
    for (let id = 1; id < 41; id += 2) {
      peer.openCall(id);
      if (role === "client") peer.receiveResponse(id);
      peer.engine.sink.takeLog();
      for (let i = 0; i < 3; i++) allowance.send(dataFrame(id, Buffer.alloc(16_000)));
      if (id % 4 === 1) peer.engine.connection.reset(peer.stream(id), 8, "enough");
      else peer.engine.receive(rstFrame(id, 8));
      // The credit for this end belongs to the account.
      allowance.send(dataFrame(id, ""));
    }
    assert.equal(peer.engine.fatalCode, undefined);
  });

  test(`${role}: DATA that is cut by the end of its stream counts in full (5.1)`, () => {
    const peer = new Peer(role, createEngine(role, { ...FIXED_WINDOWS, connectionWindowBytes: 0 }));
    const allowance = new Allowance(peer);
    peer.engine.sink.react.onData = (stream) => peer.engine.connection.reset(stream, 8, "enough");
    for (let id = 1; id < 41; id += 2) {
      peer.openCall(id);
      if (role === "client") peer.receiveResponse(id);
      allowance.send(dataFrame(id, Buffer.alloc(16_000)), 100);
    }
    assert.equal(peer.engine.fatalCode, undefined);
    assert.equal(peer.engine.sink.body(39).length, 91);
  });
}

test("a client's and a server's window of nothing may be opened by WINDOW_UPDATE alone (6.9)", () => {
  for (const role of ROLES) {
    const peer = new Peer(role, createEngine(role, FIXED_WINDOWS, [[4, 0]]));
    const stream = peer.openCall(1);
    if (role === "server") peer.engine.connection.sendHeaders(stream, ANSWER, false);
    else peer.engine.receive(headersFrame(1, block(...RESPONSE)));
    peer.engine.sendData(stream, "abc");
    peer.discard();
    peer.engine.receive(windowUpdateFrame(1, 2));
    assert.deepEqual(peer.takeSent(), ["DATA 1 2"]);
    peer.engine.receive(windowUpdateFrame(1, 2));
    assert.deepEqual(peer.takeSent(), ["DATA 1 1"]);
  }
});
