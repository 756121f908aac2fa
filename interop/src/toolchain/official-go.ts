/** Prepares gRPC's interop programs on grpc-go, which its module contains: peers/official-go names the version, and nothing else. */
import type { Preparation } from "../harness/peer.js";
import { compressedCaseNames, credentialsCaseNames } from "../official/matrix/official-case.js";
import type { OfficialPeer } from "../official/matrix/official-peer.js";
import { fingerprintOf, makeUnlessStamped } from "./fingerprint.js";
import { inCache, inInterop } from "./layout.js";
import { isOnPath, Steps } from "./steps.js";

const source = inInterop("peers/official-go");
const programs = inCache("official-go/bin");

/** Compiles the programs again when their version, or that of Go, has changed. */
export async function prepareOfficialGo(): Promise<Preparation<OfficialPeer>> {
  if (!isOnPath("go")) return { kind: "missing", reason: "go not found on PATH" };
  const steps = new Steps("official-go");
  const version = await steps.run("looking for go", "go", ["version"]);
  await makeUnlessStamped(inCache("official-go/stamp"), fingerprintOf([source], version), async () => {
    const interop = "google.golang.org/grpc/interop";
    const build = ["build", "-o", `${programs}/`, `${interop}/client`, `${interop}/server`];
    const env = { GOFLAGS: "-mod=readonly", GOWORK: "off" };
    await steps.run("compiling grpc-go's interop programs", "go", build, { cwd: source, env });
  });
  steps.say(`ready: ${version.trim()}`);
  return { kind: "ready", peer: grpcGo };
}

/** It never looks whether a message came compressed, and its server authenticates nobody. */
const grpcGo: OfficialPeer = {
  name: "grpc-go",
  client: { file: `${programs}/client`, args: [] },
  // Only its log tells where it listens.
  server: { file: `${programs}/server`, args: [], env: { GRPC_GO_LOG_SEVERITY_LEVEL: "info" } },
  clientLacks: [...compressedCaseNames, "cacheable_unary", "concurrent_large_unary"],
  serverLacks: [...compressedCaseNames, ...credentialsCaseNames, "cacheable_unary"],
};
