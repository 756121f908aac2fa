/**
 * SETTINGS in both directions: the peer's are applied and acknowledged at once; ours bind the peer from its acknowledgement on,
 * and until then it may go by the protocol's initial values. RFC 9113 sections 6.5.2 and 6.5.3.
 */
import { Charge } from "../budget/peer-budgets.js";
import { ErrorCode } from "../error.js";
import {
  SETTING_BYTES,
  Setting,
  settingFault,
  settingId,
  settingValue,
  writeSettings,
  writeSettingsAck,
} from "../frame/settings.js";
import { HpackDecoder } from "../hpack/decoder.js";
import type { Link } from "./link.js";
import { PROTOCOL_HEADER_TABLE_BYTES, PROTOCOL_MAX_FRAME_BYTES, PROTOCOL_WINDOW_BYTES, settingsOf } from "./options.js";
import type { SendingSide } from "./sending.js";
import type { Timeouts } from "./timeouts.js";

const UNLIMITED_STREAMS = 0x7fffffff;

export class SettingsExchange<C> {
  readonly #link: Link<C>;
  readonly #sending: SendingSide<C>;
  readonly decoder: HpackDecoder;
  /** The peer's SETTINGS have arrived. */
  received = false;
  /** The stream windows of our SETTINGS that are not acknowledged, in their order. */
  readonly #unacknowledged: number[] = [];
  /** The stream window that we announced last. */
  #announcedWindowBytes: number;
  readonly #timeouts: Timeouts<C>;
  /** What binds the peer now. */
  streamWindowBytes = PROTOCOL_WINDOW_BYTES;
  maxFrameBytes = PROTOCOL_MAX_FRAME_BYTES;

  constructor(link: Link<C>, sending: SendingSide<C>, timeouts: Timeouts<C>) {
    this.#link = link;
    this.#timeouts = timeouts;
    this.#announcedWindowBytes = link.limits.streamWindowBytes;
    this.#sending = sending;
    this.decoder = new HpackDecoder({
      // A table may be used at the protocol's size until our own size is acknowledged.
      maxTableSizeBytes: PROTOCOL_HEADER_TABLE_BYTES,
      maxHeaderListBytes: link.limits.maxHeaderListBytes,
      maxHeaderCount: link.limits.maxHeaderFields,
    });
  }

  /** Sends our SETTINGS. */
  start(): void {
    writeSettings(this.#link.out, settingsOf(this.#link.limits, this.#link.role));
    this.#link.out.finishFrame();
    this.#unacknowledged.push(this.#announcedWindowBytes);
  }

  /** Whether streams' windows may become larger than they are announced to be now. */
  get canGrow(): boolean {
    return this.#announcedWindowBytes < this.#link.limits.maxStreamWindowBytes;
  }

  /** Announces a stream window of twice the size, or of the largest one. It binds the peer once it has acknowledged. */
  growStreamWindow(): void {
    const bytes = Math.min(this.#announcedWindowBytes * 2, this.#link.limits.maxStreamWindowBytes);
    if (bytes <= this.#announcedWindowBytes) return;
    this.#announcedWindowBytes = bytes;
    writeSettings(this.#link.out, [[Setting.INITIAL_WINDOW_SIZE, bytes]]);
    this.#link.out.finishFrame();
    this.#unacknowledged.push(bytes);
    this.#timeouts.expectSettings();
  }

  /** What the peer still owes us, in words. */
  get awaited(): string {
    return this.received ? "the acknowledgement of our SETTINGS" : "its SETTINGS, with which every connection begins";
  }

  /** The peer has applied our SETTINGS. */
  onAck(): boolean {
    const windowBytes = this.#unacknowledged.shift();
    if (windowBytes === undefined) {
      return this.#link.fail(ErrorCode.PROTOCOL_ERROR, "an acknowledgement of SETTINGS that were not sent");
    }
    if (this.#unacknowledged.length === 0 && this.received) this.#timeouts.settingsDone();
    const limits = this.#link.limits;
    const change = windowBytes - this.streamWindowBytes;
    this.streamWindowBytes = windowBytes;
    if (change !== 0) for (const stream of this.#link.streams.values()) stream.receiveWindow += change;
    this.maxFrameBytes = limits.maxFrameBytes;
    this.decoder.setMaxTableSize(limits.headerTableBytes);
    return true;
  }

  /** Applies the peer's SETTINGS, in their order, and acknowledges them. */
  onSettings(buffer: Buffer, start: number, end: number): boolean {
    const link = this.#link;
    const entries = (end - start) / SETTING_BYTES;
    if (entries > link.limits.maxSettingsEntries) {
      const reason = `SETTINGS with ${entries} entries; the limit is ${link.limits.maxSettingsEntries}`;
      return link.fail(ErrorCode.ENHANCE_YOUR_CALM, `${reason} (maxSettingsEntries)`);
    }
    if (!link.charge(Charge.SETTINGS) || !link.noteAnswer()) return false;
    for (let at = start; at < end; at += SETTING_BYTES) {
      const id = settingId(buffer, at);
      const value = settingValue(buffer, at);
      const fault = settingFault(id, value);
      if (fault !== undefined) return link.fail(fault.code, fault.reason);
      // Each change of the window costs a visit of every stream, so only the last one is made.
      if (id === Setting.INITIAL_WINDOW_SIZE && this.#names(id, buffer, at + SETTING_BYTES, end)) continue;
      if (!this.#apply(id, value)) return false;
    }
    // From the first SETTINGS on, a limit that the peer has not named is no limit. RFC 9113 section 6.5.2.
    if (!this.received && !this.#names(Setting.MAX_CONCURRENT_STREAMS, buffer, start, end))
      link.remote.maxConcurrentStreams = UNLIMITED_STREAMS;
    this.received = true;
    if (this.#unacknowledged.length === 0) this.#timeouts.settingsDone();
    writeSettingsAck(link.out);
    link.out.finishFrame();
    this.#sending.pump();
    if (link.fatal === undefined) link.sink.onSettings();
    return link.fatal === undefined;
  }

  #apply(id: number, value: number): boolean {
    const link = this.#link;
    switch (id) {
      case Setting.HEADER_TABLE_SIZE:
        this.#sending.encoder.setPeerTableSize(value);
        return true;
      case Setting.ENABLE_PUSH:
        if (value === 0 || link.role === "server") return true;
        return link.fail(ErrorCode.PROTOCOL_ERROR, "a server announced SETTINGS_ENABLE_PUSH 1");
      case Setting.MAX_CONCURRENT_STREAMS:
        link.remote.maxConcurrentStreams = value;
        return true;
      case Setting.INITIAL_WINDOW_SIZE:
        return this.#changeInitialWindow(value);
      case Setting.MAX_FRAME_SIZE:
        link.remote.maxFrameBytes = value;
        return true;
      case Setting.MAX_HEADER_LIST_SIZE:
        link.remote.maxHeaderListBytes = value;
        return true;
      default:
        return true; // Unknown settings are ignored. RFC 9113 section 6.5.2.
    }
  }

  /** Open streams' windows move by the difference, and may become negative. RFC 9113 section 6.9.2. */
  #changeInitialWindow(bytes: number): boolean {
    const link = this.#link;
    const change = bytes - link.remote.initialWindowBytes;
    link.remote.initialWindowBytes = bytes;
    for (const stream of link.streams.values()) {
      if (!this.#sending.addStreamCredit(stream, change)) {
        return link.fail(
          ErrorCode.FLOW_CONTROL_ERROR,
          `SETTINGS_INITIAL_WINDOW_SIZE of ${bytes} overflows the window of stream ${stream.id}`,
        );
      }
    }
    return true;
  }

  #names(id: number, buffer: Buffer, start: number, end: number): boolean {
    for (let at = start; at < end; at += SETTING_BYTES) {
      if (settingId(buffer, at) === id) return true;
    }
    return false;
  }
}
