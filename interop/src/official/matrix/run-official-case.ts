/** Runs one case with the programs of one pair. */
import { Child } from "../../harness/child.js";
import { within } from "../../harness/within.js";
import { SERVER_NAME, type TestAccount } from "./accounts.js";
import type { OfficialCase } from "./official-case.js";
import type { OfficialPair } from "./official-peer.js";
import type { OfficialServers, Transport } from "./official-servers.js";

const CASE_LIMIT_MS = 60_000;

/** Fails unless the client ends with 0, which says that everything was as it should be. */
export async function runOfficialCase(
  wanted: OfficialCase,
  pair: OfficialPair,
  transport: Transport,
  servers: OfficialServers,
  account: TestAccount,
): Promise<void> {
  const server = await servers.get(pair.server, transport, wanted.needs);
  const flags = [...targetFlags(server.port, transport), `--test_case=${wanted.name}`, ...wanted.flags];
  if (wanted.needs === "service account") flags.push(...account.clientFlags);
  const label = `the ${pair.client.name} client`;
  const child = new Child(label, pair.client.client, flags);
  try {
    const describe = () => `${child.describe()}\nthe ${pair.server.name} server: ${server.describe()}`;
    const { code, signal } = await within(child.ended, CASE_LIMIT_MS, () => `${label} ending; ${describe()}`);
    if (code !== 0) throw new Error(`${label} ended with ${signal ?? code}; ${describe()}`);
  } finally {
    await child.kill();
  }
}

function targetFlags(port: number, { certificates }: Transport): string[] {
  const flags = ["--server_host=127.0.0.1", `--server_port=${port}`];
  if (certificates === undefined) return flags;
  const name = `--server_host_override=${SERVER_NAME}`;
  return [...flags, name, "--use_tls=true", "--use_test_ca=true", `--ca_file=${certificates.authority}`];
}
