/** A server's states. Stream 1 is a request that is open all the time; stream 3 is the one that the frames are for. RFC 9113 section 5.1. */
import type { ConnectionOptions } from "../../connection/options.js";
import { connectionError, ErrorCode } from "../../error.js";
import { HeaderList } from "../../hpack/header-list.js";
import { createEngine, Engine, REQUEST, RESPONSE, TRAILERS } from "../../testing/engine.js";
import { dataFrame, goAwayFrame, headersFrame, PREFACE, rawFrame, rstFrame, Type } from "../../testing/frames.js";
import { accepted } from "./expectation.js";
import { FIXED_WINDOWS, Peer } from "./peer.js";
import {
  BEFORE_PREFACE,
  BEFORE_SETTINGS,
  CLOSED_BY_PEER,
  CLOSED_BY_US,
  CLOSED_IN_ORDER,
  HALF_CLOSED_REMOTE,
  IDLE,
  IDLE_REFUSED,
  IDLE_REQUEST,
  inHeaderBlock,
  OPEN,
  OVER,
  SKIPPED,
} from "./rows.js";
import type { Row, State } from "./state.js";

const ANSWER = HeaderList.of(...RESPONSE);
const INITIAL_WINDOW_SIZE = 4;
const { CANCEL, NO_ERROR } = ErrorCode;

/** What differs from the most common state: a request on stream 3 beside the one on stream 1. */
interface Details extends Partial<State> {
  readonly options?: ConnectionOptions;
  readonly peerSettings?: readonly (readonly [number, number])[];
}

function serverState(name: string, row: Row, arrange: (peer: Peer) => void, details: Details = {}): State {
  const { options, peerSettings, ...rest } = details;
  const create = (): Peer => {
    const peer = new Peer("server", createEngine("server", { ...FIXED_WINDOWS, ...options }, peerSettings));
    peer.openCall(1);
    arrange(peer);
    peer.discard();
    return peer;
  };
  return {
    role: "server",
    name,
    create,
    streamId: 3,
    open: [1, 3],
    fields: TRAILERS,
    lastId: 3,
    peerLastId: 0,
    sequel: "a new call",
    row,
    ...rest,
  };
}

function receiveRequest(peer: Peer, end: boolean): void {
  peer.engine.receive(headersFrame(3, peer.insertingBlock(...REQUEST), { end }));
}

function answer(peer: Peer, end: boolean): void {
  peer.engine.connection.sendHeaders(peer.stream(3), ANSWER, end);
}

const idle: readonly State[] = [
  serverState("idle", IDLE_REQUEST, () => {}, { open: [1], fields: REQUEST, lastId: 1 }),
  serverState("idle, with an even id", IDLE, () => {}, { open: [1], fields: REQUEST, lastId: 1, streamId: 4 }),
  serverState("never used, below an id in use", SKIPPED, (peer) => peer.openCall(5), {
    open: [1, 5],
    fields: REQUEST,
    lastId: 5,
  }),
];

const open: readonly State[] = [
  serverState("open", OPEN, (peer) => peer.openCall(3)),
  serverState("open, bodies in both directions", OPEN, (peer) => {
    peer.openCall(3);
    peer.engine.receive(dataFrame(3, "a beginning", { pad: 3 }));
    answer(peer, false);
    peer.engine.sendData(peer.stream(3), "an answer");
  }),
  serverState(
    "open, our END_STREAM waits for the window",
    {
      ...OPEN,
      WINDOW_UPDATE: accepted("6.9", ["closed %"], ["DATA % end 4", "RST_STREAM % 0"]),
    },
    (peer) => {
      peer.openCall(3);
      answer(peer, false);
      peer.engine.sendData(peer.stream(3), "tail", true);
    },
    { peerSettings: [[INITIAL_WINDOW_SIZE, 0]] },
  ),
];

const halfClosed: readonly State[] = [
  serverState("half-closed (remote)", HALF_CLOSED_REMOTE, (peer) => receiveRequest(peer, true)),
  serverState("half-closed (remote), ended by DATA", HALF_CLOSED_REMOTE, (peer) => {
    receiveRequest(peer, false);
    peer.engine.receive(dataFrame(3, "all", { end: true }));
  }),
  serverState("half-closed (remote), answer in progress", HALF_CLOSED_REMOTE, (peer) => {
    receiveRequest(peer, true);
    answer(peer, false);
    peer.engine.sendData(peer.stream(3), "an answer");
  }),
  serverState(
    "half-closed (remote), our END_STREAM waits for the window",
    { ...HALF_CLOSED_REMOTE, WINDOW_UPDATE: accepted("6.9", ["closed %"], ["DATA % end 4"]) },
    (peer) => {
      receiveRequest(peer, true);
      answer(peer, false);
      peer.engine.sendData(peer.stream(3), "tail", true);
    },
    { peerSettings: [[INITIAL_WINDOW_SIZE, 0]] },
  ),
  // A server that has answered in full asks the client to stop, RFC 9113 section 8.1, so that this state passes at once.
  serverState(
    "half-closed (local), left with RST_STREAM NO_ERROR",
    CLOSED_BY_US,
    (peer) => {
      peer.openCall(3);
      answer(peer, true);
    },
    { open: [1] },
  ),
];

const closed: readonly State[] = [
  serverState(
    "closed by END_STREAM in both directions",
    CLOSED_IN_ORDER,
    (peer) => {
      receiveRequest(peer, true);
      answer(peer, true);
    },
    { open: [1] },
  ),
  serverState(
    "closed by our RST_STREAM",
    CLOSED_BY_US,
    (peer) => peer.engine.connection.reset(peer.openCall(3), CANCEL, "enough"),
    { open: [1] },
  ),
  serverState(
    "closed by our RST_STREAM after its END_STREAM",
    CLOSED_BY_US,
    (peer) => {
      receiveRequest(peer, true);
      peer.engine.connection.reset(peer.stream(3), CANCEL, "enough");
    },
    { open: [1] },
  ),
  serverState(
    "closed by a stream error",
    CLOSED_BY_US,
    (peer) => peer.engine.receive(headersFrame(3, peer.insertingBlock(":method", "GET"))),
    { open: [1] },
  ),
  serverState(
    "closed by the peer's RST_STREAM",
    CLOSED_BY_PEER,
    (peer) => {
      peer.openCall(3);
      peer.engine.receive(rstFrame(3, CANCEL));
    },
    { open: [1] },
  ),
  serverState("refused", CLOSED_BY_US, (peer) => receiveRequest(peer, false), {
    options: { maxConcurrentStreams: 1 },
    open: [1],
    sequel: "a refused call",
  }),
];

const leaving: readonly State[] = [
  serverState("leaving announced, open", OPEN, (peer) => {
    peer.openCall(3);
    peer.engine.connection.drain("restart");
  }),
  serverState("leaving announced, half-closed (remote)", HALF_CLOSED_REMOTE, (peer) => {
    receiveRequest(peer, true);
    peer.engine.connection.drain("restart");
  }),
  serverState("leaving announced, idle", IDLE_REQUEST, (peer) => peer.engine.connection.drain("restart"), {
    open: [1],
    fields: REQUEST,
    lastId: 1,
  }),
  serverState(
    "left, open",
    OPEN,
    (peer) => {
      peer.openCall(3);
      peer.engine.connection.drain("restart");
      peer.engine.connection.finishDrain();
    },
    { sequel: "a refused call" },
  ),
  serverState(
    "left, idle",
    IDLE_REFUSED,
    (peer) => {
      peer.engine.connection.drain("restart");
      peer.engine.connection.finishDrain();
    },
    { open: [1], fields: REQUEST, lastId: 1, sequel: "a refused call" },
  ),
  serverState(
    "left, refused",
    CLOSED_BY_US,
    (peer) => {
      peer.engine.connection.drain("restart");
      peer.engine.connection.finishDrain();
      receiveRequest(peer, false);
    },
    { open: [1], lastId: 1, sequel: "a refused call" },
  ),
  serverState("after the peer's GOAWAY, open", OPEN, (peer) => {
    peer.openCall(3);
    peer.engine.receive(goAwayFrame(0, NO_ERROR));
  }),
  // GOAWAY of a client is about streams that a server opens, so that its own may go on to begin. RFC 9113 section 6.8.
  serverState("after the peer's GOAWAY, idle", IDLE_REQUEST, (peer) => peer.engine.receive(goAwayFrame(0, NO_ERROR)), {
    open: [1],
    fields: REQUEST,
    lastId: 1,
  }),
];

const connection: readonly State[] = [
  serverState(
    "in the middle of a request's header block",
    inHeaderBlock("headers % $"),
    (peer) => {
      peer.engine.receive(headersFrame(3, peer.beginBlock(...REQUEST), { endHeaders: false }));
    },
    { open: [1], fields: REQUEST, lastId: 1 },
  ),
  serverState("in the middle of the trailers' header block", inHeaderBlock("trailers % $", "end %"), (peer) => {
    peer.openCall(3);
    peer.engine.receive(headersFrame(3, peer.beginBlock(...TRAILERS), { end: true, endHeaders: false }));
  }),
];

function unstarted(name: string, row: Row, received: Buffer): State {
  const create = (): Peer => {
    const engine = new Engine("server", FIXED_WINDOWS);
    engine.connection.start();
    engine.receive(received);
    const peer = new Peer("server", engine);
    peer.discard();
    return peer;
  };
  return { ...serverState(name, row, () => {}), create, streamId: 1, open: [], fields: REQUEST, lastId: 0 };
}

const before: readonly State[] = [
  unstarted("before the preface", BEFORE_PREFACE, Buffer.alloc(0)),
  unstarted("in the middle of the preface", BEFORE_PREFACE, PREFACE.subarray(0, 10)),
  unstarted("before SETTINGS", BEFORE_SETTINGS, PREFACE),
];

function over(name: string, end: (peer: Peer) => void): State {
  const arrange = (peer: Peer): void => {
    peer.openCall(3);
    end(peer);
  };
  return serverState(name, OVER, arrange, { open: [], sequel: "silence" });
}

const after: readonly State[] = [
  over("after a connection error", (peer) => peer.engine.receive(rawFrame(Type.PING, 0, 1, "12345678"))),
  over("after we closed the connection", (peer) => peer.engine.connection.close(NO_ERROR, "enough")),
  over("after the transport has gone", (peer) =>
    peer.engine.connection.abort(connectionError(CANCEL, "remote", "the socket is gone")),
  ),
];

export const SERVER_STATES: readonly State[] = [
  ...before,
  ...idle,
  ...open,
  ...halfClosed,
  ...closed,
  ...connection,
  ...leaving,
  ...after,
];
