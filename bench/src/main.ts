/** `npm run bench -- <scenario>`: prepares the peers, runs the scenarios and prints their tables. */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { requireToolchain } from "./harness/command.js";
import { describeMachine, type Machine } from "./harness/machine.js";
import { type Options, readOptions, USAGE, UsageError } from "./harness/options.js";
import type { Peer, PreparedPeer } from "./harness/peer.js";
import { runRounds, type ScenarioResult } from "./harness/rounds.js";
import type { Scenario } from "./harness/scenario.js";
import { renderSection } from "./harness/table.js";
import { Unavailable } from "./harness/unavailable.js";
import { peers } from "./peers/index.js";
import { scenarios } from "./scenarios/index.js";

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Says what did not work, and makes the exit code 1 unless the machine merely lacks something. */
function report(what: string, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof Unavailable) {
    print(`\nSKIPPED ${what}: ${text}`);
  } else {
    print(`\nFAILED ${what}: ${text}`);
    process.exitCode = 1;
  }
}

async function preparePeers(wanted: readonly Peer[]): Promise<PreparedPeer[]> {
  const ready: PreparedPeer[] = [];
  for (const peer of wanted) {
    try {
      ready.push(await peer.prepare());
    } catch (error) {
      report(peer.name, error);
    }
  }
  return ready;
}

async function runScenario(
  scenario: Scenario,
  options: Options,
  ready: readonly PreparedPeer[],
): Promise<ScenarioResult | undefined> {
  try {
    await scenario.prepare?.();
  } catch (error) {
    report(scenario.name, error);
    return undefined;
  }
  const taking = ready.filter((peer) =>
    peers.find(({ name }) => name === peer.name)?.scenarios.includes(scenario.name),
  );
  const result = await runRounds(scenario, taking, options, progress);
  for (const section of scenario.sections) {
    const rows = (result.rows[section.key] ?? []).filter(({ samples }) => samples.length > 0);
    if (rows.length > 0) print(`\n${renderSection(section, rows)}`);
  }
  for (const { peer, error } of result.failures) report(`${peer} in ${scenario.name}`, error);
  return result;
}

async function writeJson(
  file: string,
  machine: Machine,
  ready: readonly PreparedPeer[],
  results: readonly ScenarioResult[],
) {
  const versions = Object.fromEntries(ready.map(({ name, version }) => [name, version]));
  const figures = Object.fromEntries(results.map(({ scenario, rows }) => [scenario.name, rows]));
  // npm runs this in bench/; the file is meant relative to where npm was called.
  await writeFile(
    resolve(process.env.INIT_CWD ?? ".", file),
    `${JSON.stringify({ machine, versions, scenarios: figures }, undefined, 2)}\n`,
  );
}

async function main(): Promise<void> {
  const options = readOptions(
    process.argv.slice(2),
    scenarios.map(({ name }) => name),
    peers.map(({ name }) => name),
  );
  await requireToolchain("taskset", "--version");
  const machine = await describeMachine();
  for (const [what, value] of Object.entries(machine)) print(`${what}: ${value}`);
  const ready = await preparePeers(
    peers.filter(({ name }) => options.only.length === 0 || options.only.includes(name)),
  );
  print(`peers: ${ready.map(({ name, version }) => `${name} ${version}`).join(", ")}`);
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios.filter(({ name }) => options.scenarios.includes(name))) {
    const result = await runScenario(scenario, options, ready);
    if (result !== undefined) results.push(result);
  }
  if (options.jsonFile !== undefined) await writeJson(options.jsonFile, machine, ready, results);
}

// Without this, a signal would end the harness and leave the servers running.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

main().catch((error: unknown) => {
  process.stderr.write(error instanceof UsageError ? `${error.message}\n\n${USAGE}\n` : `${String(error)}\n`);
  process.exitCode = 1;
});
