/** The nine octets in front of every frame, the types and the flags. RFC 9113 sections 4.1 and 6. */
import type { ByteSink } from "../byte-sink.js";

export const FRAME_HEADER_BYTES = 9;

export const FrameType = {
  DATA: 0x0,
  HEADERS: 0x1,
  PRIORITY: 0x2,
  RST_STREAM: 0x3,
  SETTINGS: 0x4,
  PUSH_PROMISE: 0x5,
  PING: 0x6,
  GOAWAY: 0x7,
  WINDOW_UPDATE: 0x8,
  CONTINUATION: 0x9,
} as const;

export const Flag = {
  END_STREAM: 0x1,
  ACK: 0x1,
  END_HEADERS: 0x4,
  PADDED: 0x8,
  PRIORITY: 0x20,
} as const;

const names = new Map<number, string>(Object.entries(FrameType).map(([name, type]) => [type, name]));

/** The RFC's name of a frame type, or its number in hexadecimal. */
export function frameTypeName(type: number): string {
  return names.get(type) ?? `frame type 0x${type.toString(16)}`;
}

/** Writes a frame header at `at`; the nine octets must have been reserved. */
export function putFrameHeader(
  buffer: Buffer,
  at: number,
  length: number,
  type: number,
  flags: number,
  streamId: number,
): void {
  buffer[at] = length >>> 16;
  buffer[at + 1] = length >>> 8;
  buffer[at + 2] = length;
  buffer[at + 3] = type;
  buffer[at + 4] = flags;
  putUint32(buffer, at + 5, streamId);
}

/** Writes a frame header at the sink's position and moves it on, after making sure that header and payload fit. */
export function writeFrameHeader(out: ByteSink, length: number, type: number, flags: number, streamId: number): void {
  out.reserve(FRAME_HEADER_BYTES + length);
  putFrameHeader(out.buffer, out.position, length, type, flags, streamId);
  out.position += FRAME_HEADER_BYTES;
}

/** An unsigned 32-bit integer in network order. */
export function putUint32(buffer: Buffer, at: number, value: number): void {
  buffer[at] = value >>> 24;
  buffer[at + 1] = value >>> 16;
  buffer[at + 2] = value >>> 8;
  buffer[at + 3] = value;
}

/** The opposite of {@link putUint32}. */
export function getUint32(buffer: Buffer, at: number): number {
  return (
    (((buffer[at] as number) << 24) |
      ((buffer[at + 1] as number) << 16) |
      ((buffer[at + 2] as number) << 8) |
      (buffer[at + 3] as number)) >>>
    0
  );
}

/** A 31-bit integer in network order; the reserved bit is ignored, as the RFC asks. */
export function getUint31(buffer: Buffer, at: number): number {
  return (
    (((buffer[at] as number) & 0x7f) << 24) |
    ((buffer[at + 1] as number) << 16) |
    ((buffer[at + 2] as number) << 8) |
    (buffer[at + 3] as number)
  );
}
