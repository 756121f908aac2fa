/** Frames that are malformed in themselves, or on a stream where they may not be. RFC 9113 sections 4.2, 5.5 and 6. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine, Engine, REQUEST, REQUEST_TEXT } from "../testing/engine.js";
import {
  ACK,
  block,
  continuationFrame,
  dataFrame,
  END_HEADERS,
  goAwayFrame,
  headersFrame,
  PADDED,
  PREFACE,
  PRIORITY,
  pingFrame,
  priorityFrame,
  rawFrame,
  rstFrame,
  SETTINGS_ACK,
  settingsFrame,
  Type,
  windowUpdateFrame,
} from "../testing/frames.js";

const PROTOCOL_ERROR = 1;
const FRAME_SIZE_ERROR = 6;

const BLOCK = block(...REQUEST);

/** What ends the connection, wherever it comes. Stream 1 is open. */
const connectionErrors: readonly (readonly [what: string, frame: Buffer, code: number])[] = [
  ["DATA on stream 0", dataFrame(0, "x"), PROTOCOL_ERROR],
  ["DATA on an idle stream", dataFrame(5, "x"), PROTOCOL_ERROR],
  ["DATA on an even stream", dataFrame(2, "x"), PROTOCOL_ERROR],
  ["padded DATA without a pad length", rawFrame(Type.DATA, PADDED, 1), FRAME_SIZE_ERROR],
  ["DATA with as much padding as payload", rawFrame(Type.DATA, PADDED, 1, Buffer.from([2, 0])), PROTOCOL_ERROR],
  ["DATA that is padding beyond its end", rawFrame(Type.DATA, PADDED, 1, Buffer.from([255, 0])), PROTOCOL_ERROR],
  ["HEADERS on stream 0", headersFrame(0, BLOCK), PROTOCOL_ERROR],
  ["HEADERS on an even stream", headersFrame(4, BLOCK), PROTOCOL_ERROR],
  ["padded HEADERS without a pad length", rawFrame(Type.HEADERS, PADDED | END_HEADERS, 3), FRAME_SIZE_ERROR],
  ["HEADERS without room for priorities", rawFrame(Type.HEADERS, PRIORITY | END_HEADERS, 3, "abcd"), FRAME_SIZE_ERROR],
  ["HEADERS with too much padding", rawFrame(Type.HEADERS, PADDED | END_HEADERS, 3, "\u0004abc"), PROTOCOL_ERROR],
  ["HEADERS that cannot be decoded", headersFrame(3, Buffer.from([0x80])), 9],
  ["PRIORITY on stream 0", priorityFrame(0), PROTOCOL_ERROR],
  ["RST_STREAM on stream 0", rstFrame(0, 8), PROTOCOL_ERROR],
  ["RST_STREAM on an idle stream", rstFrame(3, 8), PROTOCOL_ERROR],
  ["RST_STREAM of three octets", rawFrame(Type.RST_STREAM, 0, 1, "abc"), FRAME_SIZE_ERROR],
  ["RST_STREAM of five octets", rawFrame(Type.RST_STREAM, 0, 1, "abcde"), FRAME_SIZE_ERROR],
  ["SETTINGS on a stream", rawFrame(Type.SETTINGS, 0, 1), PROTOCOL_ERROR],
  ["SETTINGS of five octets", rawFrame(Type.SETTINGS, 0, 0, "abcde"), FRAME_SIZE_ERROR],
  ["SETTINGS ACK with a payload", rawFrame(Type.SETTINGS, ACK, 0, "abcdef"), FRAME_SIZE_ERROR],
  ["SETTINGS ACK without SETTINGS", SETTINGS_ACK, PROTOCOL_ERROR],
  [
    "PUSH_PROMISE",
    rawFrame(Type.PUSH_PROMISE, END_HEADERS, 1, Buffer.concat([Buffer.alloc(4), BLOCK])),
    PROTOCOL_ERROR,
  ],
  ["PING on a stream", rawFrame(Type.PING, 0, 1, "12345678"), PROTOCOL_ERROR],
  ["PING of seven octets", pingFrame("1234567"), FRAME_SIZE_ERROR],
  ["PING ACK of nine octets", pingFrame("123456789", true), FRAME_SIZE_ERROR],
  ["GOAWAY on a stream", rawFrame(Type.GOAWAY, 0, 1, "12345678"), PROTOCOL_ERROR],
  ["GOAWAY of seven octets", rawFrame(Type.GOAWAY, 0, 0, "1234567"), FRAME_SIZE_ERROR],
  ["WINDOW_UPDATE of three octets", rawFrame(Type.WINDOW_UPDATE, 0, 1, "abc"), FRAME_SIZE_ERROR],
  ["WINDOW_UPDATE of 0 on the connection", windowUpdateFrame(0, 0), PROTOCOL_ERROR],
  ["WINDOW_UPDATE on an idle stream", windowUpdateFrame(3, 1), PROTOCOL_ERROR],
  ["CONTINUATION without HEADERS", continuationFrame(1, BLOCK, true), PROTOCOL_ERROR],
  ["DATA larger than the limit", dataFrame(1, Buffer.alloc(16_385)), FRAME_SIZE_ERROR],
  ["an unknown frame larger than the limit", rawFrame(0xfa, 0, 0, Buffer.alloc(16_385)), FRAME_SIZE_ERROR],
];

for (const [what, frame, code] of connectionErrors) {
  test(`${what} ends the connection with ${code}, after what came before and before what comes after`, () => {
    for (const first of [frame.length, 9, 1]) {
      const engine = createEngine("server");
      engine.receiveRequest(1);
      engine.sink.takeLog();
      const octets = Buffer.concat([dataFrame(1, "before"), frame, dataFrame(1, "after")]);
      engine.receive(octets.subarray(0, 15 + first));
      engine.receive(octets.subarray(15 + first));
      const log = engine.sink.log;
      assert.equal(log[0], 'data 1 "before"');
      assert.match(log[1] as string, /^reset 1 [A-Z_]+ connection library$/);
      assert.equal(log[2], "closed 1");
      assert.match(log[3] as string, /^fatal [A-Z_]+ library$/);
      assert.equal(log.length, 4);
      assert.equal(engine.sink.lastError.code, code);
      assert.deepEqual(engine.takeSent(), [`GOAWAY 1 ${code}`]);
      assert.equal(engine.connection.fatal, engine.sink.lastError);
    }
  });
}

test("a frame that is too large is refused on its header, before its payload has come", () => {
  const engine = createEngine("server");
  engine.receive(dataFrame(1, Buffer.alloc(16_385)).subarray(0, 9));
  assert.equal(engine.sink.lastError.code, FRAME_SIZE_ERROR);
});

test("frames of unknown types and flags that mean nothing are ignored", () => {
  const engine = createEngine("server");
  engine.receive(rawFrame(0xfa, 0xff, 0, "anything"), rawFrame(0x0a, 0, 77, ""));
  engine.receive(headersFrame(1, BLOCK), rawFrame(Type.DATA, 0xf0 & ~PADDED, 1, "x"));
  engine.receive(rawFrame(Type.PING, 0xfe, 0, "12345678"), rawFrame(Type.WINDOW_UPDATE, 0xff, 0, "\0\0\0\u0001"));
  assert.deepEqual(engine.sink.log, [`headers 1 ${REQUEST_TEXT}`, 'data 1 "x"']);
  assert.deepEqual(engine.takeSent(), ["PING ACK 12345678"]);
});

test("the reserved bit of a stream id, of a credit and of a last stream id is ignored", () => {
  const engine = createEngine("server");
  engine.receive(headersFrame(0x80000001, BLOCK), dataFrame(0x80000001, "x"), windowUpdateFrame(1, 0x80000001));
  engine.receive(goAwayFrame(0x80000003, 0));
  assert.deepEqual(engine.sink.log, [`headers 1 ${REQUEST_TEXT}`, 'data 1 "x"', "goaway 3 NO_ERROR "]);
});

test("PRIORITY is ignored on open, idle and closed streams", () => {
  const engine = createEngine("server");
  engine.receiveRequest(1);
  engine.receive(priorityFrame(1), priorityFrame(99), priorityFrame(2), rstFrame(1, 8), priorityFrame(1));
  assert.equal(engine.fatalCode, undefined);
  assert.deepEqual(engine.takeSent(), []);
});

test("PRIORITY of another size than 5 resets its stream", () => {
  const engine = createEngine("server");
  engine.receiveRequest(1);
  engine.receive(priorityFrame(1, 4));
  assert.deepEqual(engine.takeSent(), [`RST_STREAM 1 ${FRAME_SIZE_ERROR}`]);
  assert.equal(engine.fatalCode, undefined);
});

test("a PING is echoed, and its acknowledgement is told", () => {
  const engine = createEngine("client");
  engine.receive(pingFrame("abcdefgh"));
  engine.connection.ping(Buffer.from("12345678"));
  assert.deepEqual(engine.takeSent(), ["PING ACK abcdefgh", "PING 12345678"]);
  engine.receive(pingFrame("12345678", true));
  assert.deepEqual(engine.sink.log, ["pong 12345678"]);
});

test("a HEADERS frame may have padding and priorities", () => {
  const engine = createEngine("server");
  engine.receive(headersFrame(1, BLOCK, { pad: 200, priority: true, end: true }));
  assert.deepEqual(engine.sink.log, [`headers 1 ${REQUEST_TEXT} end`, "end 1"]);
});

test("a server starts with SETTINGS, and a client with the preface and SETTINGS without push", () => {
  const server = new Engine("server");
  server.connection.start();
  assert.deepEqual(server.takeSent(), ["SETTINGS 3=1000 6=8192", `WINDOW_UPDATE 0 +${1_048_576 - 65_535}`]);
  const client = new Engine("client", { connectionWindowBytes: 1 });
  client.connection.start();
  const octets = client.takeOctets();
  assert.deepEqual(octets, Buffer.concat([PREFACE, settingsFrame([2, 0], [6, 8192])]));
});

test("whoever does not send the preface is told so, however it is cut", () => {
  for (const cut of [1, 3, 5, 100]) {
    const engine = new Engine("server");
    engine.connection.start();
    engine.takeFrames();
    const octets = Buffer.from("PRI * HTTP/1.1\r\nHost: a\r\n\r\n");
    for (let at = 0; at < octets.length; at += cut) engine.receive(octets.subarray(at, at + cut));
    assert.deepEqual(engine.sink.log, ["fatal PROTOCOL_ERROR library"]);
    assert.deepEqual(engine.takeSent(), [`GOAWAY 0 ${PROTOCOL_ERROR}`]);
  }
});

test("a server that does not begin with SETTINGS is given up at its first octet, and the error shows what it sent", () => {
  for (const [octets, shown] of [
    [Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), /it sent "HTTP\/1\.1 400 Bad Request\\r\\n\\r\\n"$/],
    [Buffer.from([0x15, 3, 3, 0, 2, 2, 70]), /it sent ".*", which is TLS, while this side speaks plain text$/],
    [Buffer.from("x"), /it sent "x"$/],
  ] as const) {
    const engine = new Engine("client");
    engine.connection.start();
    engine.receive(octets);
    assert.deepEqual(engine.sink.log, ["fatal PROTOCOL_ERROR library"]);
    assert.match(engine.sink.lastError.reason, shown);
  }
});

test("a client that begins a TLS handshake is told apart", () => {
  const engine = new Engine("server");
  engine.connection.start();
  engine.receive(Buffer.from([0x16, 3, 1, 2, 0]));
  assert.match(engine.sink.lastError.reason, /, which is TLS, while this side speaks plain text$/);
});

test("the first frame must be SETTINGS, and an acknowledgement is none", () => {
  for (const role of ["client", "server"] as const) {
    for (const frame of [pingFrame("12345678"), headersFrame(1, BLOCK), SETTINGS_ACK, rawFrame(0xfa, 0, 0)]) {
      const engine = new Engine(role);
      engine.connection.start();
      if (role === "server") engine.receive(PREFACE);
      engine.receive(frame);
      assert.deepEqual(engine.sink.log, ["fatal PROTOCOL_ERROR library"]);
      assert.ok(!engine.connection.isEstablished);
    }
  }
});
