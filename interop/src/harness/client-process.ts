/** One run of a peer's client program. */
import { Child } from "./child.js";
import type { Peer } from "./peer.js";
import { within } from "./within.js";

/** Runs one case against the server at `port`, and gives the result that the client printed. */
export async function runClient(
  peer: Peer,
  port: number,
  caseName: string,
  input: object,
  limitMs: number,
): Promise<unknown> {
  const label = `the ${peer.name} client`;
  const args = ["--address", `127.0.0.1:${port}`, "--case", caseName, "--input", JSON.stringify(input)];
  const child = new Child(label, peer.client, args);
  try {
    const awaited = () => `${label} giving the result of "${caseName}"; ${child.describe()}`;
    const { code, signal } = await within(child.ended, limitMs, awaited);
    if (code !== 0) throw new Error(`${label} ended "${caseName}" with ${signal ?? code}; ${child.describe()}`);
    return JSON.parse(child.stdout);
  } finally {
    await child.kill();
  }
}
