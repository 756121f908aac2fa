/** What a connection can be told, with its defaults, and the SETTINGS that follow from it. RFC 9113 section 6.5.2. */
import { Setting } from "../frame/settings.js";

export type Role = "client" | "server";

/** Limits that this side announces and enforces. All sizes are in octets. */
export interface ConnectionOptions {
  /** SETTINGS_HEADER_TABLE_SIZE: the dynamic table that the peer may use for its header blocks. Default 4096. */
  readonly headerTableBytes?: number | undefined;
  /** SETTINGS_MAX_CONCURRENT_STREAMS for streams that the peer opens; more are refused. Default 1000. A client's is not sent. */
  readonly maxConcurrentStreams?: number | undefined;
  /** SETTINGS_INITIAL_WINDOW_SIZE: what one stream may have under way to us. Default 65,535, as the protocol's own. */
  readonly streamWindowBytes?: number | undefined;
  /** What all streams together may have under way to us. At least 65,535, the protocol's start. Default 1 MiB. */
  readonly connectionWindowBytes?: number | undefined;
  /** SETTINGS_MAX_FRAME_SIZE: the largest payload that we accept, 16,384 to 16,777,215. Default 16,384. */
  readonly maxFrameBytes?: number | undefined;
  /** SETTINGS_MAX_HEADER_LIST_SIZE: the largest header list that we accept (names, values and 32 for each field). Default 8192. */
  readonly maxHeaderListBytes?: number | undefined;
}

/** {@link ConnectionOptions} with every default filled in. */
export type Limits = { readonly [K in keyof ConnectionOptions]-?: number };

/** The protocol's values before any SETTINGS. */
export const PROTOCOL_WINDOW_BYTES = 65_535;
export const PROTOCOL_MAX_FRAME_BYTES = 16_384;
export const PROTOCOL_HEADER_TABLE_BYTES = 4_096;

/** The largest id of a stream. RFC 9113 section 5.1.1. */
export const MAX_STREAM_ID = 0x7fffffff;

export function limitsOf(options: ConnectionOptions): Limits {
  return {
    headerTableBytes: options.headerTableBytes ?? PROTOCOL_HEADER_TABLE_BYTES,
    maxConcurrentStreams: options.maxConcurrentStreams ?? 1000,
    streamWindowBytes: options.streamWindowBytes ?? PROTOCOL_WINDOW_BYTES,
    connectionWindowBytes: Math.max(options.connectionWindowBytes ?? 1_048_576, PROTOCOL_WINDOW_BYTES),
    maxFrameBytes: options.maxFrameBytes ?? PROTOCOL_MAX_FRAME_BYTES,
    maxHeaderListBytes: options.maxHeaderListBytes ?? 8192,
  };
}

/** The entries of the SETTINGS frame that starts a connection; values equal to the protocol's own are left out. */
export function settingsOf(limits: Limits, role: Role): [number, number][] {
  const entries: [number, number][] = [];
  if (limits.headerTableBytes !== PROTOCOL_HEADER_TABLE_BYTES) {
    entries.push([Setting.HEADER_TABLE_SIZE, limits.headerTableBytes]);
  }
  if (role === "client") entries.push([Setting.ENABLE_PUSH, 0]);
  else entries.push([Setting.MAX_CONCURRENT_STREAMS, limits.maxConcurrentStreams]);
  if (limits.streamWindowBytes !== PROTOCOL_WINDOW_BYTES) {
    entries.push([Setting.INITIAL_WINDOW_SIZE, limits.streamWindowBytes]);
  }
  if (limits.maxFrameBytes !== PROTOCOL_MAX_FRAME_BYTES) entries.push([Setting.MAX_FRAME_SIZE, limits.maxFrameBytes]);
  entries.push([Setting.MAX_HEADER_LIST_SIZE, limits.maxHeaderListBytes]);
  return entries;
}
