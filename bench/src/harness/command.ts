/** Runs programs to their end, and finds out which ones this machine has. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Unavailable } from "./unavailable.js";

const execute = promisify(execFile);

/** Runs a program to its end and gives its standard output, trimmed. The error of a failure carries its standard error. */
export async function run(
  file: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const { stdout } = await execute(file, args, { ...options, maxBuffer: 16 * 1024 * 1024 });
  return stdout.trim();
}

/** The first line a program prints, or `undefined` when it is not there. */
export async function versionOf(file: string, ...args: string[]): Promise<string | undefined> {
  try {
    return (await run(file, args)).split("\n")[0];
  } catch {
    return undefined;
  }
}

/** Throws {@link Unavailable} when a program that a peer is built with is missing. */
export async function requireToolchain(file: string, ...args: string[]): Promise<void> {
  if ((await versionOf(file, ...args)) === undefined) {
    throw new Unavailable(`\`${file}\` was not found on the PATH`);
  }
}
