/** Errors of the protocol, as values. RFC 9113 section 5.4 (scope) and section 7 (codes). */

/** Error codes of RST_STREAM and GOAWAY. RFC 9113 section 7. */
export const ErrorCode = {
  NO_ERROR: 0x0,
  PROTOCOL_ERROR: 0x1,
  INTERNAL_ERROR: 0x2,
  FLOW_CONTROL_ERROR: 0x3,
  SETTINGS_TIMEOUT: 0x4,
  STREAM_CLOSED: 0x5,
  FRAME_SIZE_ERROR: 0x6,
  REFUSED_STREAM: 0x7,
  CANCEL: 0x8,
  COMPRESSION_ERROR: 0x9,
  CONNECT_ERROR: 0xa,
  ENHANCE_YOUR_CALM: 0xb,
  INADEQUATE_SECURITY: 0xc,
  HTTP_1_1_REQUIRED: 0xd,
} as const;

/** One of {@link ErrorCode}. A peer may send any 32-bit number; unknown ones are kept as they are. */
export type ErrorCode = number;

const names = new Map<number, string>(Object.entries(ErrorCode).map(([name, code]) => [code, name]));

/** The RFC's name of an error code, or its number in hexadecimal when the RFC has none. */
export function errorCodeName(code: ErrorCode): string {
  return names.get(code) ?? `0x${code.toString(16)}`;
}

/** Who ended the stream or the connection: the code above the engine, the engine itself, or the peer. */
export type Initiator = "user" | "library" | "remote";

/** Why a stream or a connection ended other than by END_STREAM in both directions. */
export interface Http2Error {
  /** What is over: one stream, or the connection with all its streams. */
  readonly scope: "stream" | "connection";
  readonly code: ErrorCode;
  readonly initiator: Initiator;
  /** One sentence for the log: what was wrong, with the limit and the actual value where there is one. */
  readonly reason: string;
  /**
   * The peer has vouched that it did not act on the stream at all (REFUSED_STREAM, or an id above the last one of its
   * GOAWAY), so that the same request may be sent again elsewhere. RFC 9113 sections 6.8 and 8.7.
   */
  readonly unprocessed: boolean;
}

/** An error that ends one stream. */
export function streamError(code: ErrorCode, initiator: Initiator, reason: string, unprocessed = false): Http2Error {
  return { scope: "stream", code, initiator, reason, unprocessed };
}

/** An error that ends the connection. */
export function connectionError(code: ErrorCode, initiator: Initiator, reason: string): Http2Error {
  return { scope: "connection", code, initiator, reason, unprocessed: false };
}
