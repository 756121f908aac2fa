/** Runs an example once, its server and one client, and gives what the client did. For the tests. */
import { ExampleProcess, type ExitStatus, startServer } from "./example-process.js";

export interface ExampleRun {
  readonly client: ClientRun;
  /** How the server ended after SIGTERM; 0 when it stopped gracefully. */
  readonly serverStatus: ExitStatus;
}

export interface ClientRun {
  readonly status: ExitStatus;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

export async function runExample(
  example: string,
  clientArgs: readonly string[] = [],
  serverArgs: readonly string[] = [],
): Promise<ExampleRun> {
  const server = await startServer(example, serverArgs);
  try {
    const client = await runClientProgram(example, ["--address", server.address, ...clientArgs]);
    return { client, serverStatus: await server.process.stop() };
  } finally {
    await server.process.stop();
  }
}

/** Runs a client to its end with exactly these arguments. */
export async function runClientProgram(example: string, args: readonly string[]): Promise<ClientRun> {
  await using client = new ExampleProcess(`${example}/client.js`, args);
  return { status: await client.exit(), stdout: client.stdout, stderr: client.stderr };
}
