/**
 * Runs an example's program as a child process and watches what it prints. For the demo and the tests.
 *
 * Nothing outlives this process: whatever still runs when it exits is killed.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

/** How a program ended: its exit code, or the name of the signal that ended it. */
export type ExitStatus = number | NodeJS.Signals;

/** How long a program may take to do what is waited for, unless a call says otherwise. */
export const STEP_LIMIT_MS = 20_000;
/** How long a program may take to stop after SIGTERM. Servers give their calls 5 s. */
const STOP_LIMIT_MS = 8_000;

const running = new Set<ExampleProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export interface StartOptions {
  /** Called with each line of stdout and stderr. */
  readonly onLine?: ((line: string) => void) | undefined;
}

export class ExampleProcess implements AsyncDisposable {
  /** What the program printed on stdout so far, line by line. */
  readonly stdout: string[] = [];
  /** What the program printed on stderr so far, line by line. */
  readonly stderr: string[] = [];
  readonly #program: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #ended: Promise<ExitStatus>;
  #lineWaiters: Array<(line: string) => void> = [];

  /** Starts a program of the examples, such as `greeter/server.js`, with these arguments. */
  constructor(program: string, args: readonly string[], { onLine = () => {} }: StartOptions = {}) {
    this.#program = program;
    const path = fileURLToPath(new URL(`../${program}`, import.meta.url));
    this.#child = spawn(process.execPath, [path, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    // A program may end without reading its input; what was written to it is lost then, which is no concern of ours.
    this.#child.stdin.on("error", () => {});
    running.add(this);

    this.#ended = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      // "close" comes after the last line of both outputs, unlike "exit".
      this.#child.once("close", (code, signal) => resolve(code ?? signal ?? "SIGKILL"));
    });
    const forget = () => running.delete(this);
    this.#ended.then(forget, forget);

    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      this.stdout.push(line);
      onLine(line);
      for (const waiter of this.#lineWaiters) waiter(line);
    });
    createInterface({ input: this.#child.stderr }).on("line", (line) => {
      this.stderr.push(line);
      onLine(line);
    });
  }

  /**
   * The first line of stdout that begins with this text, printed already or still to come.
   * Rejects when the program ends or the time is up without it.
   */
  line(start: string, limitMs: number = STEP_LIMIT_MS): Promise<string> {
    const printed = this.stdout.find((line) => line.startsWith(start));
    if (printed !== undefined) return Promise.resolve(printed);
    let waiter: (line: string) => void = () => {};
    const found = new Promise<string>((resolve, reject) => {
      waiter = (line) => {
        if (line.startsWith(start)) resolve(line);
      };
      this.#lineWaiters.push(waiter);
      const missed = (status: ExitStatus) => reject(this.#failure(`ended with ${status} and did not print "${start}"`));
      this.#ended.then(missed, reject);
    });
    const done = () => {
      this.#lineWaiters = this.#lineWaiters.filter((other) => other !== waiter);
    };
    return this.#within(limitMs, `did not print "${start}"`, found).finally(done);
  }

  /** How the program ended, after its last line has been read. Rejects when the time is up before. */
  exit(limitMs: number = STEP_LIMIT_MS): Promise<ExitStatus> {
    return this.#within(limitMs, "did not end", this.#ended);
  }

  /** Writes a line to the program's stdin. */
  write(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Ends the program's stdin. */
  endInput(): void {
    this.#child.stdin.end();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Stops the program and waits until it is gone: SIGTERM first, SIGKILL if that does not help. */
  async stop(): Promise<ExitStatus> {
    this.#child.stdin.destroy();
    this.kill("SIGTERM");
    try {
      return await this.exit(STOP_LIMIT_MS);
    } catch {
      this.kill("SIGKILL");
      return await this.exit();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #within<T>(limitMs: number, problem: string, result: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#failure(`${problem} within ${limitMs / 1_000} s`)), limitMs);
    });
    return Promise.race([result, timeUp]).finally(() => clearTimeout(timer));
  }

  #failure(problem: string): Error {
    const printed = [...this.stdout, ...this.stderr].map((line) => `\n    ${line}`).join("");
    return new Error(`${this.#program} ${problem}; it printed:${printed || " nothing"}`);
  }
}

/** A server of an example that accepts calls. */
export interface RunningServer {
  readonly process: ExampleProcess;
  /** Where it listens, for a client's `--address`. */
  readonly address: string;
}

/** Starts the server of an example on a free port and waits until it accepts calls. When it does not, it is stopped. */
export async function startServer(
  example: string,
  args: readonly string[] = [],
  options: StartOptions = {},
): Promise<RunningServer> {
  const server = new ExampleProcess(`${example}/server.js`, ["--port", "0", ...args], options);
  try {
    const prefix = "listening on ";
    const line = await server.line(prefix);
    return { process: server, address: line.slice(prefix.length) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
