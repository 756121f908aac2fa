/** A peer that runs on Node: its entries are dist/peers/<name>/server.js and client.js. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { PEER_ENTRIES } from "./paths.js";
import { CALL_SCENARIOS, type Peer } from "./peer.js";

/** Describes a Node peer by its folder's name and the package whose version is reported. */
export function createNodePeer(name: string, packageName: string): Peer {
  return {
    name,
    scenarios: CALL_SCENARIOS,
    async prepare() {
      return {
        name,
        version: await installedVersion(packageName),
        server: (port) => nodeCommand(`${name}/server.js`, String(port)),
        client: (job) => nodeCommand(`${name}/client.js`, JSON.stringify(job)),
      };
    },
  };
}

/** Starts a compiled entry below dist/peers with the Node that runs the harness. */
export function nodeCommand(entry: string, ...args: string[]) {
  return { file: process.execPath, args: [`${PEER_ENTRIES}${entry}`, ...args] };
}

/** The version in the package.json of an installed package; not every package exports that file. */
async function installedVersion(packageName: string): Promise<string> {
  const require = createRequire(import.meta.url);
  let directory = dirname(require.resolve(packageName));
  for (;;) {
    const manifest = await readFile(`${directory}/package.json`, "utf8").catch(() => "{}");
    const { name, version } = JSON.parse(manifest) as { name?: string; version?: string };
    if (name === packageName && version !== undefined) return version;
    const parent = dirname(directory);
    if (parent === directory) throw new Error(`the package.json of ${packageName} was not found`);
    directory = parent;
  }
}
