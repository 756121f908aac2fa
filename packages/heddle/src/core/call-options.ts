/** What a caller may say about one call. */
import type { CallCredentials } from "./call-credentials.js";
import type { Metadata, MetadataInit } from "./metadata.js";

/** Options of one call; all of them are optional. */
export interface CallOptions {
  /**
   * The time the whole call may take, in milliseconds from now. No limit by default.
   * When it has passed, the call fails with DEADLINE_EXCEEDED and the server's handler is told by its signal.
   * With `deadline` too, the earlier of the two holds.
   */
  readonly timeoutMs?: number | undefined;
  /** The moment at which the call expires: a `Date`, or milliseconds since the epoch. */
  readonly deadline?: Date | number | undefined;
  /**
   * Cancels the call when it aborts. The call fails with CANCELLED, and the signal's reason is the error's `cause`. An
   * `AbortSignal.timeout()` is told apart: it fails the call with DEADLINE_EXCEEDED. The server does not know of such a time-out
   * beforehand; `timeoutMs` and `deadline` are sent to it.
   */
  readonly signal?: AbortSignal | undefined;
  /** Metadata for the request's headers. It is read when the call starts; later changes have no effect. */
  readonly metadata?: MetadataInit | undefined;
  /**
   * What the requests are compressed with: `gzip`, `deflate`, one of the channel's own, or `identity` for nothing. By default what the
   * channel says. A name that is not known throws a `TypeError`. Small messages go as they are.
   */
  readonly compression?: string | undefined;
  /**
   * Credentials of this call, beside those of its channel, whose metadata come first. They are sent over TLS only, unless the channel has
   * `allowInsecureCallCredentials`.
   */
  readonly callCredentials?: CallCredentials | undefined;
  /** Called once with the response's headers, before the first message. Not called if the server sent only trailers. */
  readonly onHeaders?: ((headers: Metadata) => void) | undefined;
  /** Called once with the response's trailers, before the call settles, whether it succeeded or failed. */
  readonly onTrailers?: ((trailers: Metadata) => void) | undefined;
}
