/** heddle itself, as the root's build has left it in packages/heddle/dist. */
import { existsSync } from "node:fs";
import { createNodePeer } from "../../harness/node-peer.js";
import { REPOSITORY } from "../../harness/paths.js";
import type { Peer } from "../../harness/peer.js";
import { Unavailable } from "../../harness/unavailable.js";

const peer = createNodePeer("heddle", "heddle");

export const heddle: Peer = {
  ...peer,
  async prepare() {
    if (!existsSync(`${REPOSITORY}packages/heddle/dist/index.js`)) {
      throw new Unavailable("packages/heddle is not built; run `npm run build` in the root");
    }
    return peer.prepare();
  },
};
