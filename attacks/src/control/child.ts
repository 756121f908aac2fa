/** A child process that takes commands, seen from its parent. It never outlives the parent. */
import { type ChildProcess, fork } from "node:child_process";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { type CommandReply, type Commands, CPU_COMMAND } from "./commands.js";

/** How much of the end of a child's stderr is kept for error messages. */
const STDERR_CHARS = 4_000;
/** A command that takes longer has failed: no attack may keep its victim busy for so long. */
const COMMAND_LIMIT_MS = 30_000;

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

type Argument<C extends Commands, N extends keyof C> = Parameters<C[N]>;
type Result<C extends Commands, N extends keyof C> = Awaited<ReturnType<C[N]>>;

export interface ChildOptions {
  /** Options of Node, such as `--expose-gc`. */
  readonly execArgv?: readonly string[];
  /** Lets others go first when the processors are busy: 1 a little, 19 always. */
  readonly niceness?: number;
}

export class Child<C extends Commands> {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #gone: Promise<void>;
  #nextId = 1;
  #stderr = "";
  #isGone = false;

  /** Starts a program of `src/processes`. */
  constructor(name: string, { execArgv = [], niceness = 0 }: ChildOptions = {}) {
    this.#name = name;
    const file = fileURLToPath(new URL(`../processes/${name}.js`, import.meta.url));
    this.#process = fork(file, [], { execArgv: [...execArgv], stdio: ["ignore", "inherit", "pipe", "ipc"] });
    if (niceness > 0 && this.#process.pid !== undefined) setPriority(this.#process.pid, niceness);
    this.#process.on("message", (reply: CommandReply) => this.#settle(reply));
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARS);
    });
    this.#gone = new Promise((resolve) => {
      this.#process.once("close", (code, signal) => {
        this.#isGone = true;
        this.#failAll(`it ended with ${signal ?? `exit code ${code}`}`);
        resolve();
      });
    });
  }

  /** What it has written to stderr, or at least the end of it. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Has the child do something, and gives what comes of it. */
  call<N extends keyof C & string>(name: N, ...[argument]: Argument<C, N>): Promise<Result<C, N>> {
    return this.#send(name, argument) as Promise<Result<C, N>>;
  }

  /** The processor time that it has used. */
  cpuMs(): Promise<number> {
    return this.#send(CPU_COMMAND, undefined) as Promise<number>;
  }

  #send(name: string, argument: unknown): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (this.#isGone) return reject(this.#error(name, "it is gone"));
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(this.#error(name, `no answer within ${COMMAND_LIMIT_MS} ms`));
      }, COMMAND_LIMIT_MS);
      this.#pending.set(id, { resolve, reject, timer });
      this.#process.send({ id, name, argument });
    });
  }

  /** Ends it at once, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#gone;
  }

  #settle({ id, result, error }: CommandReply): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    if (error === undefined) pending.resolve(result);
    else pending.reject(new Error(`${this.#name}: ${error}`));
  }

  #failAll(reason: string): void {
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(this.#error("a command", reason));
    }
    this.#pending.clear();
  }

  #error(command: string, reason: string): Error {
    const said = this.#stderr === "" ? "it printed no errors" : `it printed:\n${this.#stderr.trimEnd()}`;
    return new Error(`${this.#name} could not do ${command}: ${reason}; ${said}`);
  }
}
