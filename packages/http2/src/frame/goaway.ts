/** GOAWAY: no more streams above an id, and why. RFC 9113 section 6.8. */

import type { ByteSink } from "../byte-sink.js";
import type { ErrorCode } from "../error.js";
import { FrameType, getUint31, getUint32, putUint32, writeFrameHeader } from "./frame-header.js";

/** Octets before the debug data. */
export const GOAWAY_MIN_BYTES = 8;

/** Debug data longer than this is cut, when sent and when read: it is for a log line. */
export const GOAWAY_MAX_DEBUG_BYTES = 1024;

export interface GoAway {
  readonly lastStreamId: number;
  readonly code: ErrorCode;
  /** The debug data read as UTF-8; empty when there was none. */
  readonly debug: string;
}

export function writeGoAway(out: ByteSink, lastStreamId: number, code: ErrorCode, debug: string): void {
  const text = Buffer.from(debug, "utf8").subarray(0, GOAWAY_MAX_DEBUG_BYTES);
  writeFrameHeader(out, GOAWAY_MIN_BYTES + text.length, FrameType.GOAWAY, 0, 0);
  putUint32(out.buffer, out.position, lastStreamId);
  putUint32(out.buffer, out.position + 4, code);
  out.buffer.set(text, out.position + GOAWAY_MIN_BYTES);
  out.position += GOAWAY_MIN_BYTES + text.length;
}

/** Reads a payload of at least {@link GOAWAY_MIN_BYTES}. */
export function parseGoAway(buffer: Buffer, start: number, end: number): GoAway {
  const debugEnd = Math.min(end, start + GOAWAY_MIN_BYTES + GOAWAY_MAX_DEBUG_BYTES);
  return {
    lastStreamId: getUint31(buffer, start),
    code: getUint32(buffer, start + 4),
    debug: buffer.toString("utf8", start + GOAWAY_MIN_BYTES, debugEnd),
  };
}
