/**
 * Runs the ceiling's client, which counts in calls and prints a line of its own, as a client program of the harness.
 *
 * It warms itself up by 20,000 calls before each run. A first run finds its pace, the second one is measured.
 */
import type { ClientResult } from "../../harness/client-load.js";
import { run } from "../../harness/command.js";
import type { ClientJob } from "../../harness/peer.js";

const PACE_CALLS = 20_000;
const LINE = /rps (\d+) cpu us\/call ([\d.]+)/;

const [, , client = "", jobText = "{}"] = process.argv;
const job = JSON.parse(jobText) as ClientJob;

async function runCalls(calls: number): Promise<ClientResult> {
  const text = await run(process.execPath, [client, String(job.port), String(job.inFlight), String(calls)]);
  const [, rate, cpuMicros] = LINE.exec(text) ?? [];
  if (rate === undefined || cpuMicros === undefined) throw new Error(`the ceiling's client printed: ${text}`);
  return { calls, seconds: calls / Number(rate), cpuSeconds: (calls * Number(cpuMicros)) / 1e6 };
}

const pace = await runCalls(PACE_CALLS);
process.stdout.write("measuring\n");
const calls = job.calls || Math.ceil((pace.calls / pace.seconds) * (job.measureMs / 1e3));
process.stdout.write(`${JSON.stringify(await runCalls(calls))}\n`);
