/** What a server tells of connections that never came to a call. */

/** A connection that ended in its TLS or HTTP/2 handshake. */
export interface ConnectionFailure {
  /** The peer's address: `127.0.0.1:40122`, `[::1]:40122` or `unix:/path`. */
  readonly peer: string;
  /** What was wrong, and what to try. */
  readonly message: string;
  /** The error of the TLS library, if there was one. */
  readonly cause: Error | undefined;
}
