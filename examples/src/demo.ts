/**
 * Runs every example, server and clients, shows what they print, and checks it: `npm run demo`.
 *
 * Ends with exit code 1, naming what is missing, when an example fails or does not print a line that it must.
 */
import { runScenario } from "./harness/run-scenario.js";
import { scenarios } from "./scenarios.js";

// Exiting, unlike dying of the signal, kills what still runs.
process.once("SIGINT", () => process.exit(130)).once("SIGTERM", () => process.exit(143));

const problems: string[] = [];
for (const scenario of scenarios) {
  console.log(`\n=== ${scenario.example}`);
  for (const problem of await runScenario(scenario, console.log)) problems.push(`${scenario.example}: ${problem}`);
}

if (problems.length === 0) {
  console.log(`\nAll ${scenarios.length} examples did what they must.`);
} else {
  console.error(`\nThe demo failed:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
  process.exitCode = 1;
}
