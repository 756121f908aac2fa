/** Runs h2spec against a server, and h2specd with a client. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Child } from "../harness/child.js";
import { within } from "../harness/within.js";
import { inInterop } from "../toolchain/layout.js";
import { startPlainServer } from "./plain-server.js";
import { readJunitReport, readPrintedReport, type Verdict } from "./verdicts.js";

const RUN_LIMIT_MS = 120_000;
/** How long h2spec waits for something that does not come. It takes whole seconds. */
const TIMEOUT_S = "2";

/** What h2spec, with its strict cases too, says of a server that is made of the engine. */
export async function testServer(h2spec: string): Promise<Verdict[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "heddle-h2spec-"));
  const report = path.join(folder, "report.xml");
  const server = await startPlainServer();
  try {
    await runToEnd(h2spec, ["--strict", "--timeout", TIMEOUT_S, "--port", `${server.port}`, "--junit-report", report]);
    return readJunitReport(await readFile(report, "utf8"));
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
}

/** h2specd listens on a port for each case, from a first one on. Below the ports that systems give to clients. */
const [FIRST_PORT, LAST_PORT, PORTS] = [20_000, 32_000, 100];
const PORT_ATTEMPTS = 5;

/** What h2specd says of a client that is made of the engine. */
export async function testClient(h2specd: string): Promise<Verdict[]> {
  const program = `${process.execPath} ${inInterop("dist/h2spec/plain-client.js")}`;
  if (program.split(" ").length !== 2)
    throw new Error(`h2specd cannot run "${program}": it takes blanks for separators`);
  for (let attempt = 1; ; attempt++) {
    const port = FIRST_PORT + PORTS * Math.floor((Math.random() * (LAST_PORT - FIRST_PORT)) / PORTS);
    const args = ["--timeout", TIMEOUT_S, "--from-port", `${port}`, "--exec", program];
    const printed = await runToEnd(h2specd, args);
    if (attempt === PORT_ATTEMPTS || !printed.includes("address already in use")) return readPrintedReport(printed);
  }
}

/** Gives what a program printed, whatever its exit code: that tells of failed cases, too. */
async function runToEnd(file: string, args: readonly string[]): Promise<string> {
  const child = new Child(path.basename(file), { file, args }, []);
  try {
    await within(child.ended, RUN_LIMIT_MS, () => `the end of ${path.basename(file)}; ${child.describe()}`);
    return child.stdout;
  } finally {
    await child.kill();
  }
}
