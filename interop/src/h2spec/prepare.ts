/** Prepares h2spec and h2specd, which test servers and clients: go.mod beside this file names their version and those of all they need. */

import { fingerprintOf, makeUnlessStamped } from "../toolchain/fingerprint.js";
import { inCache, inInterop } from "../toolchain/layout.js";
import { isOnPath, Steps } from "../toolchain/steps.js";

const source = inInterop("src/h2spec");
const programs = inCache("h2spec/bin");

export type H2spec =
  | { readonly kind: "ready"; readonly h2spec: string; readonly h2specd: string }
  /** Go, which this project does not install, is not there. */
  | { readonly kind: "missing"; readonly reason: string };

/** Compiles both programs, unless that has been done. */
export async function prepareH2spec(): Promise<H2spec> {
  if (!isOnPath("go")) return { kind: "missing", reason: "go not found on PATH" };
  const steps = new Steps("h2spec");
  const version = await steps.run("looking for go", "go", ["version"]);
  const inputs = [`${source}/go.mod`, `${source}/go.sum`];
  await makeUnlessStamped(inCache("h2spec/stamp"), fingerprintOf(inputs, version), async () => {
    const env = { GOBIN: programs, GOFLAGS: "-mod=readonly", GOWORK: "off" };
    await steps.run("installing the tools that go.mod names", "go", ["install", "tool"], { cwd: source, env });
  });
  return { kind: "ready", h2spec: `${programs}/h2spec`, h2specd: `${programs}/h2specd` };
}
