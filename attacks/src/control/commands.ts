/** What a child process does for the one that started it: commands by name over Node's IPC channel, each with one argument and one result. */

/** Commands of a child. Arguments and results are plain data. */
// biome-ignore lint/suspicious/noExplicitAny: each command has a type of its own for its argument.
export type Commands = Readonly<Record<string, (argument: any) => unknown>>;

export interface CommandRequest {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

export interface CommandReply {
  readonly id: number;
  readonly result?: unknown;
  /** Why the command failed. */
  readonly error?: string;
}

/** A command that every child knows: the processor time that it has used, in milliseconds. */
export const CPU_COMMAND = "cpuMs";

/** Serves commands to the parent, and ends this process when the parent is gone. */
export function serveCommands(commands: Commands): void {
  process.on("message", (request: CommandRequest) => void answer(commands, request));
  process.once("disconnect", () => process.exit());
}

async function answer(commands: Commands, { id, name, argument }: CommandRequest): Promise<void> {
  let reply: CommandReply;
  try {
    reply = { id, result: name === CPU_COMMAND ? cpuMs() : await commands[name]?.(argument) };
  } catch (error) {
    reply = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.send?.(reply);
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
