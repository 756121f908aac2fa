/** Where the errors of handlers go when the user has not said. */
import type { ServerCall } from "../core/server-call.js";

/** Writes the call, its peer, and the error with its stack to standard error. */
export function reportToConsole(error: unknown, call: ServerCall): void {
  // biome-ignore lint/suspicious/noConsole: an error that nobody asked for must still be seen by somebody
  console.error(`heddle: the handler of ${call.path} failed for ${call.peer.address}:`, error);
}
