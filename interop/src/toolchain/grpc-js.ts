/** Prepares the grpc-js peer: its packages, installed beside its programs. It loads the .proto files when it runs. */
import type { Peer, Preparation } from "../harness/peer.js";
import { fingerprintOf, makeUnlessStamped } from "./fingerprint.js";
import { inInterop } from "./layout.js";
import { isOnPath, Steps } from "./steps.js";

const source = inInterop("peers/grpc-js");

/** Installs what has changed since the last time. */
export async function prepareGrpcJs(): Promise<Preparation> {
  if (!isOnPath("npm")) return { kind: "missing", reason: "npm not found on PATH" };
  const steps = new Steps("grpc-js");
  const inputs = [`${source}/package.json`, `${source}/package-lock.json`];
  await makeUnlessStamped(`${source}/node_modules/.stamp`, fingerprintOf(inputs, process.version), async () => {
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    await steps.run("installing package-lock.json into peers/grpc-js/node_modules", "npm", args, { cwd: source });
  });
  steps.say(`ready: Node.js ${process.version}`);
  return { kind: "ready", peer: grpcJs };
}

const grpcJs: Peer = {
  name: "grpc-js",
  client: { file: process.execPath, args: [`${source}/client.js`] },
  serverOf: () => ({ file: process.execPath, args: [`${source}/server.js`] }),
  joinsAsciiValues: true,
  cancelsLateCallsAtShutdown: false,
  boundsUnreadStreams: true,
};
