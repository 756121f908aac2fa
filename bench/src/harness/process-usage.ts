/**
 * CPU time and memory of another process, from Linux's /proc (proc(5)).
 *
 * The resolution is one clock tick, usually 10 ms: measure for seconds.
 */
import { readFile } from "node:fs/promises";
import { run } from "./command.js";

// Fields 14 and 15 of /proc/<pid>/stat, counted from the field after the program's name (which is field 2).
const UTIME = 14 - 3;
const STIME = 15 - 3;

let ticksPerSecond: number | undefined;

/** User and system time that a process has used since its start, all of its threads together, in seconds. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  ticksPerSecond ??= Number(await run("getconf", ["CLK_TCK"]));
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[UTIME]) + Number(fields[STIME])) / ticksPerSecond;
}

/** The resident set of a process, in MiB. */
export async function residentMibOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error(`/proc/${pid}/status has no VmRSS: the process has ended`);
  return Number(kib) / 1024;
}
