/** What can be said of HTTP/2 to a server or a channel. */
import { type ConnectionOptions, type Limits, limitsOf, type Role } from "@heddle/http2";

/**
 * Limits, windows, budgets against abuse and time-outs of each HTTP/2 connection; all are optional. docs/limits.md has the table. The
 * two options that have a name of their own on servers and channels are left out.
 */
export type Http2Options = Omit<ConnectionOptions, "maxConcurrentStreams" | "streamWindowBytes">;

/** All options with their defaults, for the connections of one server or channel. Throws a `RangeError` for one out of range. */
export function http2Limits(role: Role, options: ConnectionOptions): Limits {
  return limitsOf(options, role);
}
