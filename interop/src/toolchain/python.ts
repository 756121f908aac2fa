/** Prepares the Python peer, grpcio. */
import type { Peer, Preparation } from "../harness/peer.js";
import { inInterop, protos } from "./layout.js";
import { type PythonEnvironment, preparePythonEnvironment } from "./python-environment.js";

const source = inInterop("peers/python");

/** Installs and generates what has changed since the last time. */
export async function preparePython(): Promise<Preparation> {
  const inputs = { name: "python", requirements: `${source}/requirements.txt`, protos };
  const environment = await preparePythonEnvironment(inputs);
  if ("missing" in environment) return { kind: "missing", reason: environment.missing };
  return { kind: "ready", peer: grpcio(environment) };
}

function grpcio({ python, env }: PythonEnvironment): Peer {
  return {
    name: "python",
    client: { file: python, args: [`${source}/client.py`], env },
    serverOf: () => ({ file: python, args: [`${source}/server.py`], env }),
    joinsAsciiValues: false,
    cancelsLateCallsAtShutdown: true,
    boundsUnreadStreams: false,
  };
}
