/** Prepares gRPC's interop programs on grpcio. PyPI has none, so they are ours: peers/python/official. */
import type { Preparation } from "../harness/peer.js";
import type { OfficialPeer } from "../official/matrix/official-peer.js";
import { inInterop } from "./layout.js";
import { preparePythonEnvironment } from "./python-environment.js";

const source = inInterop("peers/python/official");
const folder = inInterop("protos/grpc/testing");

/** Installs and generates what has changed. It shares nothing with the other Python peer, so that both can be prepared at once. */
export async function prepareOfficialPython(): Promise<Preparation<OfficialPeer>> {
  const environment = await preparePythonEnvironment({
    name: "official-python",
    requirements: `${source}/requirements.txt`,
    protos: ["empty", "messages", "test"].map((name) => ({ folder, file: `${name}.proto` })),
  });
  if ("missing" in environment) return { kind: "missing", reason: environment.missing };
  const { python, env } = environment;
  return {
    kind: "ready",
    peer: {
      name: "grpcio",
      client: { file: python, args: [`${source}/client.py`], env },
      server: { file: python, args: [`${source}/server.py`], env },
      clientLacks: [],
      serverLacks: [],
    },
  };
}
