/** Makes tests, one for each case, of a client of one implementation and a server of another. */
import { after, describe, test } from "node:test";
import { allCases } from "../cases/index.js";
import { heddle } from "../toolchain/heddle.js";
import type { Pair, Preparation } from "./peer.js";
import { runCase } from "./run-case.js";
import { SharedServers } from "./shared-servers.js";

/** Tests heddle as the client and as the server of a peer. `name` is the peer's, which may be missing. */
export function testBothWays(name: string, preparation: Preparation): void {
  if (preparation.kind === "missing") {
    for (const title of [`heddle client → ${name} server`, `${name} client → heddle server`]) {
      reportMissing(title, preparation.reason);
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

/** Skips every case by its name; where nothing may be missing, fails it. */
function reportMissing(title: string, reason: string): void {
  describe(title, () => {
    for (const wanted of allCases) {
      test(wanted.title, (t) => {
        if (mustBeComplete())
          throw new Error(`${reason}; with CI or HEDDLE_INTEROP_REQUIRE set, nothing may be skipped`);
        t.skip(reason);
      });
    }
  });
}

function mustBeComplete(): boolean {
  return process.env.CI === "true" || process.env.HEDDLE_INTEROP_REQUIRE === "1";
}
