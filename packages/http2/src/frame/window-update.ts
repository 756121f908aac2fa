/** WINDOW_UPDATE: credit for the other side to send more DATA. RFC 9113 section 6.9. */
import type { ByteSink } from "../byte-sink.js";
import { FrameType, putUint32, writeFrameHeader } from "./frame-header.js";

export const WINDOW_UPDATE_BYTES = 4;

/** Writes credit for one stream, or for the connection when `streamId` is 0. `increment` is 1 to 2^31 - 1. */
export function writeWindowUpdate(out: ByteSink, streamId: number, increment: number): void {
  writeFrameHeader(out, WINDOW_UPDATE_BYTES, FrameType.WINDOW_UPDATE, 0, streamId);
  putUint32(out.buffer, out.position, increment);
  out.position += WINDOW_UPDATE_BYTES;
}
