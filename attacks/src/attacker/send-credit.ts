/** The windows that the victim has opened. RFC 9113 section 6.9. */
import { FrameType, Setting } from "../frames/frame.js";

const PROTOCOL_WINDOW_BYTES = 65_535;

export class SendCredit {
  #connection = PROTOCOL_WINDOW_BYTES;
  #initial = PROTOCOL_WINDOW_BYTES;
  readonly #streams = new Map<number, number>();

  /** Takes note of a frame of the victim; true when a window may have grown by it. */
  note(type: number, streamId: number, payload: Buffer): boolean {
    if (type === FrameType.WINDOW_UPDATE) this.#add(streamId, payload.readUInt32BE(0));
    else if (type === FrameType.SETTINGS) this.#applySettings(payload);
    else if (type === FrameType.RST_STREAM) this.#streams.delete(streamId);
    else return false;
    return true;
  }

  /** Takes `bytes` of a stream's window and of the connection's; false when either is too small. */
  take(streamId: number, bytes: number): boolean {
    const stream = this.of(streamId);
    if (stream < bytes || this.#connection < bytes) return false;
    this.#streams.set(streamId, stream - bytes);
    this.#connection -= bytes;
    return true;
  }

  /** What is left of a stream's window. */
  of(streamId: number): number {
    return this.#streams.get(streamId) ?? this.#initial;
  }

  #add(streamId: number, bytes: number): void {
    if (streamId === 0) this.#connection += bytes;
    else this.#streams.set(streamId, this.of(streamId) + bytes);
  }

  #applySettings(payload: Buffer): void {
    for (let at = 0; at + 6 <= payload.length; at += 6) {
      if (payload.readUInt16BE(at) !== Setting.INITIAL_WINDOW_SIZE) continue;
      const change = payload.readUInt32BE(at + 2) - this.#initial;
      this.#initial += change;
      for (const [id, bytes] of this.#streams) this.#streams.set(id, bytes + change);
    }
  }
}
