/** SETTINGS: identifiers, values, and the bounds of the values. RFC 9113 sections 6.5 and 6.5.2. */

import type { ByteSink } from "../byte-sink.js";
import { ErrorCode } from "../error.js";
import { Flag, FrameType, getUint32, putUint32, writeFrameHeader } from "./frame-header.js";

export const SETTING_BYTES = 6;

export const Setting = {
  HEADER_TABLE_SIZE: 0x1,
  ENABLE_PUSH: 0x2,
  MAX_CONCURRENT_STREAMS: 0x3,
  INITIAL_WINDOW_SIZE: 0x4,
  MAX_FRAME_SIZE: 0x5,
  MAX_HEADER_LIST_SIZE: 0x6,
} as const;

export const MAX_WINDOW_BYTES = 0x7fffffff;
export const MIN_MAX_FRAME_BYTES = 16_384;
export const MAX_MAX_FRAME_BYTES = 16_777_215;

/** Writes a SETTINGS frame with the given identifiers and values, in that order. */
export function writeSettings(out: ByteSink, entries: readonly (readonly [id: number, value: number])[]): void {
  writeFrameHeader(out, entries.length * SETTING_BYTES, FrameType.SETTINGS, 0, 0);
  for (const [id, value] of entries) {
    out.buffer[out.position] = id >>> 8;
    out.buffer[out.position + 1] = id;
    putUint32(out.buffer, out.position + 2, value);
    out.position += SETTING_BYTES;
  }
}

export function writeSettingsAck(out: ByteSink): void {
  writeFrameHeader(out, 0, FrameType.SETTINGS, Flag.ACK, 0);
}

export function settingId(buffer: Buffer, at: number): number {
  return ((buffer[at] as number) << 8) | (buffer[at + 1] as number);
}

export function settingValue(buffer: Buffer, at: number): number {
  return getUint32(buffer, at + 2);
}

/** What is wrong with a value that a peer announced, or `undefined`. Unknown identifiers are never wrong. */
export function settingFault(id: number, value: number): { code: ErrorCode; reason: string } | undefined {
  switch (id) {
    case Setting.ENABLE_PUSH:
      if (value <= 1) return undefined;
      return { code: ErrorCode.PROTOCOL_ERROR, reason: `SETTINGS_ENABLE_PUSH is ${value}; only 0 and 1 are allowed` };
    case Setting.INITIAL_WINDOW_SIZE:
      if (value <= MAX_WINDOW_BYTES) return undefined;
      return {
        code: ErrorCode.FLOW_CONTROL_ERROR,
        reason: `SETTINGS_INITIAL_WINDOW_SIZE is ${value}; the largest window is ${MAX_WINDOW_BYTES}`,
      };
    case Setting.MAX_FRAME_SIZE:
      if (value >= MIN_MAX_FRAME_BYTES && value <= MAX_MAX_FRAME_BYTES) return undefined;
      return {
        code: ErrorCode.PROTOCOL_ERROR,
        reason: `SETTINGS_MAX_FRAME_SIZE is ${value}; it must be from ${MIN_MAX_FRAME_BYTES} to ${MAX_MAX_FRAME_BYTES}`,
      };
    default:
      return undefined;
  }
}
