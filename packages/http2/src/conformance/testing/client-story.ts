/** What a server says to a client in a long conversation, with everything that RFC 9113 allows it, and an error at the end. */
import { HpackEncoder } from "../../hpack/encoder.js";
import { HeaderList } from "../../hpack/header-list.js";
import { Engine, REQUEST, RESPONSE, TRAILERS } from "../../testing/engine.js";
import {
  dataFrame,
  goAwayFrame,
  pingFrame,
  priorityFrame,
  rawFrame,
  rstFrame,
  SETTINGS_ACK,
  settingsFrame,
  windowUpdateFrame,
} from "../../testing/frames.js";
import { bodyOf, encodedHeaders, type Story, UnitReader } from "./story.js";

const TABLE_BYTES = 200;
const UNIT_BYTES = 500;
const HEADER_TABLE_SIZE = 1;
const MAX_CONCURRENT_STREAMS = 3;
const INITIAL_WINDOW_SIZE = 4;
const { NO_ERROR, CANCEL, REFUSED_STREAM } = { NO_ERROR: 0, CANCEL: 8, REFUSED_STREAM: 7 };
const LARGE_REQUEST = HeaderList.of(...REQUEST, "x-large", "\u00ff".repeat(17_000));

function createOctets(): Buffer {
  const encoder = new HpackEncoder();
  const parts = [
    settingsFrame([INITIAL_WINDOW_SIZE, 400], [MAX_CONCURRENT_STREAMS, 7], [0xabcd, 1]),
    encodedHeaders(encoder, 1, [":status", "103", "link", "a value that goes into the table"], 2),
    encodedHeaders(encoder, 1, [...RESPONSE, "link", "a value that goes into the table"], 3, { pad: 7 }),
    dataFrame(1, bodyOf(800, 1)),
    SETTINGS_ACK,
  ];
  encoder.setPeerTableSize(TABLE_BYTES);
  parts.push(
    encodedHeaders(encoder, 3, [...RESPONSE, "x-second", "y".repeat(50)], 1, { priority: true }),
    dataFrame(3, bodyOf(450, 2), { pad: 255 }),
    windowUpdateFrame(1, 700),
    dataFrame(1, bodyOf(150, 3), { pad: 0 }),
    pingFrame("abcdefgh"),
    dataFrame(3, "", { pad: 20 }),
    encodedHeaders(encoder, 1, [...TRAILERS, "x-second", "y".repeat(50)], 2, { end: true }),
    rstFrame(1, NO_ERROR),
    encodedHeaders(encoder, 5, [":status", "204"], 1, { end: true, pad: 30 }),
    windowUpdateFrame(0, 50_000),
    settingsFrame([INITIAL_WINDOW_SIZE, 50], [HEADER_TABLE_SIZE, 64]),
    rstFrame(7, REFUSED_STREAM),
    dataFrame(7, bodyOf(20, 4)),
    encodedHeaders(encoder, 9, [":status", "100"], 1),
    encodedHeaders(encoder, 9, [...RESPONSE, "content-length", "1100"], 1),
    dataFrame(9, bodyOf(1080, 5)),
    settingsFrame([INITIAL_WINDOW_SIZE, 3000]),
    windowUpdateFrame(9, 500),
    dataFrame(9, bodyOf(20, 6), { end: true }),
    rawFrame(0xfb, 0xff, 9, "an unknown type"),
    priorityFrame(3),
    encodedHeaders(encoder, 11, [...RESPONSE, "Upper", "case"], 1),
    dataFrame(11, bodyOf(40, 7)),
    rstFrame(13, CANCEL),
    pingFrame("settings", true),
    encodedHeaders(encoder, 15, [...RESPONSE, "x-third", "z".repeat(30)], 5),
    dataFrame(15, bodyOf(900, 8)),
    goAwayFrame(0x7fffffff, NO_ERROR, "the server will leave"),
    encodedHeaders(encoder, 3, TRAILERS, 1, { end: true }),
    goAwayFrame(15, NO_ERROR, "the server leaves"),
    pingFrame("ijklmnop"),
    encodedHeaders(encoder, 17, [...RESPONSE, "x-third", "z".repeat(30)], 1),
    windowUpdateFrame(17, 1),
    dataFrame(15, "", { end: true, pad: 9 }),
    rawFrame(0x0c, 0, 0, "another"),
    goAwayFrame(17, NO_ERROR, "raised"),
    pingFrame("not read"),
  );
  return Buffer.concat(parts);
}

/** A client that has six calls at once, and begins another with each that ends, as long as it may. */
function createClient(): Engine {
  const engine = new Engine("client", { headerTableBytes: TABLE_BYTES, streamWindowBytes: 2000 });
  const { connection, sink } = engine;
  const reader = new UnitReader(UNIT_BYTES);
  const call = (): void => {
    const stream = connection.openStream(undefined);
    connection.sendHeaders(stream, stream.id % 8 === 1 ? LARGE_REQUEST : HeaderList.of(...REQUEST), false);
    engine.sendData(stream, bodyOf(600, stream.id));
    if (stream.id !== 3) connection.end(stream, stream.id === 5 ? HeaderList.of("x-sent", "all") : undefined);
  };
  sink.react = {
    onData: (stream, _chunk, start, end) =>
      reader.read(stream, end - start, (bytes) => {
        connection.consume(stream, bytes);
        if (connection.canSend(stream)) engine.sendData(stream, bodyOf(250, stream.id));
      }),
    onEnd: (stream) => {
      if (connection.canSend(stream)) connection.end(stream, undefined);
    },
    onClosed: () => {
      if (connection.canOpenStream) call();
    },
    onSettings: () => connection.ping(Buffer.from("settings")),
    onPingAck: (payload) => connection.ping(payload),
  };
  connection.start();
  for (let i = 0; i < 6; i++) call();
  return engine;
}

export const CLIENT_STORY: Story = { role: "client", octets: createOctets(), create: createClient };
