/** Runs the server of an example: from its address to its orderly end. */
import type { Server } from "heddle";
import { type OptionValues, type serverOptions, wholeNumber } from "./options.js";

/** How long calls may go on after the server was told to stop. What is left then is aborted. */
const GRACE_MS = 5_000;

/**
 * Listens where `--host` and `--port` say, prints `listening on <address>` once calls are accepted, and stops gracefully
 * on SIGINT or SIGTERM. A second signal ends the program at once. `beforeShutdown` is for a service whose calls do not
 * end by themselves: it ends them.
 */
export async function serve(
  server: Server,
  options: OptionValues<typeof serverOptions>,
  beforeShutdown: () => void = () => {},
): Promise<void> {
  const port = wholeNumber("port", options.port, 0, 65_535);
  const host = options.host.includes(":") && !options.host.startsWith("[") ? `[${options.host}]` : options.host;
  const address = await listen(server, `${host}:${port}`);
  if (address === undefined) return;

  const stop = () => {
    // With the handlers gone, a second signal does what it does to any program.
    process.off("SIGINT", stop).off("SIGTERM", stop);
    beforeShutdown();
    server.shutdown({ graceMs: GRACE_MS }).catch((error: unknown) => {
      console.error("the shutdown failed:", error);
      process.exitCode = 1;
    });
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  // Last of all: whoever reads this line may send a signal right away.
  console.log(`listening on ${address}`);
}

/** The address that the server listens on. When it cannot, this says why and makes the program's exit code 1. */
async function listen(server: Server, address: string): Promise<string | undefined> {
  try {
    return (await server.listen(address)).address;
  } catch (error) {
    console.error(`cannot listen on ${address}: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
    return undefined;
  }
}
