/** What the figures were measured on. */
import { cpus, loadavg, release, totalmem } from "node:os";
import { versionOf } from "./command.js";
import { h2loadVersion } from "./h2load.js";

/** Names and versions, in the order in which they are printed. */
export type Machine = Readonly<Record<string, string>>;

/** Asks the machine and its tools; what is missing is said to be missing. */
export async function describeMachine(): Promise<Machine> {
  const [first] = cpus();
  return {
    CPU: `${first?.model.trim() ?? "unknown"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    Linux: release(),
    Node: process.version,
    Go: (await versionOf("go", "version")) ?? "missing",
    Python: (await versionOf("python3", "--version")) ?? "missing",
    "load generator": (await h2loadVersion()) ?? "h2load is missing",
    // Above 0.1 or so, something else is running and disturbs the figures.
    "load average before": loadavg()[0]?.toFixed(2) ?? "unknown",
    date: new Date().toISOString(),
  };
}
