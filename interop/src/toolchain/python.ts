/** Prepares the Python peer, grpcio: a virtual environment with pinned packages, and stubs by grpc_tools.protoc. */
import { mkdirSync, rmSync } from "node:fs";
import type { Peer, Preparation } from "../harness/peer.js";
import { fingerprintOf, makeUnlessStamped } from "./fingerprint.js";
import { inCache, inInterop, protoPaths, protos } from "./layout.js";
import { isOnPath, Steps } from "./steps.js";

const source = inInterop("peers/python");
const environment = inCache("python/venv");
const stubs = inCache("python/gen");
const python = `${environment}/bin/python`;

/** Installs and generates what has changed since the last time. */
export async function preparePython(): Promise<Preparation> {
  if (!isOnPath("python3")) return { kind: "missing", reason: "python3 not found on PATH" };
  const steps = new Steps("python");
  const version = await steps.run("looking for python3", "python3", ["--version"]);
  const inputs = [`${source}/requirements.txt`, ...protoPaths];
  await makeUnlessStamped(inCache("python/stamp"), fingerprintOf(inputs, version), async () => {
    await createEnvironment(steps);
    await generateStubs(steps);
  });
  steps.say(`ready: ${version.trim()}`);
  return { kind: "ready", peer: grpcio };
}

async function createEnvironment(steps: Steps): Promise<void> {
  rmSync(environment, { recursive: true, force: true });
  await steps.run("creating a virtual environment in .cache/python/venv", "python3", ["-m", "venv", environment]);
  const install = ["-m", "pip", "install", "--disable-pip-version-check", "-r", `${source}/requirements.txt`];
  await steps.run("installing requirements.txt into it", python, install);
}

async function generateStubs(steps: Steps): Promise<void> {
  rmSync(stubs, { recursive: true, force: true });
  mkdirSync(stubs, { recursive: true });
  for (const { folder, file } of protos) {
    const args = [
      "-m",
      "grpc_tools.protoc",
      `-I${folder}`,
      `--python_out=${stubs}`,
      `--grpc_python_out=${stubs}`,
      file,
    ];
    await steps.run(`generating stubs from ${file}`, python, args);
  }
}

const env = { PYTHONPATH: stubs, PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" };

const grpcio: Peer = {
  name: "python",
  client: { file: python, args: [`${source}/client.py`], env },
  serverOf: () => ({ file: python, args: [`${source}/server.py`], env }),
  joinsAsciiValues: false,
  cancelsLateCallsAtShutdown: true,
  boundsUnreadStreams: false,
};
