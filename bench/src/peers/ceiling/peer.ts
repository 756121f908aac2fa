/**
 * The ceiling: a server and a client over a plain socket without limits, checks or features, beside the repository in
 * ../shared/ceiling. It is a yardstick of what the runtime under heddle can do at most, and no gRPC library.
 *
 * It is copied into bench/.cache, so that its import of hpack.js is found in bench/node_modules.
 */
import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { nodeCommand } from "../../harness/node-peer.js";
import { CACHE, REPOSITORY } from "../../harness/paths.js";
import type { Peer } from "../../harness/peer.js";
import { Unavailable } from "../../harness/unavailable.js";

const SOURCE = `${REPOSITORY}../shared/ceiling/`;
const COPY = `${CACHE}ceiling/`;

export const ceiling: Peer = {
  name: "ceiling",
  scenarios: ["unary-server", "unary-client", "streaming"],
  async prepare() {
    if (!existsSync(SOURCE)) throw new Unavailable("there is no ../shared/ceiling beside the repository");
    await mkdir(COPY, { recursive: true });
    for (const file of ["server.mjs", "client.mjs"]) await copyFile(`${SOURCE}${file}`, `${COPY}${file}`);
    return {
      name: "ceiling",
      version: "(yardstick)",
      server: (port) => ({ file: process.execPath, args: [`${COPY}server.mjs`, String(port)] }),
      client: (job) => nodeCommand("ceiling/client.js", `${COPY}client.mjs`, JSON.stringify(job)),
    };
  },
};
