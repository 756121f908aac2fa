/** Starts programs that are pinned to one core, and sees to it that none of them outlives the harness. */
import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import type { Command } from "./peer.js";

const STDERR_TAIL = 4_000;
const STOP_GRACE_MS = 2_000;

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A program on its core. */
export interface PinnedProcess {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Settles with the exit code (null after a signal) once the process has ended and its output was read. */
  readonly ended: Promise<number | null>;
  /** The end of what it wrote to standard error. */
  stderr(): string;
  /** SIGTERM, and SIGKILL for who does not listen. */
  stop(): Promise<void>;
}

/** Starts a command by taskset on one core; `child.stdout` is a pipe for the caller to read. */
export function startPinned(core: number, command: Command): PinnedProcess {
  const child = spawn("taskset", ["-c", String(core), command.file, ...command.args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...command.env },
  });
  running.add(child);
  let tail = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  // A failed start is reported to whoever awaits `ended`; nobody has to.
  ended.catch(() => running.delete(child));
  return { child, ended, stderr: () => tail.trim(), stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_GRACE_MS);
  await exited;
  clearTimeout(timer);
}
