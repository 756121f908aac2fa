/**
 * A child process whose output is kept, and which never outlives this process.
 *
 * It knows nothing of what the programs do; see server-process.ts and client-process.ts for that.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Command } from "./peer.js";

/** How much of the end of a child's stderr is kept for error messages. */
const STDERR_CHARS = 4_000;

/** How a process ended: by itself with a code, or by a signal. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const running = new Set<ChildProcess>();

process.once("exit", killAll);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** A started program. */
export class Child {
  /** All that it has printed. */
  stdout = "";
  /** Settles when the process has ended and its output is complete. Never rejects: a program that cannot start has code -1. */
  readonly ended: Promise<ProcessEnd>;
  readonly #process: ChildProcess;
  readonly #label: string;
  #stderr = "";
  #onOutput: () => void = () => {};

  constructor(label: string, command: Command, args: readonly string[]) {
    this.#label = label;
    this.#process = spawn(command.file, [...command.args, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...command.env },
    });
    running.add(this.#process);
    this.#process.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
      this.#onOutput();
    });
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARS);
      this.#onOutput();
    });
    this.ended = new Promise((resolve) => {
      this.#process.once("error", (error) => {
        this.#stderr += `${error.message}\n`;
        this.#finish(resolve, { code: -1, signal: null });
      });
      this.#process.once("close", (code, signal) => this.#finish(resolve, { code, signal }));
    });
  }

  /** Gives the first match in what it prints, to stdout or else to stderr; `undefined` when it ends without one. */
  async printed(pattern: RegExp): Promise<RegExpExecArray | undefined> {
    const find = () => pattern.exec(this.stdout) ?? pattern.exec(this.#stderr) ?? undefined;
    const found = new Promise<RegExpExecArray>((resolve) => {
      this.#onOutput = () => {
        const match = find();
        if (match) resolve(match);
      };
      this.#onOutput();
    });
    return Promise.race([found, this.ended.then(find)]);
  }

  /** Ends it at once, if it still runs, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.ended;
  }

  /** Who it is and what it has complained about, for an error message. */
  describe(): string {
    return this.#stderr === ""
      ? `${this.#label} printed no errors`
      : `${this.#label} printed:\n${this.#stderr.trimEnd()}`;
  }

  #finish(resolve: (end: ProcessEnd) => void, end: ProcessEnd): void {
    running.delete(this.#process);
    resolve(end);
  }
}
