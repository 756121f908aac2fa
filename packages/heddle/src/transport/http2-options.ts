/** What can be said of HTTP/2 to a server or a channel. */
import { type ConnectionOptions, checkConnectionOptions, type Role } from "@heddle/http2";

/**
 * Limits, windows, budgets against abuse and time-outs of each HTTP/2 connection; all are optional. docs/limits.md has the table. The
 * two options that have a name of their own on servers and channels are left out.
 */
export type Http2Options = Omit<ConnectionOptions, "maxConcurrentStreams" | "streamWindowBytes">;

/** The same options, found to be in range. Throws a `RangeError` that names the one that is not. */
export function checkedOptions(role: Role, options: ConnectionOptions): ConnectionOptions {
  checkConnectionOptions(role, options);
  return options;
}
