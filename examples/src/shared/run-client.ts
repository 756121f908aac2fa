/** Runs the client of an example: a channel, the calls, and a clear word when they fail. */
import { type Channel, createChannel, RpcError, statusName } from "heddle";
import type { clientOptions, OptionValues } from "./options.js";

/**
 * Runs `body` with a channel to `--address` and closes the channel afterwards. When `body` fails, this prints why
 * and makes the program's exit code 1.
 */
export async function runClient(
  options: OptionValues<typeof clientOptions>,
  body: (channel: Channel) => Promise<void>,
): Promise<void> {
  try {
    await using channel = createChannel(options.address);
    await body(channel);
  } catch (error) {
    console.error(`error: ${describeFailure(error, options.address)}`);
    process.exitCode = 1;
  }
}

function describeFailure(error: unknown, address: string): string {
  if (error instanceof RpcError)
    return `${statusName(error.code)}: ${error.message} (peer ${error.origin?.peer ?? address})`;
  return error instanceof Error ? error.message : String(error);
}
