/** What a client says to a server in a long conversation, with everything that RFC 9113 allows it, and an error at the end. */
import { HpackEncoder } from "../../hpack/encoder.js";
import { HeaderList } from "../../hpack/header-list.js";
import { Engine, RESPONSE, TRAILERS } from "../../testing/engine.js";
import {
  continuationFrame,
  dataFrame,
  goAwayFrame,
  headersFrame,
  PREFACE,
  pingFrame,
  priorityFrame,
  rawFrame,
  rstFrame,
  SETTINGS_ACK,
  settingsFrame,
  windowUpdateFrame,
} from "../../testing/frames.js";
import { bodyOf, encodedHeaders, type Story, UnitReader } from "./story.js";

const TABLE_BYTES = 256;
const UNIT_BYTES = 500;
const INITIAL_WINDOW_SIZE = 4;
const HEADER_TABLE_SIZE = 1;
const CANCEL = 8;
const ANSWER = HeaderList.of(...RESPONSE);
/** More than fits into a frame, so that CONTINUATION follows. */
const LARGE_ANSWER = HeaderList.of(...RESPONSE, "x-large", "\u00ff".repeat(17_000));

function fieldsOf(path: string, ...others: readonly string[]): string[] {
  return [":method", "POST", ":scheme", "http", ":path", path, ":authority", "host", "te", "trailers", ...others];
}

function createOctets(): Buffer {
  const encoder = new HpackEncoder();
  const parts = [
    PREFACE,
    settingsFrame([INITIAL_WINDOW_SIZE, 1500], [0xabcd, 1], [HEADER_TABLE_SIZE, 100]),
    windowUpdateFrame(0, 1000),
    encodedHeaders(encoder, 1, fieldsOf("/stream", "x-first", "a value that goes into the table"), 1, {
      pad: 5,
      priority: true,
    }),
    dataFrame(1, bodyOf(1300, 1)),
    pingFrame("abcdefgh"),
    encodedHeaders(encoder, 3, fieldsOf("/whole", "x-first", "a value that goes into the table"), 4, { end: true }),
    SETTINGS_ACK,
  ];
  // From its acknowledgement on, the client keeps to the table that the server has announced.
  encoder.setPeerTableSize(TABLE_BYTES);
  parts.push(
    encodedHeaders(encoder, 5, fieldsOf("/stream", "x-second", "x".repeat(60)), 3, { pad: 0 }),
    dataFrame(5, bodyOf(700, 2), { pad: 255 }),
    dataFrame(1, "", { pad: 17 }),
    dataFrame(1, "a"),
    dataFrame(5, bodyOf(45, 3), { pad: 1 }),
    windowUpdateFrame(3, 900),
    encodedHeaders(encoder, 7, fieldsOf("/early"), 1),
    dataFrame(7, bodyOf(300, 4)),
    encodedHeaders(encoder, 7, ["x-late", "trailers"], 2, { end: true }),
    rawFrame(0xfa, 0xff, 3, "an unknown type"),
    priorityFrame(1),
    settingsFrame([INITIAL_WINDOW_SIZE, 100]),
    encodedHeaders(encoder, 9, fieldsOf("/cancel", "x-second", "x".repeat(60)), 1),
    dataFrame(9, bodyOf(100, 5), { pad: 3, end: true }),
    encodedHeaders(encoder, 11, fieldsOf("/stream"), 1),
    dataFrame(11, bodyOf(600, 6)),
    rstFrame(11, CANCEL),
    windowUpdateFrame(11, 0),
    encodedHeaders(encoder, 13, [":method", "POST", ":scheme", "http", "x-no", "path"], 2),
    dataFrame(13, bodyOf(50, 7)),
    windowUpdateFrame(0, 60_000),
    windowUpdateFrame(1, 2500),
    dataFrame(1, bodyOf(250, 8)),
    encodedHeaders(encoder, 1, ["x-trailer", "the first call's", "x-first", "again"], 1, { end: true, pad: 40 }),
    settingsFrame([INITIAL_WINDOW_SIZE, 1500], [HEADER_TABLE_SIZE, 4096]),
    windowUpdateFrame(3, 10_000),
    pingFrame("settings", true),
    encodedHeaders(encoder, 15, fieldsOf("/stream", "content-length", "620"), 1),
    dataFrame(15, bodyOf(600, 9)),
    dataFrame(15, bodyOf(20, 10), { end: true }),
    dataFrame(5, "", { end: true, pad: 2 }),
    windowUpdateFrame(5, 0),
    goAwayFrame(0, 0, "the client leaves"),
    pingFrame("heddle\0\0", true),
    encodedHeaders(encoder, 17, fieldsOf("/stream"), 1),
    dataFrame(17, bodyOf(30, 11), { end: true }),
    rawFrame(0x0b, 0, 0, "another"),
    windowUpdateFrame(15, 5000),
    headersFrame(19, Buffer.alloc(0), { endHeaders: false }),
    continuationFrame(19, Buffer.alloc(0), false),
    dataFrame(1, "in the middle of a header block"),
    dataFrame(3, "not read"),
  );
  return Buffer.concat(parts);
}

function createServer(): Engine {
  const engine = new Engine("server", { headerTableBytes: TABLE_BYTES, streamWindowBytes: 2000 });
  const { connection, sink } = engine;
  const paths = new Map<number, string>();
  const reader = new UnitReader(UNIT_BYTES);
  sink.react = {
    onHeaders: (stream, headers) => {
      const path = headers.get(":path") as string;
      paths.set(stream.id, path);
      if (path === "/stream") connection.sendHeaders(stream, stream.id === 5 ? LARGE_ANSWER : ANSWER, false);
      else if (path === "/early") connection.sendHeaders(stream, ANSWER, true);
      else if (path === "/cancel") connection.reset(stream, CANCEL, "not this one");
    },
    onData: (stream, _chunk, start, end) =>
      reader.read(stream, end - start, (bytes) => {
        connection.consume(stream, bytes);
        if (connection.canSend(stream)) engine.sendData(stream, bodyOf(350, stream.id));
      }),
    onEnd: (stream) => {
      if (paths.get(stream.id) === "/whole") {
        connection.sendHeaders(stream, LARGE_ANSWER, false);
        engine.sendData(stream, bodyOf(4000, 3));
      }
      if (connection.canSend(stream)) connection.end(stream, HeaderList.of(...TRAILERS, "x-id", String(stream.id)));
    },
    onSettings: () => connection.ping(Buffer.from("settings")),
    onPingAck: (payload) => connection.ping(payload),
    onGoAway: () => connection.drain("the client has said so"),
  };
  connection.start();
  return engine;
}

export const SERVER_STORY: Story = { role: "server", octets: createOctets(), create: createServer };
