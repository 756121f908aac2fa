/** What a connection can be told, with its defaults, and the SETTINGS that follow from it. RFC 9113 section 6.5.2. */
import type { PeerBudgetSizes } from "../budget/peer-budgets.js";
import type { RateBudgetSize } from "../budget/rate-budget.js";
import { MAX_MAX_FRAME_BYTES, MAX_WINDOW_BYTES, MIN_MAX_FRAME_BYTES, Setting } from "../frame/settings.js";

export type Role = "client" | "server";

/**
 * Limits that this side announces and enforces. All of them are optional; a value out of range throws a `RangeError` when the
 * connection is made. Sizes are in octets, times in milliseconds. What exceeds a budget ends the connection with
 * GOAWAY(ENHANCE_YOUR_CALM) and a reason.
 */
export interface ConnectionOptions {
  /** SETTINGS_HEADER_TABLE_SIZE: the dynamic table that the peer may use for its header blocks. Default 4096. */
  readonly headerTableBytes?: number | undefined;
  /** SETTINGS_MAX_CONCURRENT_STREAMS for streams that the peer opens; more are refused. Default 1000. A client's is not sent. */
  readonly maxConcurrentStreams?: number | undefined;
  /** SETTINGS_INITIAL_WINDOW_SIZE: what one stream may have under way to us, at first. Default 65,535, as the protocol's own. */
  readonly streamWindowBytes?: number | undefined;
  /**
   * The size to which streams' windows grow when the path carries more than they allow, as measured with PING. Default 4 MiB; if
   * `streamWindowBytes` is set, that value: windows then keep their size.
   */
  readonly maxStreamWindowBytes?: number | undefined;
  /** What all streams together may have under way to us, at first. At least 65,535, the protocol's start. Default 1 MiB. */
  readonly connectionWindowBytes?: number | undefined;
  /**
   * What may be under way to us or received and not consumed, on all streams together. Beyond it the peer gets no credit until
   * something is consumed. At least twice `connectionWindowBytes`, whose window grows to half of it. Default 16 MiB.
   */
  readonly maxUnreadBytes?: number | undefined;
  /**
   * What may be queued for sending on all streams together. Beyond it senders are asked to wait, and a client opens no stream, until
   * half of it has left. Default 16 MiB.
   */
  readonly maxQueuedBytes?: number | undefined;
  /** SETTINGS_MAX_FRAME_SIZE: the largest payload that we accept, 16,384 to 16,777,215. Default 16,384. */
  readonly maxFrameBytes?: number | undefined;
  /** SETTINGS_MAX_HEADER_LIST_SIZE: the largest header list that we accept (names, values and 32 for each field). Default 8192. */
  readonly maxHeaderListBytes?: number | undefined;
  /** The most fields in a header list that we accept. Default 256. */
  readonly maxHeaderFields?: number | undefined;
  /** The most CONTINUATION frames of a header block. Default 8, or what a block four times `maxHeaderListBytes` needs. */
  readonly maxContinuationFrames?: number | undefined;
  /** The most entries of a SETTINGS frame. Default 32. */
  readonly maxSettingsEntries?: number | undefined;
  /** The most frames that the peer has caused (acknowledgements, RST_STREAM) and that wait because it does not read. Default 1000. */
  readonly maxQueuedAnswers?: number | undefined;
  /**
   * Streams that the peer resets before we have sent anything on them, and resets that it provokes by errors or beyond the
   * limit of streams. Each stream that we answer to its end gives one back. Default 1000, and 33 per second.
   */
  readonly resetBudget?: RateBudgetSize | undefined;
  /** PING frames; full again whenever a HEADERS or DATA frame is sent, or DATA arrives. Default 1000, and 10 per second. */
  readonly pingBudget?: RateBudgetSize | undefined;
  /** SETTINGS frames. Default 200, and 33 per second. */
  readonly settingsBudget?: RateBudgetSize | undefined;
  /** DATA frames with no data that do not end their stream; full again as `pingBudget`. Default 100, and 10 per second. */
  readonly emptyDataBudget?: RateBudgetSize | undefined;
  /** WINDOW_UPDATE frames; full again as `pingBudget`. Default 10,000, and 100 per second. */
  readonly windowUpdateBudget?: RateBudgetSize | undefined;
  /**
   * Frames that are read and ignored: PRIORITY, unknown types, late frames of closed streams, informational responses; full again
   * as `pingBudget`. Default 1000, and 100 per second.
   */
  readonly ignoredFrameBudget?: RateBudgetSize | undefined;
  /** How long the peer may take for its preface, its SETTINGS, and the acknowledgement of ours. Default 20,000. */
  readonly handshakeTimeoutMs?: number | undefined;
  /**
   * A connection without streams is drained (as by `drain`) after this time, or up to twice as late. Default 3,600,000 for a
   * server, `Infinity` (never) for a client.
   */
  readonly idleTimeoutMs?: number | undefined;
  /** How long nothing may leave while more than `maxQueuedBytes` is queued, or up to twice as long. Default 60,000. */
  readonly stallTimeoutMs?: number | undefined;
}

/** {@link ConnectionOptions} with every default filled in and found to be in range: made once, for any number of connections. */
export type Limits = { readonly resolvedFor: Role } & {
  readonly [K in Exclude<keyof ConnectionOptions, keyof PeerBudgetSizes>]-?: number;
} & PeerBudgetSizes;

/** The protocol's values before any SETTINGS. */
export const PROTOCOL_WINDOW_BYTES = 65_535;
export const PROTOCOL_MAX_FRAME_BYTES = 16_384;
export const PROTOCOL_HEADER_TABLE_BYTES = 4_096;

/** The largest id of a stream. RFC 9113 section 5.1.1. */
export const MAX_STREAM_ID = 0x7fffffff;

const MAX_UINT32 = 0xffffffff;
const MIB = 1_048_576;

/** Fills in the defaults. Throws a `RangeError` that names an option out of range. */
export function limitsOf(options: ConnectionOptions, role: Role): Limits {
  return {
    resolvedFor: role,
    ...sizesOf(options),
    ...countsOf(options),
    ...budgetsOf(options),
    ...timesOf(options, role),
  };
}

function sizesOf(options: ConnectionOptions) {
  const streamWindowBytes = whole(options, "streamWindowBytes", PROTOCOL_WINDOW_BYTES, 0, MAX_WINDOW_BYTES);
  const maxWindow = options.streamWindowBytes === undefined ? 4 * MIB : streamWindowBytes;
  const connectionWindowBytes = whole(options, "connectionWindowBytes", MIB, 0, MAX_WINDOW_BYTES);
  return {
    headerTableBytes: whole(options, "headerTableBytes", PROTOCOL_HEADER_TABLE_BYTES, 0, MAX_UINT32),
    streamWindowBytes,
    maxStreamWindowBytes: Math.max(
      whole(options, "maxStreamWindowBytes", maxWindow, 0, MAX_WINDOW_BYTES),
      streamWindowBytes,
    ),
    connectionWindowBytes: Math.max(connectionWindowBytes, PROTOCOL_WINDOW_BYTES),
    maxUnreadBytes: Math.max(
      whole(options, "maxUnreadBytes", 16 * MIB, 0, Number.MAX_SAFE_INTEGER),
      2 * Math.max(connectionWindowBytes, PROTOCOL_WINDOW_BYTES),
    ),
    maxQueuedBytes: whole(options, "maxQueuedBytes", 16 * MIB, 1, Number.MAX_SAFE_INTEGER),
    maxFrameBytes: whole(options, "maxFrameBytes", PROTOCOL_MAX_FRAME_BYTES, MIN_MAX_FRAME_BYTES, MAX_MAX_FRAME_BYTES),
    maxHeaderListBytes: whole(options, "maxHeaderListBytes", 8192, 0, MAX_UINT32),
  };
}

function countsOf(options: ConnectionOptions) {
  const most = Number.MAX_SAFE_INTEGER;
  const frames = Math.ceil(maxBlockBytes(options.maxHeaderListBytes ?? 0) / PROTOCOL_MAX_FRAME_BYTES);
  return {
    maxConcurrentStreams: whole(options, "maxConcurrentStreams", 1000, 0, MAX_UINT32),
    maxHeaderFields: whole(options, "maxHeaderFields", 256, 1, most),
    maxContinuationFrames: whole(options, "maxContinuationFrames", Math.max(8, frames), 0, most),
    maxSettingsEntries: whole(options, "maxSettingsEntries", 32, 1, most),
    maxQueuedAnswers: whole(options, "maxQueuedAnswers", 1000, 1, most),
  };
}

function budgetsOf(options: ConnectionOptions): PeerBudgetSizes {
  return {
    resetBudget: budget(options, "resetBudget", 1000, 33),
    pingBudget: budget(options, "pingBudget", 1000, 10),
    settingsBudget: budget(options, "settingsBudget", 200, 33),
    emptyDataBudget: budget(options, "emptyDataBudget", 100, 10),
    windowUpdateBudget: budget(options, "windowUpdateBudget", 10_000, 100),
    ignoredFrameBudget: budget(options, "ignoredFrameBudget", 1000, 100),
  };
}

function timesOf(options: ConnectionOptions, role: Role) {
  return {
    handshakeTimeoutMs: time(options, "handshakeTimeoutMs", 20_000),
    idleTimeoutMs: time(options, "idleTimeoutMs", role === "server" ? 3_600_000 : Number.POSITIVE_INFINITY),
    stallTimeoutMs: time(options, "stallTimeoutMs", 60_000),
  };
}

/** A header block in its encoded form may be this large before it is complete: a peer that needs more is not honest. */
export function maxBlockBytes(maxHeaderListBytes: number): number {
  return Math.max(maxHeaderListBytes * 4, 65_536);
}

type NumberOption = Exclude<keyof ConnectionOptions, keyof PeerBudgetSizes>;

function whole(options: ConnectionOptions, name: NumberOption, standard: number, least: number, most: number): number {
  const value = options[name] ?? standard;
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} is ${value}; it must be a whole number from ${least} to ${most}`);
}

function time(options: ConnectionOptions, name: NumberOption, standard: number): number {
  const value = options[name] ?? standard;
  if (value > 0) return value;
  throw new RangeError(`${name} is ${value}; it must be a number of milliseconds above 0, or Infinity`);
}

function budget(
  options: ConnectionOptions,
  name: keyof PeerBudgetSizes,
  burst: number,
  perSecond: number,
): RateBudgetSize {
  const size = options[name] ?? { burst, perSecond };
  if (size.burst >= 1 && size.perSecond >= 0) return size;
  throw new RangeError(
    `${name} is { burst: ${size.burst}, perSecond: ${size.perSecond} }; burst must be 1 or more, perSecond 0 or more`,
  );
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
