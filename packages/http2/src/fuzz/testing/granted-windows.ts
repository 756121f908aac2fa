/**
 * What an engine lets its peer send: the windows that it has announced, the credit that it has given, and what it has taken in.
 * RFC 9113 sections 6.5.3 and 6.9.
 */
import assert from "node:assert/strict";
import type { PeerStory, SettingEntry } from "./peer-story.js";
import { SettingId } from "./peer-story.js";

const MAX_WINDOW_BYTES = 0x7fffffff;
const PROTOCOL_WINDOW_BYTES = 65_535;

/** One stream, or the connection. */
interface Granted {
  /** Credit by WINDOW_UPDATE. */
  credit: number;
  /** Octets of data that were delivered to the layer above. */
  delivered: number;
}

export class GrantedWindows {
  readonly #peer: PeerStory;
  readonly #streams = new Map<number, Granted>();
  readonly #connection: Granted = { credit: PROTOCOL_WINDOW_BYTES, delivered: 0 };
  /** Streams with data since the last {@link settle}. */
  readonly #deliveredSince = new Map<number, Granted>();
  /** The stream windows of SETTINGS that the peer has not acknowledged. */
  readonly #unacknowledged: number[] = [];
  #acknowledgements = 0;
  #announcedBytes = PROTOCOL_WINDOW_BYTES;
  /** What the peer has acknowledged, and the smallest such window since the last {@link settle}. */
  #acknowledgedBytes = PROTOCOL_WINDOW_BYTES;
  #smallestBytes = PROTOCOL_WINDOW_BYTES;
  /** The largest window that the peer may have gone by. */
  #largestBytes = PROTOCOL_WINDOW_BYTES;

  constructor(peer: PeerStory) {
    this.#peer = peer;
  }

  /** The engine has sent SETTINGS. */
  announce(entries: readonly SettingEntry[]): void {
    for (const [id, value] of entries) {
      if (id !== SettingId.INITIAL_WINDOW_SIZE) continue;
      assert.ok(value <= MAX_WINDOW_BYTES, `SETTINGS announce a window of ${value}`);
      this.#announcedBytes = value;
      this.#largestBytes = Math.max(this.#largestBytes, value);
    }
    this.#unacknowledged.push(this.#announcedBytes);
  }

  /** What the peer has acknowledged so far binds it. It may acknowledge SETTINGS before they have been shown here. */
  acknowledge(): void {
    while (this.#acknowledgements < this.#peer.acknowledgements && this.#unacknowledged.length > 0) {
      this.#acknowledgements += 1;
      this.#acknowledgedBytes = this.#unacknowledged.shift() as number;
      this.#smallestBytes = Math.min(this.#smallestBytes, this.#acknowledgedBytes);
    }
  }

  /** The engine has sent WINDOW_UPDATE: never of 0, and never for more than the largest window. */
  credit(streamId: number, bytes: number, what: string): void {
    assert.ok(bytes >= 1 && bytes <= MAX_WINDOW_BYTES, `${what} of ${bytes}`);
    const granted = streamId === 0 ? this.#connection : this.#of(streamId);
    granted.credit += bytes;
    const window =
      streamId === 0 ? this.connectionLeft : this.#largestBytes + granted.credit - this.#peer.dataBytesOf(streamId);
    assert.ok(window <= MAX_WINDOW_BYTES, `${what} makes a window of ${window}`);
  }

  /** The engine has delivered data to the layer above. */
  delivered(streamId: number, bytes: number): void {
    const granted = this.#of(streamId);
    granted.delivered += bytes;
    this.#connection.delivered += bytes;
    this.#deliveredSince.set(streamId, granted);
  }

  /** Everything that was sent has been read, in both directions: nothing was taken that was not granted. */
  settle(): void {
    this.#smallestBytes = this.#acknowledgedBytes;
    for (const [id, { delivered, credit }] of this.#deliveredSince) {
      const allowed = this.#largestBytes + credit;
      assert.ok(delivered <= allowed, `${delivered} octets of stream ${id} were taken, and ${allowed} allowed`);
    }
    this.#deliveredSince.clear();
    const { delivered, credit } = this.#connection;
    assert.ok(delivered <= credit, `${delivered} octets were taken in all, and ${credit} allowed`);
  }

  /** By how much the peer has exceeded a stream's window since the last {@link settle}; negative if it has not. */
  excess(streamId: number): number {
    return this.#peer.dataBytesOf(streamId) - this.#smallestBytes - this.#of(streamId).credit;
  }

  /** What the peer may still send on a stream, and the window that it has acknowledged. Exact after {@link settle}. */
  left(streamId: number): { readonly left: number; readonly size: number } {
    const size = this.#acknowledgedBytes;
    return { left: size + this.#of(streamId).credit - this.#peer.dataBytesOf(streamId), size };
  }

  /** What the peer may still send in all. Exact after {@link settle}. */
  get connectionLeft(): number {
    return this.#connection.credit - this.#peer.dataBytes;
  }

  #of(streamId: number): Granted {
    let granted = this.#streams.get(streamId);
    if (granted === undefined) {
      granted = { credit: 0, delivered: 0 };
      this.#streams.set(streamId, granted);
    }
    return granted;
  }
}
