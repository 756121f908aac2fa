/** PING: eight opaque octets and their echo. RFC 9113 section 6.7. */
import type { ByteSink } from "../byte-sink.js";
import { Flag, FrameType, writeFrameHeader } from "./frame-header.js";

export const PING_BYTES = 8;

/** Writes a PING, or its acknowledgement, with the eight octets of `source` from `at`. */
export function writePing(out: ByteSink, ack: boolean, source: Uint8Array, at: number): void {
  writeFrameHeader(out, PING_BYTES, FrameType.PING, ack ? Flag.ACK : 0, 0);
  for (let i = 0; i < PING_BYTES; i++) out.buffer[out.position + i] = source[at + i] as number;
  out.position += PING_BYTES;
}
