/** Makes tests, one for each case, of a client of one implementation and a server of another. */
import { after, describe, test } from "node:test";
import { allCases } from "../cases/index.js";
import { heddle } from "../toolchain/heddle.js";
import type { Pair, Preparation } from "./peer.js";
import { reportMissing } from "./report-missing.js";
import { runCase } from "./run-case.js";
import { SharedServers } from "./shared-servers.js";

/** Tests heddle as the client and as the server of a peer. `name` is the peer's, which may be missing. */
export function testBothWays(name: string, preparation: Preparation): void {
  if (preparation.kind === "missing") {
    for (const title of [`heddle client → ${name} server`, `${name} client → heddle server`]) {
      describe(title, () =>
        reportMissing(
          allCases.map((wanted) => wanted.title),
          preparation.reason,
        ),
      );
    }
    return;
  }
  testPair({ client: heddle, server: preparation.peer });
  testPair({ client: preparation.peer, server: heddle });
}

/** Tests every case with one pair. */
export function testPair(pair: Pair): void {
  describe(`${pair.client.name} client → ${pair.server.name} server`, () => {
    const servers = new SharedServers(pair.server);
    after(() => servers.killAll());
    for (const wanted of allCases) test(wanted.title, () => runCase(wanted, pair, servers));
  });
}
