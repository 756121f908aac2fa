/**
 * What the peer of an engine has said on the wire: what it allows (credit, sizes, streams) and what it forbids (streams that it
 * has reset or ended, GOAWAY). It does not judge the peer: frames that are wrong are taken as far as they make sense, because
 * whatever follows a connection error is never acted upon.
 *
 * What it allows counts at once, but SETTINGS only from the engine's acknowledgement on. What it forbids counts from `settle` on,
 * because the engine may have written something before it came to read the frame.
 */
import { ACK, END_HEADERS, END_STREAM, type Frame, Type } from "../../testing/frames.js";
import { FrameCutter } from "./frame-cutter.js";

const PROTOCOL_WINDOW_BYTES = 65_535;
const PROTOCOL_MAX_FRAME_BYTES = 16_384;

export const SettingId = { HEADER_TABLE_SIZE: 1, MAX_CONCURRENT_STREAMS: 3, INITIAL_WINDOW_SIZE: 4, MAX_FRAME_SIZE: 5 };

export type SettingEntry = readonly [id: number, value: number];

/** The entries of a SETTINGS payload. */
export function settingEntries(payload: Buffer): SettingEntry[] {
  const entries: SettingEntry[] = [];
  for (let at = 0; at + 6 <= payload.length; at += 6) {
    entries.push([payload.readUInt16BE(at), payload.readUInt32BE(at + 2)]);
  }
  return entries;
}

export class PeerStory {
  /** Payloads of PING that the engine has not answered. */
  readonly pings: Buffer[] = [];
  /** SETTINGS that the engine has not acknowledged. */
  readonly settings: SettingEntry[][] = [];
  /** Streams that the peer has begun. */
  readonly begun = new Set<number>();
  /** Streams that the peer has ended or reset; in force. */
  readonly ended = new Set<number>();
  readonly reset = new Set<number>();
  /** The same, in force or not: the engine may already know. */
  readonly perhapsEnded = new Set<number>();
  readonly perhapsReset = new Set<number>();
  /** GOAWAY has been received; in force. */
  isLeaving = false;
  connectionCredit = PROTOCOL_WINDOW_BYTES;
  /** In force. */
  initialWindowBytes = PROTOCOL_WINDOW_BYTES;
  maxFrameBytes = PROTOCOL_MAX_FRAME_BYTES;
  maxConcurrentStreams = Number.POSITIVE_INFINITY;
  /** Our SETTINGS that the peer has acknowledged. */
  acknowledgements = 0;
  /** Payloads of DATA frames that are complete, in octets, in all and by stream. */
  #dataBytes = 0;
  readonly #dataBytesOf = new Map<number, number>();
  readonly #cutter: FrameCutter;
  readonly #credit = new Map<number, number>();
  /** Streams that were ended or reset since the last {@link settle}. */
  #since: number[] = [];
  #leavesSince = false;
  /** The stream whose header block will end it, once the block is complete. */
  #endsWithBlock = 0;

  constructor(peerIsClient: boolean) {
    this.#cutter = new FrameCutter(peerIsClient);
  }

  receive(octets: Buffer): void {
    for (const frame of this.#cutter.push(octets)) this.#onFrame(frame);
  }

  /** From now on the engine has to respect what the peer has forbidden so far. */
  settle(): void {
    for (const id of this.#since) {
      if (this.perhapsEnded.has(id)) this.ended.add(id);
      if (this.perhapsReset.has(id)) this.reset.add(id);
    }
    this.#since = [];
    this.isLeaving ||= this.#leavesSince;
  }

  /** Credit by WINDOW_UPDATE, apart from the initial window. */
  creditOf(streamId: number): number {
    return this.#credit.get(streamId) ?? 0;
  }

  /** Whether the peer has sent whole frames only. */
  get isAtBoundary(): boolean {
    return this.#cutter.isAtBoundary;
  }

  /** Octets of DATA, in all, with the whole of a frame that has only begun: it counts from its header on. */
  get dataBytes(): number {
    return this.#dataBytes + this.#begunData(undefined);
  }

  /** The same for one stream. */
  dataBytesOf(streamId: number): number {
    return (this.#dataBytesOf.get(streamId) ?? 0) + this.#begunData(streamId);
  }

  #begunData(streamId: number | undefined): number {
    const begun = this.#cutter.begun;
    if (begun === undefined || begun.type !== Type.DATA) return 0;
    return streamId === undefined || begun.streamId === streamId ? begun.length : 0;
  }

  /** The engine has acknowledged the oldest SETTINGS. Gives them; `undefined` when there are none. */
  acknowledge(): SettingEntry[] | undefined {
    const entries = this.settings.shift();
    for (const [id, value] of entries ?? []) {
      if (id === SettingId.INITIAL_WINDOW_SIZE) this.initialWindowBytes = value;
      else if (id === SettingId.MAX_FRAME_SIZE) this.maxFrameBytes = value;
      else if (id === SettingId.MAX_CONCURRENT_STREAMS) this.maxConcurrentStreams = value;
    }
    return entries;
  }

  #onFrame({ type, flags, streamId, payload }: Frame): void {
    switch (type) {
      case Type.HEADERS:
        this.begun.add(streamId);
        this.#endsWithBlock = (flags & END_STREAM) !== 0 ? streamId : 0;
        this.#onBlockEnd(flags);
        break;
      case Type.CONTINUATION:
        this.#onBlockEnd(flags);
        break;
      case Type.DATA:
        this.#dataBytes += payload.length;
        this.#dataBytesOf.set(streamId, (this.#dataBytesOf.get(streamId) ?? 0) + payload.length);
        if ((flags & END_STREAM) !== 0) this.#note(streamId, this.perhapsEnded);
        break;
      case Type.RST_STREAM:
        this.#note(streamId, this.perhapsReset);
        break;
      case Type.SETTINGS:
        if ((flags & ACK) === 0) this.settings.push(settingEntries(payload));
        else this.acknowledgements += 1;
        break;
      case Type.PING:
        if ((flags & ACK) === 0) this.pings.push(payload);
        break;
      case Type.GOAWAY:
        this.#leavesSince = true;
        break;
      case Type.WINDOW_UPDATE:
        if (payload.length === 4) this.#onCredit(streamId, payload.readUInt32BE() & 0x7fffffff);
        break;
    }
  }

  #onBlockEnd(flags: number): void {
    if ((flags & END_HEADERS) !== 0 && this.#endsWithBlock !== 0) this.#note(this.#endsWithBlock, this.perhapsEnded);
  }

  #note(streamId: number, closed: Set<number>): void {
    closed.add(streamId);
    this.#since.push(streamId);
  }

  #onCredit(streamId: number, bytes: number): void {
    if (streamId === 0) this.connectionCredit += bytes;
    else this.#credit.set(streamId, this.creditOf(streamId) + bytes);
  }
}
