/**
 * The tables: what each frame means in each state, with the section of RFC 9113 that says so. In the lines that the layer above is told,
 * `%` stands for the stream's id, `$` for the fields of the header block, and `#` for the last stream id of the peer's GOAWAY.
 */
import { ErrorCode } from "../../error.js";
import { accepted, connectionError, credit, type Expectation, ignored, streamError } from "./expectation.js";
import { FRAME_NAMES, type FrameName } from "./frame-name.js";
import type { Row } from "./state.js";

const { PROTOCOL_ERROR, REFUSED_STREAM, STREAM_CLOSED } = ErrorCode;

const DATA_TOLD = 'data % "body"';
const RESET_TOLD = ["reset % CANCEL stream remote", "closed %"];

/** The same for every frame. */
function rowOf(expectation: Expectation): Row {
  return Object.fromEntries(FRAME_NAMES.map((name) => [name, expectation])) as { [K in FrameName]: Expectation };
}

/** What does not depend on the stream; a frame that belongs to the whole connection is wrong with the id of any stream. */
const CONNECTION = {
  PRIORITY: ignored("5.3.2"),
  SETTINGS: accepted("6.5.3", ["settings"], ["SETTINGS ACK"]),
  "SETTINGS with the stream's id": connectionError(PROTOCOL_ERROR, "6.5"),
  PUSH_PROMISE: connectionError(PROTOCOL_ERROR, "8.4"),
  PING: accepted("6.7", [], ["PING ACK 12345678"]),
  "PING with the stream's id": connectionError(PROTOCOL_ERROR, "6.7"),
  GOAWAY: accepted("6.8", ["goaway # NO_ERROR "]),
  "GOAWAY with the stream's id": connectionError(PROTOCOL_ERROR, "6.8"),
  "WINDOW_UPDATE of the connection": ignored("6.9"),
  CONTINUATION: connectionError(PROTOCOL_ERROR, "6.10"),
  "a frame of unknown type": ignored("5.5"),
  "a frame of unknown type on stream 0": ignored("5.5"),
} satisfies Partial<Row>;

/** Idle, and it may not begin: an id that the peer has no right to, or that we have not used yet. */
export const IDLE: Row = {
  ...CONNECTION,
  DATA: connectionError(PROTOCOL_ERROR, "5.1"),
  "DATA with END_STREAM": connectionError(PROTOCOL_ERROR, "5.1"),
  HEADERS: connectionError(PROTOCOL_ERROR, "5.1.1"),
  "HEADERS with END_STREAM": connectionError(PROTOCOL_ERROR, "5.1.1"),
  RST_STREAM: connectionError(PROTOCOL_ERROR, "6.4"),
  WINDOW_UPDATE: connectionError(PROTOCOL_ERROR, "5.1"),
};

/** Idle at a server, which may take it. */
export const IDLE_REQUEST: Row = {
  ...IDLE,
  HEADERS: accepted("5.1", ["headers % $"]),
  "HEADERS with END_STREAM": accepted("5.1", ["headers % $ end", "end %"]),
};

/** Idle at a server that has said that it takes no more. */
export const IDLE_REFUSED: Row = {
  ...IDLE,
  HEADERS: streamError(REFUSED_STREAM, "8.7"),
  "HEADERS with END_STREAM": streamError(REFUSED_STREAM, "8.7"),
};

/** Never used, while a higher id was: closed without having been open, and not to be opened any more. */
export const SKIPPED: Row = {
  ...CONNECTION,
  DATA: connectionError(STREAM_CLOSED, "5.1"),
  "DATA with END_STREAM": connectionError(STREAM_CLOSED, "5.1"),
  HEADERS: connectionError(PROTOCOL_ERROR, "5.1.1"),
  "HEADERS with END_STREAM": connectionError(PROTOCOL_ERROR, "5.1.1"),
  RST_STREAM: ignored("5.1"),
  WINDOW_UPDATE: ignored("5.1"),
};

/** Both directions are open, and the headers have come; what follows is the body and the trailers. */
export const OPEN: Row = {
  ...CONNECTION,
  DATA: accepted("6.1", [DATA_TOLD]),
  "DATA with END_STREAM": accepted("6.1", [DATA_TOLD, "end %"]),
  HEADERS: streamError(PROTOCOL_ERROR, "8.1"),
  "HEADERS with END_STREAM": accepted("8.1", ["trailers % $", "end %"]),
  RST_STREAM: accepted("6.4", RESET_TOLD),
  WINDOW_UPDATE: credit("6.9"),
};

/** At a client, before the headers of the response. */
export const OPEN_UNANSWERED: Row = {
  ...OPEN,
  DATA: streamError(PROTOCOL_ERROR, "8.1.1"),
  "DATA with END_STREAM": streamError(PROTOCOL_ERROR, "8.1.1"),
  HEADERS: accepted("8.1", ["headers % $"]),
  "HEADERS with END_STREAM": accepted("8.1", ["headers % $ end", "end %"]),
};

/** We have ended our side: the peer's END_STREAM closes the stream. */
export const HALF_CLOSED_LOCAL: Row = {
  ...OPEN,
  "DATA with END_STREAM": accepted("5.1", [DATA_TOLD, "end %", "closed %"]),
  "HEADERS with END_STREAM": accepted("5.1", ["trailers % $", "end %", "closed %"]),
  WINDOW_UPDATE: ignored("5.1"),
};

export const HALF_CLOSED_LOCAL_UNANSWERED: Row = {
  ...OPEN_UNANSWERED,
  "HEADERS with END_STREAM": accepted("5.1", ["headers % $ end", "end %", "closed %"]),
  WINDOW_UPDATE: ignored("5.1"),
};

/** The peer has ended its side. */
export const HALF_CLOSED_REMOTE: Row = {
  ...CONNECTION,
  DATA: streamError(STREAM_CLOSED, "5.1"),
  "DATA with END_STREAM": streamError(STREAM_CLOSED, "5.1"),
  HEADERS: streamError(STREAM_CLOSED, "5.1"),
  "HEADERS with END_STREAM": streamError(STREAM_CLOSED, "5.1"),
  RST_STREAM: accepted("6.4", RESET_TOLD),
  WINDOW_UPDATE: credit("6.9"),
};

/** END_STREAM went both ways: only what may have crossed ours is harmless. */
export const CLOSED_IN_ORDER: Row = {
  ...CONNECTION,
  DATA: connectionError(STREAM_CLOSED, "5.1"),
  "DATA with END_STREAM": connectionError(STREAM_CLOSED, "5.1"),
  HEADERS: connectionError(STREAM_CLOSED, "5.1"),
  "HEADERS with END_STREAM": connectionError(STREAM_CLOSED, "5.1"),
  RST_STREAM: ignored("5.1"),
  WINDOW_UPDATE: ignored("5.1"),
};

/** We have reset it: what was under way is thrown away, after the header tables have seen it. */
export const CLOSED_BY_US: Row = {
  ...CONNECTION,
  DATA: ignored("5.1"),
  "DATA with END_STREAM": ignored("5.1"),
  HEADERS: ignored("5.1"),
  "HEADERS with END_STREAM": ignored("5.1"),
  RST_STREAM: ignored("5.1"),
  WINDOW_UPDATE: ignored("5.1"),
};

/** The peer has reset it, and nothing of it can be under way; the header tables see it all the same. */
export const CLOSED_BY_PEER: Row = {
  ...CLOSED_BY_US,
  DATA: streamError(STREAM_CLOSED, "6.1"),
  "DATA with END_STREAM": streamError(STREAM_CLOSED, "6.1"),
  HEADERS: streamError(STREAM_CLOSED, "5.1"),
  "HEADERS with END_STREAM": streamError(STREAM_CLOSED, "5.1"),
};

/** Before the preface, nothing that is a frame can come: its octets are not those of the preface. */
export const BEFORE_PREFACE: Row = rowOf(connectionError(PROTOCOL_ERROR, "3.4"));

export const BEFORE_SETTINGS: Row = { ...BEFORE_PREFACE, SETTINGS: CONNECTION.SETTINGS };

/** In the middle of a header block, only the rest of it may come. `told` is for the CONTINUATION that ends it. */
export function inHeaderBlock(...told: string[]): Row {
  return { ...rowOf(connectionError(PROTOCOL_ERROR, "6.10")), CONTINUATION: accepted("6.10", told) };
}

export const OVER: Row = rowOf(ignored("5.4.1"));
