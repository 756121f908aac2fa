/**
 * Frames that are malformed in themselves, in both roles: their sizes, the streams that they may be on, their padding, and what of
 * them has to be ignored. RFC 9113 sections 4.1, 4.2 and 6.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Role } from "../connection/options.js";
import { errorCodeName } from "../error.js";
import { REQUEST, RESPONSE } from "../testing/engine.js";
import {
  ACK,
  block,
  continuationFrame,
  dataFrame,
  END_HEADERS,
  END_STREAM,
  headersFrame,
  PADDED,
  PRIORITY,
  pingFrame,
  rawFrame,
  rstFrame,
  settingsFrame,
  Type,
  uint32,
  windowUpdateFrame,
} from "../testing/frames.js";
import { Peer } from "./testing/peer.js";

const ROLES: readonly Role[] = ["server", "client"];
const PROTOCOL_ERROR = 1;
const FRAME_SIZE_ERROR = 6;

/** A connection with a call on stream 1 whose headers have come; nothing of it is left in the log or in the output. */
function createPeer(role: Role): Peer {
  const peer = new Peer(role);
  peer.openCall(1);
  if (role === "client") peer.receiveResponse(1);
  peer.discard();
  return peer;
}

/** The frame ends the connection, as a whole and octet by octet, and on its header alone if that is at fault. */
function endsConnection(role: Role, frame: Buffer, code: number): void {
  for (const step of [frame.length, 1]) {
    const peer = createPeer(role);
    for (let at = 0; at < frame.length; at += step) peer.engine.receive(frame.subarray(at, at + step));
    const name = errorCodeName(code);
    assert.deepEqual(peer.engine.sink.takeLog(), [
      `reset 1 ${name} connection library`,
      "closed 1",
      `fatal ${name} library`,
    ]);
    assert.deepEqual(peer.takeSent(), [`GOAWAY ${role === "server" ? 1 : 0} ${code}`]);
  }
}

/** Nothing is told or sent, and the connection goes on with stream 1. */
function isIgnored(role: Role, ...frames: readonly Buffer[]): void {
  const peer = createPeer(role);
  peer.engine.receive(...frames);
  assert.deepEqual({ told: peer.engine.sink.takeLog(), sent: peer.takeSent() }, { told: [], sent: [] });
  peer.engine.receive(headersFrame(1, peer.referringBlock("x-last", "1"), { end: true }));
  assert.deepEqual(peer.engine.sink.takeLog(), [`trailers 1 x-last 1 ${peer.lastInserted}`, "end 1"]);
}

/** Types with one size, on the stream where they belong. RFC 9113 sections 6.4, 6.7 and 6.9. */
const fixedSizes: readonly (readonly [what: string, type: number, flags: number, streamId: number, bytes: number])[] = [
  ["RST_STREAM", Type.RST_STREAM, 0, 1, 4],
  ["PING", Type.PING, 0, 0, 8],
  ["an acknowledgement of PING", Type.PING, ACK, 0, 8],
  ["WINDOW_UPDATE on the connection", Type.WINDOW_UPDATE, 0, 0, 4],
  ["WINDOW_UPDATE on a stream", Type.WINDOW_UPDATE, 0, 1, 4],
];

for (const role of ROLES) {
  for (const [what, type, flags, streamId, bytes] of fixedSizes) {
    test(`${role}: ${what} of any size but ${bytes} is a connection error FRAME_SIZE_ERROR`, () => {
      for (let size = 0; size <= 17; size++) {
        if (size === bytes) continue;
        endsConnection(role, rawFrame(type, flags, streamId, Buffer.alloc(size, 1)), FRAME_SIZE_ERROR);
      }
      endsConnection(role, rawFrame(type, flags, streamId, Buffer.alloc(16_384, 1)), FRAME_SIZE_ERROR);
    });
  }

  test(`${role}: SETTINGS of a size that is no multiple of six is a connection error FRAME_SIZE_ERROR (6.5)`, () => {
    for (let size = 1; size <= 25; size++) {
      if (size % 6 === 0) continue;
      endsConnection(role, rawFrame(Type.SETTINGS, 0, 0, Buffer.alloc(size)), FRAME_SIZE_ERROR);
    }
  });

  test(`${role}: an acknowledgement of SETTINGS with a payload is a connection error FRAME_SIZE_ERROR (6.5)`, () => {
    for (const size of [1, 5, 6, 12]) {
      endsConnection(role, rawFrame(Type.SETTINGS, ACK, 0, Buffer.alloc(size)), FRAME_SIZE_ERROR);
    }
  });

  test(`${role}: GOAWAY of fewer than eight octets is a connection error FRAME_SIZE_ERROR (4.2, 6.8)`, () => {
    for (let size = 0; size < 8; size++) {
      endsConnection(role, rawFrame(Type.GOAWAY, 0, 0, Buffer.alloc(size)), FRAME_SIZE_ERROR);
    }
  });

  test(`${role}: a frame of any type above SETTINGS_MAX_FRAME_SIZE is a connection error FRAME_SIZE_ERROR (4.2)`, () => {
    for (const type of [...Object.values(Type), 0xfa]) {
      for (const streamId of [0, 1]) {
        const frame = rawFrame(type, 0, streamId, Buffer.alloc(16_385));
        endsConnection(role, frame.subarray(0, 9), FRAME_SIZE_ERROR);
      }
    }
  });

  test(`${role}: PRIORITY of any size but 5 is a stream error FRAME_SIZE_ERROR (6.3)`, () => {
    for (const size of [0, 1, 4, 6, 100]) {
      const peer = createPeer(role);
      peer.engine.receive(rawFrame(Type.PRIORITY, 0, 1, Buffer.alloc(size)));
      assert.deepEqual(peer.takeSent(), [`RST_STREAM 1 ${FRAME_SIZE_ERROR}`]);
      assert.deepEqual(peer.engine.sink.takeLog(), ["reset 1 FRAME_SIZE_ERROR stream library", "closed 1"]);
    }
  });

  test(`${role}: PRIORITY of another size on a stream that is not open, and cannot be reset, is a connection error (5.4.2, 6.3)`, () => {
    for (const id of [2, 99, 0x7fffffff]) {
      endsConnection(role, rawFrame(Type.PRIORITY, 0, id, Buffer.alloc(4)), FRAME_SIZE_ERROR);
    }
    const peer = createPeer(role);
    peer.engine.connection.reset(peer.stream(1), 8, "enough");
    peer.engine.receive(rawFrame(Type.PRIORITY, 0, 1, Buffer.alloc(4)));
    assert.equal(peer.engine.fatalCode, FRAME_SIZE_ERROR);
  });

  test(`${role}: a PRIORITY that makes a stream depend on itself is ignored (5.3.2)`, () => {
    isIgnored(role, rawFrame(Type.PRIORITY, 0, 1, Buffer.concat([uint32(1), Buffer.from([16])])));
  });

  test(`${role}: frames that belong to a stream are a connection error PROTOCOL_ERROR on stream 0 (6.1 to 6.6, 6.10)`, () => {
    const fields = role === "server" ? REQUEST : RESPONSE;
    const frames = [
      dataFrame(0, "x"),
      dataFrame(0, "", { end: true }),
      headersFrame(0, block(...fields)),
      headersFrame(0, block(...fields), { endHeaders: false }),
      rawFrame(Type.PRIORITY, 0, 0, Buffer.alloc(5)),
      rstFrame(0, 8),
      rawFrame(Type.PUSH_PROMISE, END_HEADERS, 0, Buffer.concat([uint32(2), block(...REQUEST)])),
      continuationFrame(0, block(...fields), true),
    ];
    for (const frame of frames) endsConnection(role, frame, PROTOCOL_ERROR);
  });

  test(`${role}: frames that belong to the connection are a connection error PROTOCOL_ERROR on any stream (6.5, 6.7, 6.8)`, () => {
    for (const id of [1, 2, 99, 0x7fffffff]) {
      endsConnection(role, rawFrame(Type.SETTINGS, 0, id), PROTOCOL_ERROR);
      endsConnection(role, rawFrame(Type.SETTINGS, ACK, id), PROTOCOL_ERROR);
      endsConnection(role, rawFrame(Type.PING, 0, id, "12345678"), PROTOCOL_ERROR);
      endsConnection(role, rawFrame(Type.PING, ACK, id, "12345678"), PROTOCOL_ERROR);
      endsConnection(role, rawFrame(Type.GOAWAY, 0, id, Buffer.alloc(8)), PROTOCOL_ERROR);
    }
  });

  test(`${role}: DATA with padding as long as its payload, or longer, is a connection error PROTOCOL_ERROR (6.1)`, () => {
    for (const [pad, rest] of [
      [1, 0],
      [5, 4],
      [255, 0],
      [255, 254],
    ] as const) {
      endsConnection(role, rawFrame(Type.DATA, PADDED, 1, Buffer.from([pad, ...Buffer.alloc(rest)])), PROTOCOL_ERROR);
    }
  });

  test(`${role}: padded DATA or HEADERS without a pad length is a connection error FRAME_SIZE_ERROR (4.2)`, () => {
    endsConnection(role, rawFrame(Type.DATA, PADDED, 1), FRAME_SIZE_ERROR);
    endsConnection(role, rawFrame(Type.HEADERS, PADDED | END_HEADERS | END_STREAM, 1), FRAME_SIZE_ERROR);
  });

  test(`${role}: HEADERS with padding longer than the rest of it is a connection error PROTOCOL_ERROR (6.2)`, () => {
    const flags = PADDED | END_HEADERS | END_STREAM;
    for (const [pad, rest] of [
      [1, 0],
      [5, 4],
      [255, 254],
    ] as const) {
      const payload = Buffer.from([pad, ...Buffer.alloc(rest)]);
      endsConnection(role, rawFrame(Type.HEADERS, flags, 1, payload), PROTOCOL_ERROR);
    }
    const crowded = Buffer.from([1, ...Buffer.alloc(5)]);
    endsConnection(role, rawFrame(Type.HEADERS, flags | PRIORITY, 1, crowded), PROTOCOL_ERROR);
  });

  test(`${role}: HEADERS with the PRIORITY flag and fewer than five octets is a connection error FRAME_SIZE_ERROR (4.2)`, () => {
    for (let size = 0; size < 5; size++) {
      const frame = rawFrame(Type.HEADERS, PRIORITY | END_HEADERS | END_STREAM, 1, Buffer.alloc(size));
      endsConnection(role, frame, FRAME_SIZE_ERROR);
    }
  });

  test(`${role}: padding need not be zero, and all of it may be padding (6.1)`, () => {
    const peer = createPeer(role);
    const payload = Buffer.concat([Buffer.from([255]), Buffer.from("data"), Buffer.alloc(255, 0xff)]);
    peer.engine.receive(rawFrame(Type.DATA, PADDED, 1, payload));
    peer.engine.receive(rawFrame(Type.DATA, PADDED, 1, Buffer.from([3, 1, 2, 3])));
    peer.engine.receive(rawFrame(Type.DATA, PADDED, 1, Buffer.from([0])));
    assert.deepEqual(peer.engine.sink.takeLog(), ['data 1 "data"']);
    assert.equal(peer.engine.fatalCode, undefined);
  });

  test(`${role}: flags that a type does not define mean nothing (4.1)`, () => {
    const undefinedIn = (flags: number): number => 0xff & ~flags;
    const peer = createPeer(role);
    const { sink } = peer.engine;
    peer.engine.receive(
      rawFrame(Type.PRIORITY, 0xff, 1, Buffer.alloc(5)),
      rawFrame(Type.SETTINGS, undefinedIn(ACK), 0),
      rawFrame(Type.PING, undefinedIn(ACK), 0, "12345678"),
      rawFrame(Type.WINDOW_UPDATE, 0xff, 0, uint32(1)),
      rawFrame(Type.WINDOW_UPDATE, 0xff, 1, uint32(1)),
      rawFrame(Type.DATA, undefinedIn(END_STREAM | PADDED), 1, "data"),
    );
    assert.deepEqual(sink.takeLog(), ["settings", 'data 1 "data"']);
    assert.deepEqual(peer.takeSent(), ["SETTINGS ACK", "PING ACK 12345678"]);
    const begin = undefinedIn(END_HEADERS | PADDED | PRIORITY);
    const trailers = peer.insertingBlock("x-last", "1");
    peer.engine.receive(
      rawFrame(Type.HEADERS, begin, 1, trailers.subarray(0, 4)),
      rawFrame(Type.CONTINUATION, undefinedIn(END_HEADERS), 1, trailers.subarray(4, 8)),
      rawFrame(Type.CONTINUATION, 0xff, 1, trailers.subarray(8)),
    );
    assert.deepEqual(sink.takeLog(), [`trailers 1 x-last 1 ${peer.lastInserted}`, "end 1"]);
    peer.engine.receive(rawFrame(Type.RST_STREAM, 0xff, 1, uint32(8)), rawFrame(Type.GOAWAY, 0xff, 0, Buffer.alloc(8)));
    assert.deepEqual(sink.takeLog(), ["reset 1 CANCEL stream remote", "closed 1", "goaway 0 NO_ERROR "]);
  });

  test(`${role}: END_STREAM on CONTINUATION ends nothing (6.10)`, () => {
    const peer = new Peer(role);
    if (role === "client") peer.openCall(1);
    peer.discard();
    const fields = role === "server" ? REQUEST : RESPONSE;
    const head = peer.insertingBlock(...fields);
    peer.engine.receive(headersFrame(1, head.subarray(0, 9), { endHeaders: false }));
    peer.engine.receive(rawFrame(Type.CONTINUATION, END_HEADERS | END_STREAM, 1, head.subarray(9)));
    assert.deepEqual(peer.engine.sink.takeLog(), [`headers 1 ${fields.join(" ")} ${peer.lastInserted}`]);
  });

  test(`${role}: the reserved bit in front of a stream id is ignored, on every type (4.1)`, () => {
    const reserved = 0x80000000;
    const peer = createPeer(role);
    const { sink } = peer.engine;
    peer.engine.receive(
      rawFrame(Type.SETTINGS, 0, reserved),
      rawFrame(Type.PING, 0, reserved, "12345678"),
      windowUpdateFrame(reserved, 0x80000001),
      windowUpdateFrame(reserved + 1, 0x80000001),
      rawFrame(Type.PRIORITY, 0, reserved + 1, Buffer.alloc(5)),
      rawFrame(0xfa, 0, reserved + 1),
      dataFrame(reserved + 1, "data"),
    );
    const trailers = peer.insertingBlock("x-last", "1");
    peer.engine.receive(
      headersFrame(reserved + 1, trailers.subarray(0, 4), { endHeaders: false, end: true }),
      continuationFrame(1, trailers.subarray(4, 8), false),
      continuationFrame(reserved + 1, trailers.subarray(8), true),
      rstFrame(reserved + 1, 8),
      rawFrame(Type.GOAWAY, 0, reserved, Buffer.concat([uint32(reserved + 1), uint32(0)])),
    );
    assert.deepEqual(peer.takeSent(), ["SETTINGS ACK", "PING ACK 12345678"]);
    assert.deepEqual(sink.takeLog(), [
      "settings",
      'data 1 "data"',
      `trailers 1 x-last 1 ${peer.lastInserted}`,
      "end 1",
      "reset 1 CANCEL stream remote",
      "closed 1",
      "goaway 1 NO_ERROR ",
    ]);
  });

  test(`${role}: frames of every unknown type and any size are ignored, on any stream (4.1, 5.5)`, () => {
    for (let type = 0x0a; type <= 0xff; type++) {
      const streamId = [0, 1, 2, 99][type % 4] as number;
      isIgnored(role, rawFrame(type, type, streamId, Buffer.alloc(type === 0x80 ? 16_384 : type % 7, 0xff)));
    }
  });

  test(`${role}: PUSH_PROMISE is a connection error PROTOCOL_ERROR, whatever it promises (6.6, 8.4)`, () => {
    for (const promised of [0, 1, 2, 4, 0x7ffffffe]) {
      const payload = Buffer.concat([uint32(promised), block(...REQUEST)]);
      endsConnection(role, rawFrame(Type.PUSH_PROMISE, END_HEADERS, 1, payload), PROTOCOL_ERROR);
      endsConnection(role, rawFrame(Type.PUSH_PROMISE, 0, 1, payload), PROTOCOL_ERROR);
    }
  });

  test(`${role}: an acknowledgement of a PING that was not sent is told and not answered (6.7)`, () => {
    const peer = createPeer(role);
    peer.engine.receive(pingFrame("unasked!", true));
    assert.deepEqual(peer.engine.sink.takeLog(), ["pong unasked!"]);
    assert.deepEqual(peer.takeSent(), []);
  });

  test(`${role}: a frame that is as large as SETTINGS_MAX_FRAME_SIZE allows is read (4.2)`, () => {
    const peer = createPeer(role);
    peer.engine.receive(dataFrame(1, Buffer.alloc(16_384)), settingsFrame(), pingFrame("12345678"));
    assert.equal(peer.engine.sink.body(1).length, 16_384);
    assert.deepEqual(peer.takeSent(), ["SETTINGS ACK", "PING ACK 12345678"]);
  });
}
