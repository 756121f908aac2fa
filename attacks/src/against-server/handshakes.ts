/** Connections that never become HTTP/2, and those that become nothing else. RFC 9113 sections 3.4 and 6.5.3. */
import { ALL_CLOSED, type Attack, LIVES, thrownOut } from "../attacker/attack.js";
import { EMPTY, headers, PREFACE, settings } from "../frames/frame.js";
import { FrameBatch, perStream } from "../frames/frame-batch.js";
import { ECHO_BLOCK, IGNORE_BLOCK, onStreams, STUBBORN_BLOCK, unaryCall } from "./requests.js";

const TLS_HELLO = Buffer.from("16030100c8010000c40303", "hex");
/** Octets without a pattern, the same in each run. */
const NOISE = Buffer.from(Array.from({ length: 65_536 }, (_, i) => (i * i * 31 + i * 7 + 13) & 0xff));

/** A greeting that stops where the victim has to wait for more. */
function stalled(name: string, about: string, connections: number, greeting: Buffer): Attack {
  return {
    name,
    about,
    expected: [ALL_CLOSED],
    connections,
    acknowledges: false,
    outlastsHandshake: true,
    greeting,
    begin: () => {},
  };
}

/** What is no HTTP/2 at all; whoever sent it comes back at once. */
function foreign(name: string, about: string, greeting: Buffer): Attack {
  return { name, about, expected: [thrownOut("PROTOCOL_ERROR")], greeting, begin: () => {} };
}

/** Connections that leave as soon as they are there, several at a time. */
function churn(name: string, about: string, how: "close" | "reset", octets: Buffer, greeting?: Buffer): Attack {
  return {
    name,
    about,
    expected: [LIVES],
    connections: 8,
    ...(greeting === undefined ? {} : { greeting }),
    begin: (connection) => connection.write(octets, 1, () => connection.leave(how)),
  };
}

export const handshakes: readonly Attack[] = [
  stalled("silent-sockets", "1,000 connections that say nothing", 1000, EMPTY),
  stalled("half-preface", "1,000 connections that send half of the preface", 1000, PREFACE.subarray(0, 12)),
  stalled("no-settings", "1,000 connections that send the preface and no SETTINGS", 1000, PREFACE),
  stalled(
    "settings-unacknowledged",
    "1,000 connections that never acknowledge the victim's SETTINGS, with a call under way",
    1000,
    Buffer.concat([PREFACE, settings(), headers(1, IGNORE_BLOCK)]),
  ),
  foreign("garbage", "octets without a meaning", NOISE),
  foreign("http1", "a request of HTTP/1.1", Buffer.from("GET / HTTP/1.1\r\nHost: victim\r\n\r\n")),
  foreign("tls-hello", "the beginning of TLS", TLS_HELLO),
  foreign(
    "first-frame-not-settings",
    "the preface, and then a call",
    Buffer.concat([PREFACE, unaryCall(1, ECHO_BLOCK)]),
  ),
  {
    name: "octet-by-octet",
    about: "calls in segments of one octet, on 100 connections",
    expected: [LIVES],
    connections: 100,
    begin: (connection) => {
      const batch = new FrameBatch(perStream((id) => unaryCall(id, ECHO_BLOCK)));
      // A copy, since the last octets of the round before may still be on their way.
      const round = (): void => connection.drip(Buffer.from(batch.next()), round);
      round();
    },
  },
  {
    name: "idle-connections",
    about: "1,000 connections that do nothing after their handshake",
    expected: [LIVES],
    connections: 1000,
    begin: () => {},
  },
  churn("churn-close", "connections that are closed as soon as they are there", "close", EMPTY),
  churn("churn-reset", "connections that are reset as soon as they are there", "reset", EMPTY),
  churn("churn-silent", "connections that are closed without a word", "close", EMPTY, EMPTY),
  churn(
    "churn-calls",
    "100 calls whose handlers ignore their signal, then the connection is reset; and again",
    "reset",
    onStreams(100, (id) => unaryCall(id, STUBBORN_BLOCK)),
  ),
];
