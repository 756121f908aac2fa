/**
 * A header block that cannot be decoded ends the connection, wherever it comes and whether anybody wants it, since the tables of the
 * two sides are then out of step. RFC 9113 section 4.3, RFC 7541 sections 2.3.3, 4.2, 5.1, 5.2 and 6.3.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Role } from "../connection/options.js";
import { HeaderList } from "../hpack/header-list.js";
import { createEngine, Engine, REQUEST, RESPONSE } from "../testing/engine.js";
import { block, continuationFrame, headersFrame, PREFACE, SETTINGS_ACK, settingsFrame } from "../testing/frames.js";
import { FIXED_WINDOWS, Peer } from "./testing/peer.js";

const COMPRESSION_ERROR = 9;
const CANCEL = 8;

/** Blocks with an error in their last field. */
const BAD_FIELDS: readonly (readonly [what: string, octets: readonly number[]])[] = [
  ["index 0", [0x80]],
  ["an index past the static table and an empty dynamic one", [0xbe + 60]],
  ["a name with an index past the tables", [0x7f, 0x40]],
  ["an integer that never ends", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]],
  ["an integer that is cut", [0xff, 0x80]],
  ["a string that is longer than the block", [0x00, 0x01, 0x61, 0x05, 0x62]],
  ["a literal without a value", [0x00, 0x01, 0x61]],
  ["Huffman code with the end of string in it", [0x00, 0x84, 0xff, 0xff, 0xff, 0xff, 0x01, 0x62]],
  ["Huffman code with more than seven bits of padding", [0x00, 0x82, 0x1f, 0xff, 0x01, 0x62]],
  ["Huffman code with zeros for padding", [0x00, 0x81, 0x18, 0x01, 0x62]],
  ["a size update behind a field", [0x20]],
  ["a size update beyond the limit", [0x3f, 0xe2, 0x1f]],
];

interface Place {
  readonly what: string;
  readonly role: Role;
  /** Brings a connection to where a block for `streamId` comes. */
  readonly arrange: () => Peer;
  readonly streamId: number;
  readonly fields: readonly string[];
}

function withCall(role: Role, arrange: (peer: Peer) => void): () => Peer {
  return () => {
    const peer = new Peer(role);
    peer.openCall(1);
    arrange(peer);
    peer.discard();
    return peer;
  };
}

const PLACES: readonly Place[] = [
  { what: "a request", role: "server", arrange: () => new Peer("server"), streamId: 1, fields: REQUEST },
  { what: "trailers", role: "server", arrange: withCall("server", () => {}), streamId: 1, fields: ["x-last", "1"] },
  {
    what: "trailers of a stream that we have reset",
    role: "server",
    arrange: withCall("server", (peer) => peer.engine.connection.reset(peer.stream(1), CANCEL, "enough")),
    streamId: 1,
    fields: ["x-last", "1"],
  },
  {
    what: "a request that is refused",
    role: "server",
    arrange: () => new Peer("server", createEngine("server", { ...FIXED_WINDOWS, maxConcurrentStreams: 0 })),
    streamId: 1,
    fields: REQUEST,
  },
  {
    what: "HEADERS after END_STREAM",
    role: "server",
    arrange: () => {
      const peer = new Peer("server");
      peer.engine.receive(headersFrame(1, peer.insertingBlock(...REQUEST), { end: true }));
      peer.discard();
      return peer;
    },
    streamId: 1,
    fields: ["x-last", "1"],
  },
  { what: "a response", role: "client", arrange: withCall("client", () => {}), streamId: 1, fields: RESPONSE },
  {
    what: "an informational response",
    role: "client",
    arrange: withCall("client", () => {}),
    streamId: 1,
    fields: [":status", "103"],
  },
  {
    what: "trailers",
    role: "client",
    arrange: withCall("client", (peer) => peer.receiveResponse(1)),
    streamId: 1,
    fields: ["x-last", "1"],
  },
  {
    what: "the response of a stream that we have reset",
    role: "client",
    arrange: withCall("client", (peer) => peer.engine.connection.reset(peer.stream(1), CANCEL, "enough")),
    streamId: 1,
    fields: RESPONSE,
  },
];

for (const { what, role, arrange, streamId, fields } of PLACES) {
  test(`${role}: ${what} that cannot be decoded is a connection error COMPRESSION_ERROR, in one frame or in parts (4.3)`, () => {
    for (const [why, octets] of BAD_FIELDS) {
      const bad = Buffer.concat([block(...fields), Buffer.from(octets)]);
      for (const cut of [bad.length, 5]) {
        const peer = arrange();
        const whole = cut === bad.length;
        peer.engine.receive(headersFrame(streamId, bad.subarray(0, cut), { end: true, endHeaders: whole }));
        if (!whole) peer.engine.receive(continuationFrame(streamId, bad.subarray(cut), true));
        assert.equal(peer.engine.fatalCode, COMPRESSION_ERROR, why);
        assert.match(peer.takeSent().at(-1) ?? "", /^GOAWAY \d+ 9$/, why);
        const told = peer.engine.sink.takeLog();
        assert.ok(!told.some((line) => /^(headers|trailers|end)/.test(line)), `${why}: ${told}`);
      }
    }
  });

  test(`${role}: ${what} with an empty block is read as having no fields (4.3)`, () => {
    const peer = arrange();
    peer.engine.receive(headersFrame(streamId, Buffer.alloc(0), { end: true }));
    assert.equal(peer.engine.fatalCode, undefined);
  });
}

for (const role of ["server", "client"] as const) {
  const fields = role === "server" ? REQUEST : RESPONSE;

  /** A connection whose table may hold 100 octets at most, once that is acknowledged. */
  const createSmall = (): Peer => {
    const engine = new Engine(role, { ...FIXED_WINDOWS, headerTableBytes: 100 });
    engine.connection.start();
    if (role === "server") engine.receive(PREFACE);
    engine.receive(settingsFrame());
    const peer = new Peer(role, engine);
    if (role === "client") for (const id of [1, 3]) peer.openCall(id);
    peer.discard();
    return peer;
  };

  test(`${role}: the first block after a smaller table was acknowledged must begin with a size update (4.3.1)`, () => {
    for (const update of [[0x3f, 0x45], [0x20], [0x20, 0x3f, 0x45]]) {
      const good = createSmall();
      good.engine.receive(headersFrame(1, good.insertingBlock(...fields)), SETTINGS_ACK);
      good.engine.receive(headersFrame(3, Buffer.concat([Buffer.from(update), good.insertingBlock(...fields)])));
      assert.equal(good.engine.fatalCode, undefined);
      assert.equal(good.engine.sink.logOf(3).length, 1);
    }
    for (const update of [[], [0x3f, 0x46]]) {
      const bad = createSmall();
      bad.engine.receive(headersFrame(1, bad.insertingBlock(...fields)), SETTINGS_ACK);
      bad.engine.receive(headersFrame(3, Buffer.concat([Buffer.from(update), block(...fields)])));
      assert.equal(bad.engine.fatalCode, COMPRESSION_ERROR, `${update}`);
    }
  });

  test(`${role}: a block after a connection error is not decoded, and nothing of it is told (5.4.1)`, () => {
    const peer = createSmall();
    peer.engine.receive(headersFrame(1, Buffer.from([0x80])));
    peer.discard();
    peer.engine.receive(headersFrame(3, block(...fields)), headersFrame(3, Buffer.from([0x80])));
    assert.deepEqual({ told: peer.engine.sink.log, sent: peer.takeSent() }, { told: [], sent: [] });
    assert.equal(peer.engine.fatalCode, COMPRESSION_ERROR);
  });
}

test("a block of an id that cannot be decoded and cannot be used is an error of either kind, and ends the connection (5.4)", () => {
  for (const role of ["server", "client"] as const) {
    const peer = new Peer(role);
    peer.engine.receive(headersFrame(2, Buffer.from([0x80])));
    assert.ok([1, COMPRESSION_ERROR].includes(peer.engine.fatalCode ?? 0));
  }
});

test("a server's blocks can be decoded while the peer's table shrinks and grows between them (RFC 7541 4.2)", () => {
  const peer = new Peer("server");
  const { connection } = peer.engine;
  for (const id of [1, 3, 5, 7]) {
    const stream = peer.openCall(id);
    peer.takeSent();
    connection.sendHeaders(stream, HeaderList.of(...RESPONSE, "x-kept", "in the table"), true);
    assert.deepEqual(peer.takeSent()[0], `HEADERS ${id} end :status 200 x-kept in the table`);
    // The peer's own decoder keeps 4096 octets, so a size update of the encoder's is what makes them agree.
    peer.engine.receive(settingsFrame([1, id % 4 === 1 ? 0 : 4096]));
  }
});
