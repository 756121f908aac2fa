/** The frames of the matrix: every type, well formed, so that nothing but the state can be wrong. RFC 9113 section 6. */
import {
  continuationFrame,
  dataFrame,
  END_HEADERS,
  goAwayFrame,
  headersFrame,
  pingFrame,
  priorityFrame,
  rawFrame,
  rstFrame,
  settingsFrame,
  Type,
  uint32,
  windowUpdateFrame,
} from "../../testing/frames.js";
import type { FrameName } from "./frame-name.js";
import type { Peer } from "./peer.js";
import type { State } from "./state.js";

/** The octets that DATA carries. */
export const BODY = "body";
/** What WINDOW_UPDATE adds. */
export const CREDIT = 1000;
export const PING_PAYLOAD = "12345678";

const CANCEL = 8;
const NO_ERROR = 0;
const MAX_HEADER_LIST_SIZE = 6;
const UNKNOWN_TYPE = 0xfa;

/** The octets of a frame for the stream of a state. */
type MakeFrame = (state: State, peer: Peer) => Buffer;

export const FRAMES: { readonly [K in FrameName]: MakeFrame } = {
  DATA: ({ streamId }) => dataFrame(streamId, BODY),
  "DATA with END_STREAM": ({ streamId }) => dataFrame(streamId, BODY, { end: true }),
  HEADERS: ({ streamId, fields }, peer) => headersFrame(streamId, peer.insertingBlock(...fields)),
  "HEADERS with END_STREAM": ({ streamId, fields }, peer) =>
    headersFrame(streamId, peer.insertingBlock(...fields), { end: true }),
  PRIORITY: ({ streamId }) => priorityFrame(streamId),
  RST_STREAM: ({ streamId }) => rstFrame(streamId, CANCEL),
  SETTINGS: () => settingsFrame([MAX_HEADER_LIST_SIZE, 9000]),
  "SETTINGS with the stream's id": ({ streamId }) => rawFrame(Type.SETTINGS, 0, streamId),
  PUSH_PROMISE: ({ streamId, fields }, peer) =>
    rawFrame(Type.PUSH_PROMISE, END_HEADERS, streamId, Buffer.concat([uint32(2), peer.insertingBlock(...fields)])),
  PING: () => pingFrame(PING_PAYLOAD),
  "PING with the stream's id": ({ streamId }) => rawFrame(Type.PING, 0, streamId, PING_PAYLOAD),
  GOAWAY: ({ peerLastId }) => goAwayFrame(peerLastId, NO_ERROR),
  "GOAWAY with the stream's id": ({ streamId }) => rawFrame(Type.GOAWAY, 0, streamId, Buffer.alloc(8)),
  WINDOW_UPDATE: ({ streamId }) => windowUpdateFrame(streamId, CREDIT),
  "WINDOW_UPDATE of the connection": () => windowUpdateFrame(0, CREDIT),
  CONTINUATION: ({ streamId }, peer) => continuationFrame(streamId, peer.restOfBlock, true),
  "a frame of unknown type": ({ streamId }) => rawFrame(UNKNOWN_TYPE, 0xff, streamId, "whatever"),
  "a frame of unknown type on stream 0": () => rawFrame(UNKNOWN_TYPE, 0xff, 0, "whatever"),
};
