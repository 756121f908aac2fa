/**
 * SETTINGS in both directions: the peer's are applied and acknowledged at once; ours bind the peer from its acknowledgement on,
 * and until then it may go by the protocol's initial values. RFC 9113 sections 6.5.2 and 6.5.3.
 */
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

const UNLIMITED_STREAMS = 0x7fffffff;

export class SettingsExchange<C> {
  readonly #link: Link<C>;
  readonly #sending: SendingSide<C>;
  readonly decoder: HpackDecoder;
  /** The peer's SETTINGS have arrived. */
  received = false;
  #unacknowledged = 0;
  /** What binds the peer now. */
  streamWindowBytes = PROTOCOL_WINDOW_BYTES;
  maxFrameBytes = PROTOCOL_MAX_FRAME_BYTES;

  constructor(link: Link<C>, sending: SendingSide<C>) {
    this.#link = link;
    this.#sending = sending;
    this.decoder = new HpackDecoder({
      // A table may be used at the protocol's size until our own size is acknowledged.
      maxTableSizeBytes: PROTOCOL_HEADER_TABLE_BYTES,
      maxHeaderListBytes: link.limits.maxHeaderListBytes,
    });
  }

  /** Sends our SETTINGS. */
  start(): void {
    writeSettings(this.#link.out, settingsOf(this.#link.limits, this.#link.role));
    this.#link.out.finishFrame();
    this.#unacknowledged = 1;
  }

  /** The peer has applied our SETTINGS. */
  onAck(): boolean {
    if (this.#unacknowledged === 0) {
      return this.#link.fail(ErrorCode.PROTOCOL_ERROR, "an acknowledgement of SETTINGS that were not sent");
    }
    this.#unacknowledged -= 1;
    const limits = this.#link.limits;
    const change = limits.streamWindowBytes - this.streamWindowBytes;
    this.streamWindowBytes = limits.streamWindowBytes;
    if (change !== 0) for (const stream of this.#link.streams.values()) stream.receiveWindow += change;
    this.maxFrameBytes = limits.maxFrameBytes;
    this.decoder.setMaxTableSize(limits.headerTableBytes);
    return true;
  }

  /** Applies the peer's SETTINGS, in their order, and acknowledges them. */
  onSettings(buffer: Buffer, start: number, end: number): boolean {
    const link = this.#link;
    for (let at = start; at < end; at += SETTING_BYTES) {
      const id = settingId(buffer, at);
      const value = settingValue(buffer, at);
      const fault = settingFault(id, value);
      if (fault !== undefined) return link.fail(fault.code, fault.reason);
      if (!this.#apply(id, value)) return false;
    }
    // From the first SETTINGS on, a limit that the peer has not named is no limit. RFC 9113 section 6.5.2.
    if (!this.received && !this.#namesStreams(buffer, start, end)) link.remote.maxConcurrentStreams = UNLIMITED_STREAMS;
    this.received = true;
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

  #namesStreams(buffer: Buffer, start: number, end: number): boolean {
    for (let at = start; at < end; at += SETTING_BYTES) {
      if (settingId(buffer, at) === Setting.MAX_CONCURRENT_STREAMS) return true;
    }
    return false;
  }
}
