/** Runs one case with a pair of peers. */
import assert from "node:assert/strict";
import type { InteropCase } from "../cases/interop-case.js";
import { runClient } from "./client-process.js";
import type { Pair } from "./peer.js";
import { type ServerProcess, startServer } from "./server-process.js";
import type { SharedServers } from "./shared-servers.js";
import { within } from "./within.js";

/** The time that the client of a case may take. The waits within the programs are shorter, so that they can say what failed. */
const CASE_LIMIT_MS = 30_000;
const EXIT_LIMIT_MS = 10_000;

/** Fails when the result is not what the case wants, or when it takes too long. Leaves no process behind but the shared servers. */
export async function runCase(wanted: InteropCase, pair: Pair, shared: SharedServers): Promise<void> {
  switch (wanted.server) {
    case "stays":
      return checkAgainst(wanted, pair, await shared.get(wanted.service));
    case "stops":
      return withOwnServer(wanted, pair, async (server) => {
        await checkAgainst(wanted, pair, server);
        const awaited = () => `the exit of the server that was shut down; ${server.describe()}`;
        const { code, signal } = await within(server.ended, EXIT_LIMIT_MS, awaited);
        assert.equal(signal ?? code, 0, `the exit code after a graceful shutdown; ${server.describe()}`);
      });
    case "dies":
      return withOwnServer(wanted, pair, (server) => checkWithReplacement(wanted, pair, server));
  }
}

async function withOwnServer(wanted: InteropCase, { server }: Pair, run: (server: ServerProcess) => Promise<void>) {
  const own = await startServer(server, wanted.service);
  try {
    await run(own);
  } finally {
    await own.kill();
  }
}

/** As soon as the server is gone, another one is started on its port. */
async function checkWithReplacement(wanted: InteropCase, pair: Pair, server: ServerProcess): Promise<void> {
  const replacing = server.ended.then(() => startServer(pair.server, wanted.service, server.port));
  try {
    await checkAgainst(wanted, pair, server);
    assert.equal((await server.ended).signal, "SIGKILL", "how the first server ended");
  } finally {
    await server.kill();
    await (await replacing).kill();
  }
}

async function checkAgainst(wanted: InteropCase, pair: Pair, server: ServerProcess): Promise<void> {
  let result: unknown;
  try {
    result = await runClient(pair.client, server.port, wanted.name, wanted.input, CASE_LIMIT_MS);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${server.describe()}`);
  }
  wanted.check(result, pair);
}
