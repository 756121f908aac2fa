/** The steps that prepare a peer: programs that are run one after the other, each with a time limit. */
import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";

/** Downloads may be slow, but not for ever. */
const STEP_LIMIT_MS = 300_000;
const OUTPUT_LIMIT_BYTES = 16 * 1024 * 1024;

export interface StepOptions {
  readonly cwd?: string;
  /** Set beside the variables of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the steps of one peer, and says on the console what it does. */
export class Steps {
  readonly #peer: string;

  constructor(peer: string) {
    this.#peer = peer;
  }

  say(text: string): void {
    console.log(`[${this.#peer}] ${text}`);
  }

  /** Runs a program and gives what it printed to stdout. Fails with all of its output when it fails or takes too long. */
  async run(what: string, file: string, args: readonly string[], options: StepOptions = {}): Promise<string> {
    this.say(what);
    const env = { ...process.env, ...options.env };
    return new Promise((resolve, reject) => {
      const settings = { cwd: options.cwd, env, timeout: STEP_LIMIT_MS, maxBuffer: OUTPUT_LIMIT_BYTES };
      execFile(file, args, settings, (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const how = error.killed
          ? `did not end within ${STEP_LIMIT_MS} ms`
          : `failed with ${error.code ?? error.signal}`;
        reject(new Error(`[${this.#peer}] ${what}: ${file} ${args.join(" ")} ${how}\n${stdout}${stderr}`));
      });
    });
  }
}

/** Whether a program can be started by its name. */
export function isOnPath(program: string): boolean {
  return (process.env.PATH ?? "").split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
