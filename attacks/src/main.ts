/** Runs attacks and judges them: `npm run attacks -- --help` says how. Exits with 1 when one was not withstood. */
import { writeFileSync } from "node:fs";
import type { Attack } from "./attacker/attack.js";
import { ALL_CHOICES, type Choice, type CommandLine, readCommandLine, USAGE } from "./command-line.js";
import { headerLine, LEGEND, runLine } from "./measure/report-table.js";
import type { Limits } from "./measure/verdict.js";
import { createClientScene } from "./scene/client-scene.js";
import { judgeAttack } from "./scene/judge-attack.js";
import { type AttackRun, type RunOptions, runAttack } from "./scene/run-attack.js";
import { createServerScene } from "./scene/server-scene.js";

const LIMITS: Limits = { p99Ms: 50, peakRssBytes: 150 * 1_048_576, heldGrowthBytes: 8 * 1_048_576 };

/** How it ended: with figures, or with a victim that has died. */
interface Outcome {
  readonly side: Choice["side"];
  readonly name: string;
  readonly run?: AttackRun;
  readonly failures: readonly string[];
}

async function perform({ side, attack }: Choice, options: RunOptions): Promise<Outcome> {
  try {
    const judged = await judgeAttack(attack, LIMITS, () => runWithNewVictim(side, attack, options));
    return { side, name: attack.name, ...judged };
  } catch (error) {
    return { side, name: attack.name, failures: [error instanceof Error ? error.message : String(error)] };
  }
}

/** Each attack has a victim of its own, so that none is blamed for another. */
async function runWithNewVictim(side: Choice["side"], attack: Attack, options: RunOptions): Promise<AttackRun> {
  const scene = await (side === "server" ? createServerScene(options) : createClientScene(options));
  try {
    return await runAttack(scene, attack, options);
  } finally {
    await scene.close();
  }
}

async function main(commandLine: CommandLine): Promise<number> {
  const { choices, seconds, connections, json } = commandLine;
  const options: RunOptions = {
    seconds,
    connections,
    share: 1,
    warmUpSeconds: 1,
    baselineSeconds: 2,
    quietMs: 3_000,
    stubbornMs: 1_000,
    handshakeTimeoutMs: 2_000,
  };
  console.log(`${LEGEND}\n\n${headerLine()}`);
  const outcomes: Outcome[] = [];
  for (const choice of choices) {
    const outcome = await perform(choice, options);
    outcomes.push(outcome);
    if (outcome.run !== undefined) console.log(runLine(outcome.run, outcome.failures));
    else console.log(`${outcome.side}/${outcome.name} could not be finished`);
  }
  const failed = outcomes.filter(({ failures }) => failures.length > 0);
  console.log(`\n${outcomes.length - failed.length} of ${outcomes.length} attacks were withstood.`);
  for (const { side, name, failures } of failed) console.log(`${side}/${name}:\n  ${failures.join("\n  ")}`);
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ limits: LIMITS, options, outcomes }, undefined, 2)}\n`);
  return failed.length === 0 ? 0 : 1;
}

try {
  const commandLine = readCommandLine(process.argv.slice(2));
  if (commandLine.list) {
    for (const { side, attack } of ALL_CHOICES) console.log(`${side}/${attack.name}`.padEnd(40), attack.about);
  } else {
    process.exitCode = await main(commandLine);
  }
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
