/** Runs one scenario of the demo from the start of its server to the end of its last process. */
import type { Scenario } from "../scenarios.js";
import { ExampleProcess, startServer } from "./example-process.js";
import { missingLines } from "./missing-lines.js";

/**
 * Starts the server, plays the scenario, and stops whatever still runs. `show` gets each line of output, labelled with who
 * printed it. Gives what went wrong, one text for each problem; none means that all is well.
 */
export async function runScenario(scenario: Scenario, show: (line: string) => void): Promise<string[]> {
  const clients: ExampleProcess[] = [];
  const problems: string[] = [];
  try {
    await play(scenario, clients, show);
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  const printed = clients.flatMap((client) => client.stdout);
  for (const line of missingLines(scenario.required, printed)) problems.push(`missing line: ${line}`);
  return problems;
}

async function play(scenario: Scenario, clients: ExampleProcess[], show: (line: string) => void): Promise<void> {
  const { example } = scenario;
  const labelled = (label: string) => ({ onLine: (line: string) => show(`[${example} ${label}] ${line}`) });
  const server = await startServer(example, [], labelled("server"));
  try {
    await scenario.play((label, args = []) => {
      const all = ["--address", server.address, ...args];
      const client = new ExampleProcess(`${example}/client.js`, all, labelled(label));
      clients.push(client);
      return client;
    });
  } finally {
    for (const child of [...clients, server.process]) await child.stop();
  }
}
