/** Makes tests, one for each case with each pair and each transport, and prints what came of them as a table. */
import { availableParallelism } from "node:os";
import { after, describe, test } from "node:test";
import type { Preparation } from "../../harness/peer.js";
import { reportMissing } from "../../harness/report-missing.js";
import type { Certificates } from "../../toolchain/certificates.js";
import { TestAccount } from "./accounts.js";
import { Matrix } from "./matrix.js";
import { type OfficialCase, officialCases } from "./official-case.js";
import { lackOf, type OfficialPair, type OfficialPeer } from "./official-peer.js";
import { OfficialServers, type Transport } from "./official-servers.js";
import { runOfficialCase } from "./run-official-case.js";

export interface MatrixInputs {
  readonly pairs: readonly PreparedPair[];
  readonly certificates: Certificates | { readonly missing: string };
}

/** A pair of which one may be missing. */
export interface PreparedPair {
  readonly title: string;
  readonly client: Preparation<OfficialPeer>;
  readonly server: Preparation<OfficialPeer>;
}

/** A column of the matrix. */
interface Column {
  /** The pair, and in a second line the transport. */
  readonly title: string;
  /** There is a reason why a column cannot be tested at all. */
  readonly content: { readonly pair: OfficialPair; readonly transport: Transport } | { readonly missing: string };
}

/** The columns are tested side by side, as many as there are processors; the cases of a column one after the other. */
export async function testMatrix({ pairs, certificates }: MatrixInputs): Promise<void> {
  const columns = pairs.flatMap((pair) => [plainColumn(pair), tlsColumn(pair, certificates)]);
  const matrix = new Matrix(columns.map(({ title }) => title));
  const account = await TestAccount.create();
  const servers = new OfficialServers(account);

  async function run(wanted: OfficialCase, title: string, pair: OfficialPair, transport: Transport): Promise<void> {
    matrix.record(wanted.name, title, "FAILED");
    await runOfficialCase(wanted, pair, transport, servers, account);
    matrix.record(wanted.name, title, "ok");
  }

  function testColumn({ title, content }: Column): void {
    if ("missing" in content) {
      reportMissing(caseNames, content.missing);
      return;
    }
    const { pair, transport } = content;
    for (const wanted of officialCases) {
      const obstacle = obstacleTo(wanted, pair, transport);
      if (obstacle === undefined) test(wanted.name, () => run(wanted, title, pair, transport));
      else matrix.note(wanted.name, title, obstacle);
    }
  }

  describe("gRPC's interop tests", { concurrency: availableParallelism() }, () => {
    after(async () => {
      await servers[Symbol.asyncDispose]();
      await account[Symbol.asyncDispose]();
      console.log(matrix.print(caseNames));
    });
    for (const column of columns) {
      describe(column.title.replace("\n", ", "), { concurrency: 1 }, () => testColumn(column));
    }
  });
}

const caseNames = officialCases.map(({ name }) => name);

function plainColumn(pair: PreparedPair): Column {
  const content = readyPair(pair);
  const transport = { name: "plaintext", certificates: undefined } as const;
  return { title: `${pair.title}\nplaintext`, content: "missing" in content ? content : { pair: content, transport } };
}

function tlsColumn(pair: PreparedPair, certificates: MatrixInputs["certificates"]): Column {
  const title = `${pair.title}\nTLS`;
  if ("missing" in certificates) return { title, content: certificates };
  const content = readyPair(pair);
  return {
    title,
    content: "missing" in content ? content : { pair: content, transport: { name: "TLS", certificates } },
  };
}

function readyPair({ client, server }: PreparedPair): OfficialPair | { readonly missing: string } {
  if (client.kind === "missing") return { missing: client.reason };
  if (server.kind === "missing") return { missing: server.reason };
  return { client: client.peer, server: server.peer };
}

/** Why a case is not run in a column; `undefined` when it is. */
function obstacleTo({ name, needs }: OfficialCase, pair: OfficialPair, transport: Transport): string | undefined {
  if (needs === "service account" && transport.certificates === undefined) return "credentials are only sent over TLS";
  return lackOf(pair, name);
}
