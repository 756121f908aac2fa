/** Runs a peer's client program and reads what it measured. */
import { createInterface } from "node:readline";
import type { ClientJob, PreparedPeer } from "./peer.js";
import { startPinned } from "./pinned-process.js";

// A client that has not ended so long after it should have is stopped, and reported as failed.
const STUCK_MS = 60_000;
// Nobody knows how long a given number of calls takes.
const CALLS_LIMIT_MS = 600_000;

/** What a client program prints at its end. */
export interface ClientResult {
  readonly calls: number;
  readonly seconds: number;
  /** The client's own CPU time, user and system, over the same interval. */
  readonly cpuSeconds: number;
  /** Missing where the program does not measure it. */
  readonly p50Ms?: number;
  readonly p99Ms?: number;
}

/** Runs a job to its end. `onMeasuring` runs when the warm-up is over: for figures of the other end over the same interval. */
export async function runClient(
  peer: PreparedPeer,
  core: number,
  job: ClientJob,
  onMeasuring: () => Promise<void> = async () => undefined,
): Promise<ClientResult> {
  const client = startPinned(core, peer.client(job));
  const timer = setTimeout(
    () => void client.stop(),
    job.warmupMs + (job.calls > 0 ? CALLS_LIMIT_MS : job.measureMs) + STUCK_MS,
  );
  let last = "";
  try {
    for await (const line of createInterface({ input: client.child.stdout })) {
      if (line === "measuring") await onMeasuring();
      else last = line;
    }
  } finally {
    clearTimeout(timer);
    if (last === "") await client.stop(); // no result: it failed, or reading it did
  }
  const code = await client.ended;
  if (code !== 0 || !last.startsWith("{")) {
    throw new Error(`the client of ${peer.name} ended with code ${code}: ${client.stderr() || last}`);
  }
  return JSON.parse(last) as ClientResult;
}
