/**
 * Prepares the Go peer, grpc-go: stubs by protoc and Go's two plugins, and the compiled programs.
 *
 * go.mod names the versions of everything, the plugins included. The stubs are a module of their own in the cache; go.mod
 * says where it is.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Peer, Preparation } from "../harness/peer.js";
import { fingerprintOf, makeUnlessStamped } from "./fingerprint.js";
import { inCache, inInterop, type Proto, protoPaths, protos } from "./layout.js";
import { isOnPath, Steps } from "./steps.js";

const STUBS_MODULE = "heddle.test/interop/gen";

const source = inInterop("peers/go");
const programs = inCache("go/bin");
const stubs = inCache("go/gen");

/** Generates and compiles what has changed since the last time. */
export async function prepareGo(): Promise<Preparation> {
  if (!isOnPath("go")) return { kind: "missing", reason: "go not found on PATH" };
  const steps = new Steps("go");
  const version = await steps.run("looking for go", "go", ["version"]);
  await makeUnlessStamped(inCache("go/stamp"), fingerprintOf([source, ...protoPaths], version), async () => {
    startStubs();
    const install = ["install", "tool"];
    await steps.run("installing the plugins of protoc that go.mod names", "go", install, inSource({ GOBIN: programs }));
    for (const proto of protos) await generateStubs(steps, proto);
    const build = ["build", "-o", `${programs}/`, "./cmd/server", "./cmd/client"];
    await steps.run("compiling the server and the client", "go", build, inSource());
  });
  steps.say(`ready: ${version.trim()}`);
  return { kind: "ready", peer: grpcGo };
}

function inSource(env: Readonly<Record<string, string>> = {}) {
  // Only go.mod decides on versions.
  return { cwd: source, env: { ...env, GOFLAGS: "-mod=readonly", GOWORK: "off" } };
}

/** Makes the folder a module. go.mod refers to it, so no go command works in the source before that. */
function startStubs(): void {
  rmSync(stubs, { recursive: true, force: true });
  mkdirSync(stubs, { recursive: true });
  writeFileSync(`${stubs}/go.mod`, `module ${STUBS_MODULE}\n\ngo 1.25.0\n`);
}

async function generateStubs(steps: Steps, { folder, file, goPackage }: Proto): Promise<void> {
  const options = `module=${STUBS_MODULE},M${file}=${STUBS_MODULE}/${goPackage}`;
  const outputs = [`--go_out=${stubs}`, `--go_opt=${options}`, `--go-grpc_out=${stubs}`, `--go-grpc_opt=${options}`];
  const env = { PATH: `${programs}${path.delimiter}${process.env.PATH}` };
  const protoc = fileURLToPath(import.meta.resolve("protoc/protoc.cjs"));
  const args = [protoc, `-I${folder}`, ...outputs, file];
  await steps.run(`generating stubs from ${file}`, process.execPath, args, { env });
}

const grpcGo: Peer = {
  name: "go",
  client: { file: `${programs}/client`, args: [] },
  serverOf: () => ({ file: `${programs}/server`, args: [] }),
  joinsAsciiValues: false,
  cancelsLateCallsAtShutdown: false,
  boundsUnreadStreams: true,
};
