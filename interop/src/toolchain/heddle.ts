/** heddle as a peer: the servers of its examples, a server for the probe, and a client for all cases. */
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Command, Peer, ServiceName } from "../harness/peer.js";
import type { OfficialPeer } from "../official/matrix/official-peer.js";
import { inInterop } from "./layout.js";

const examples = path.dirname(fileURLToPath(import.meta.resolve("@heddle/examples/package.json")));

export const heddle: Peer = {
  name: "heddle",
  client: node(inInterop("dist/heddle/client.js")),
  serverOf,
  joinsAsciiValues: false,
  cancelsLateCallsAtShutdown: false,
  boundsUnreadStreams: true,
};

/** heddle's programs of gRPC's interop tests. */
export const officialHeddle: OfficialPeer = {
  name: "heddle",
  client: node(inInterop("dist/client.js")),
  server: node(inInterop("dist/server.js")),
  clientLacks: [],
  serverLacks: [],
};

function serverOf(service: ServiceName): Command {
  if (service === "probe") return node(inInterop("dist/heddle/probe-server.js"));
  return node(`${examples}/dist/${service}/server.js`, "--host", "127.0.0.1");
}

function node(...args: string[]): Command {
  return { file: process.execPath, args };
}
