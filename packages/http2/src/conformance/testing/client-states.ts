/** A client's states. Stream 1 is a call that is open all the time; stream 3 is the one that the frames are for. RFC 9113 section 5.1. */
import { connectionError, ErrorCode } from "../../error.js";
import { createEngine, Engine, RESPONSE, TRAILERS } from "../../testing/engine.js";
import { block, dataFrame, goAwayFrame, headersFrame, rawFrame, rstFrame, Type } from "../../testing/frames.js";
import { accepted } from "./expectation.js";
import { FIXED_WINDOWS, Peer } from "./peer.js";
import {
  BEFORE_SETTINGS,
  CLOSED_BY_PEER,
  CLOSED_BY_US,
  CLOSED_IN_ORDER,
  HALF_CLOSED_LOCAL,
  HALF_CLOSED_LOCAL_UNANSWERED,
  HALF_CLOSED_REMOTE,
  IDLE,
  inHeaderBlock,
  OPEN,
  OPEN_UNANSWERED,
  OVER,
} from "./rows.js";
import type { Row, State } from "./state.js";

const INITIAL_WINDOW_SIZE = 4;
const { CANCEL, NO_ERROR } = ErrorCode;

/** What differs from the most common state: a call on stream 3 beside the one on stream 1. */
interface Details extends Partial<State> {
  readonly peerSettings?: readonly (readonly [number, number])[];
}

function clientState(name: string, row: Row, arrange: (peer: Peer) => void, details: Details = {}): State {
  const { peerSettings, ...rest } = details;
  const create = (): Peer => {
    const peer = new Peer("client", createEngine("client", FIXED_WINDOWS, peerSettings));
    peer.openCall(1);
    peer.receiveResponse(1);
    arrange(peer);
    peer.discard();
    return peer;
  };
  return {
    role: "client",
    name,
    create,
    streamId: 3,
    open: [1, 3],
    fields: TRAILERS,
    // A server opens no streams.
    lastId: 0,
    peerLastId: 101,
    sequel: "a new call",
    row,
    ...rest,
  };
}

function end(peer: Peer): void {
  peer.engine.connection.end(peer.stream(3), undefined);
}

const idle: readonly State[] = [
  clientState("idle", IDLE, () => {}, { open: [1], fields: RESPONSE }),
  clientState("idle, with an even id", IDLE, () => {}, { open: [1], fields: RESPONSE, streamId: 2 }),
];

const open: readonly State[] = [
  clientState("open, no response yet", OPEN_UNANSWERED, (peer) => peer.openCall(3), { fields: RESPONSE }),
  clientState(
    "open, after an informational response",
    OPEN_UNANSWERED,
    (peer) => {
      peer.openCall(3);
      peer.engine.receive(headersFrame(3, peer.insertingBlock(":status", "103")));
    },
    { fields: RESPONSE },
  ),
  clientState("open, response headers received", OPEN, (peer) => {
    peer.openCall(3);
    peer.receiveResponse(3);
  }),
  clientState("open, bodies in both directions", OPEN, (peer) => {
    peer.engine.sendData(peer.openCall(3), "a request");
    peer.receiveResponse(3);
    peer.engine.receive(dataFrame(3, "a beginning", { pad: 3 }));
  }),
  clientState(
    "open, our END_STREAM waits for the window",
    { ...OPEN, WINDOW_UPDATE: accepted("6.9", ["room %"], ["DATA % end 4"]) },
    (peer) => {
      peer.engine.sendData(peer.openCall(3), "tail", true);
      peer.receiveResponse(3);
    },
    { peerSettings: [[INITIAL_WINDOW_SIZE, 0]] },
  ),
];

const halfClosed: readonly State[] = [
  clientState(
    "half-closed (local), no response yet",
    HALF_CLOSED_LOCAL_UNANSWERED,
    (peer) => {
      peer.openCall(3);
      end(peer);
    },
    { fields: RESPONSE },
  ),
  clientState("half-closed (local), response in progress", HALF_CLOSED_LOCAL, (peer) => {
    peer.openCall(3);
    end(peer);
    peer.receiveResponse(3);
    peer.engine.receive(dataFrame(3, "a beginning"));
  }),
  clientState("half-closed (remote)", HALF_CLOSED_REMOTE, (peer) => {
    peer.openCall(3);
    peer.receiveResponse(3, true);
  }),
  clientState(
    "half-closed (remote), our END_STREAM waits for the window",
    { ...HALF_CLOSED_REMOTE, WINDOW_UPDATE: accepted("6.9", ["closed %"], ["DATA % end 4"]) },
    (peer) => {
      peer.engine.sendData(peer.openCall(3), "tail", true);
      peer.receiveResponse(3, true);
    },
    { peerSettings: [[INITIAL_WINDOW_SIZE, 0]] },
  ),
];

function closedState(name: string, row: Row, close: (peer: Peer) => void): State {
  const arrange = (peer: Peer): void => {
    peer.openCall(3);
    close(peer);
  };
  return clientState(name, row, arrange, { open: [1] });
}

const closed: readonly State[] = [
  closedState("closed by END_STREAM in both directions", CLOSED_IN_ORDER, (peer) => {
    end(peer);
    peer.receiveResponse(3, true);
  }),
  closedState("closed by END_STREAM in both directions, the peer's first", CLOSED_IN_ORDER, (peer) => {
    peer.receiveResponse(3, true);
    end(peer);
  }),
  closedState("closed by our RST_STREAM, no response yet", CLOSED_BY_US, (peer) =>
    peer.engine.connection.reset(peer.stream(3), CANCEL, "enough"),
  ),
  closedState("closed by our RST_STREAM, response in progress", CLOSED_BY_US, (peer) => {
    peer.receiveResponse(3);
    peer.engine.connection.reset(peer.stream(3), CANCEL, "enough");
  }),
  closedState("closed by a stream error", CLOSED_BY_US, (peer) =>
    peer.engine.receive(headersFrame(3, block("x-no", "status"))),
  ),
  closedState("closed by the peer's RST_STREAM", CLOSED_BY_PEER, (peer) => peer.engine.receive(rstFrame(3, CANCEL))),
  closedState("closed by the peer's RST_STREAM NO_ERROR after its response", CLOSED_BY_PEER, (peer) => {
    peer.receiveResponse(3, true);
    peer.engine.receive(rstFrame(3, NO_ERROR));
  }),
];

const connection: readonly State[] = [
  clientState(
    "in the middle of a response's header block",
    inHeaderBlock("headers % $"),
    (peer) => {
      peer.openCall(3);
      peer.engine.receive(headersFrame(3, peer.beginBlock(...RESPONSE), { endHeaders: false }));
    },
    { fields: RESPONSE },
  ),
  clientState("in the middle of the trailers' header block", inHeaderBlock("trailers % $", "end %"), (peer) => {
    peer.openCall(3);
    peer.receiveResponse(3);
    peer.engine.receive(headersFrame(3, peer.beginBlock(...TRAILERS), { end: true, endHeaders: false }));
  }),
  clientState(
    "in the middle of the header block of a stream that we have reset",
    inHeaderBlock(),
    (peer) => {
      peer.engine.connection.reset(peer.openCall(3), CANCEL, "enough");
      peer.engine.receive(headersFrame(3, peer.beginBlock(...RESPONSE), { endHeaders: false }));
    },
    { open: [1], fields: RESPONSE },
  ),
];

/** GOAWAY with 101 leaves stream 3 alone, and GOAWAY with 1 ends it as unprocessed; both end the opening of streams. */
const leaving: readonly State[] = [
  // Our own GOAWAY is about streams that a server opens, of which there are none. RFC 9113 section 6.8.
  clientState("leaving announced, open", OPEN, (peer) => {
    peer.openCall(3);
    peer.receiveResponse(3);
    peer.engine.connection.drain("idle");
  }),
  clientState("left, open", OPEN, (peer) => {
    peer.openCall(3);
    peer.receiveResponse(3);
    peer.engine.connection.drain("idle");
    peer.engine.connection.finishDrain();
  }),
  clientState(
    "after the peer's GOAWAY, open",
    OPEN,
    (peer) => {
      peer.openCall(3);
      peer.receiveResponse(3);
      peer.engine.receive(goAwayFrame(101, NO_ERROR));
    },
    { sequel: "no new call" },
  ),
  clientState(
    "after the peer's GOAWAY, half-closed (local)",
    HALF_CLOSED_LOCAL_UNANSWERED,
    (peer) => {
      peer.openCall(3);
      end(peer);
      peer.engine.receive(goAwayFrame(3, NO_ERROR));
    },
    { fields: RESPONSE, peerLastId: 3, sequel: "no new call" },
  ),
  clientState("after the peer's GOAWAY, idle", IDLE, (peer) => peer.engine.receive(goAwayFrame(101, NO_ERROR)), {
    open: [1],
    fields: RESPONSE,
    sequel: "no new call",
  }),
  clientState(
    "after the peer's GOAWAY, above its last id",
    CLOSED_BY_US,
    (peer) => {
      peer.openCall(3);
      peer.engine.receive(goAwayFrame(1, NO_ERROR));
    },
    { open: [1], peerLastId: 1, sequel: "no new call" },
  ),
];

function beforeSettings(name: string, calls: boolean): State {
  const create = (): Peer => {
    const engine = new Engine("client", FIXED_WINDOWS);
    engine.connection.start();
    const peer = new Peer("client", engine);
    if (calls) peer.openCall(1);
    peer.discard();
    return peer;
  };
  const state = clientState(name, BEFORE_SETTINGS, () => {});
  return { ...state, create, streamId: 1, open: calls ? [1] : [], fields: RESPONSE };
}

const before: readonly State[] = [
  beforeSettings("before SETTINGS, no call", false),
  beforeSettings("before SETTINGS, with a call", true),
];

function over(name: string, finish: (peer: Peer) => void): State {
  const arrange = (peer: Peer): void => {
    peer.openCall(3);
    finish(peer);
  };
  return clientState(name, OVER, arrange, { open: [], sequel: "silence" });
}

const after: readonly State[] = [
  over("after a connection error", (peer) => peer.engine.receive(rawFrame(Type.PING, 0, 1, "12345678"))),
  over("after we closed the connection", (peer) => peer.engine.connection.close(NO_ERROR, "enough")),
  over("after the transport has gone", (peer) =>
    peer.engine.connection.abort(connectionError(CANCEL, "remote", "the socket is gone")),
  ),
];

export const CLIENT_STATES: readonly State[] = [
  ...before,
  ...idle,
  ...open,
  ...halfClosed,
  ...closed,
  ...connection,
  ...leaving,
  ...after,
];
