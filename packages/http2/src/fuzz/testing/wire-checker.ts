/**
 * Watches both directions of one connection from outside and throws when the engine breaks a rule of RFC 9113 that binds a
 * sender: form and order of frames, states of streams, windows, limits that the peer has announced, acknowledgements, GOAWAY, HPACK.
 *
 * It shares no code with the engine. It does not judge whether the engine has answered the peer's errors as it must: the tests by
 * section of the RFC do. Call `peerSent` with what the engine is given, `engineSent` with what it writes, and `settle` whenever
 * the engine has read everything that it was given and all of its output has been shown.
 */
import assert from "node:assert/strict";
import { ACK, describeFrame, END_HEADERS, END_STREAM, type Frame, Type } from "../../testing/frames.js";
import { FrameCutter } from "./frame-cutter.js";
import { GrantedWindows } from "./granted-windows.js";
import { PeerStory, type SettingEntry, SettingId, settingEntries } from "./peer-story.js";
import { SimpleHpackDecoder } from "./simple-hpack.js";

const MAX_WINDOW_BYTES = 0x7fffffff;
const FLOW_CONTROL_ERROR = 3;
const STREAM_CLOSED = 5;

/** Which flags a frame that the engine sends may have; padding and priorities it never uses. */
const FLAGS: Readonly<Record<number, number>> = {
  [Type.DATA]: END_STREAM,
  [Type.HEADERS]: END_STREAM | END_HEADERS,
  [Type.CONTINUATION]: END_HEADERS,
  [Type.SETTINGS]: ACK,
  [Type.PING]: ACK,
};

/** Frames that an engine sends at all: no PRIORITY, no PUSH_PROMISE, nothing unknown. */
const SENT_TYPES: ReadonlySet<number> = new Set([
  Type.DATA,
  Type.HEADERS,
  Type.RST_STREAM,
  Type.SETTINGS,
  Type.PING,
  Type.GOAWAY,
  Type.WINDOW_UPDATE,
  Type.CONTINUATION,
]);

/** Frames that belong to the connection, and must be on stream 0. */
const CONNECTION_TYPES: ReadonlySet<number> = new Set([Type.SETTINGS, Type.PING, Type.GOAWAY]);

/** What the engine has sent on one stream. */
interface SentStream {
  blocks: number;
  dataBytes: number;
  ended: boolean;
  reset: boolean;
}

/** A header block of which some frames were sent. */
interface SentBlock {
  readonly streamId: number;
  readonly fragments: Buffer[];
}

export class WireChecker {
  readonly #isClient: boolean;
  readonly #peer: PeerStory;
  /** What the peer may send. */
  readonly granted: GrantedWindows;
  readonly #cutter: FrameCutter;
  readonly #decoder = new SimpleHpackDecoder();
  readonly #streams = new Map<number, SentStream>();
  /** The last stream id of its latest GOAWAY. */
  lastGoAwayId = MAX_WINDOW_BYTES;
  /** The last frame that it has sent is GOAWAY. */
  saidGoAway = false;
  /** It has sent GOAWAY at some time. */
  isLeaving = false;
  /** Frames that it has sent. */
  frames = 0;
  #dataBytes = 0;
  #lastOpenedId = 0;
  /** The header block that is being sent. */
  #block: SentBlock | undefined = undefined;
  #isOver = false;

  constructor(role: "client" | "server") {
    this.#isClient = role === "client";
    this.#peer = new PeerStory(role === "server");
    this.granted = new GrantedWindows(this.#peer);
    this.#cutter = new FrameCutter(role === "client");
  }

  /** Octets that the engine is about to be given. */
  peerSent(octets: Buffer): void {
    this.#peer.receive(octets);
    this.granted.acknowledge();
  }

  /** Whether the peer has sent whole frames only. */
  get isPeerAtBoundary(): boolean {
    return this.#peer.isAtBoundary;
  }

  /** What the engine may still send, on one stream and in all. Exact after {@link settle}. */
  sendWindow(streamId: number): number {
    const ofStream = this.#peer.initialWindowBytes + this.#peer.creditOf(streamId) - this.#of(streamId).dataBytes;
    return Math.min(ofStream, this.#peer.connectionCredit - this.#dataBytes);
  }

  /** Octets that the engine has written. */
  engineSent(octets: Buffer): void {
    if (octets.length === 0) return;
    assert.ok(!this.#isOver, `${octets.length} octets after the end of the connection`);
    for (const frame of this.#cutter.push(octets)) this.#onFrame(frame);
    assert.ok(!this.#cutter.isBroken, "a client's first octets are not the preface");
  }

  /** Everything that the peer has sent was read, and everything that was written was shown. */
  settle(): void {
    assert.ok(this.#cutter.isAtBoundary, "the output ends within a frame");
    assert.ok(this.#block === undefined, "the output ends within a header block");
    this.#peer.settle();
    this.granted.settle();
  }

  /** The connection has ended: nothing may follow. */
  end(): void {
    this.settle();
    this.#isOver = true;
  }

  /** Nothing is owed to the peer. Only after {@link settle}, on a connection that lives and whose input ended with a whole frame. */
  checkNothingIsOwed(): void {
    assert.equal(this.#peer.settings.length, 0, "SETTINGS that were not acknowledged");
    assert.equal(this.#peer.pings.length, 0, "PINGs that were not answered");
  }

  #onFrame(frame: Frame): void {
    const { type, flags, streamId, payload } = frame;
    const what = describeShortly(frame);
    this.frames += 1;
    this.saidGoAway = type === Type.GOAWAY;
    if (this.frames === 1) assert.ok(type === Type.SETTINGS && flags === 0, `${what} comes before our SETTINGS`);
    assert.ok(SENT_TYPES.has(type), `${what} is of a type that we do not send`);
    assert.equal(flags & ~(FLAGS[type] ?? 0), 0, `${what} has flags that it must not have: ${flags}`);
    const max = this.#peer.maxFrameBytes;
    assert.ok(payload.length <= max, `${what} of ${payload.length} octets; the peer takes ${max}`);
    if (this.#block !== undefined) {
      assert.ok(type === Type.CONTINUATION && streamId === this.#block.streamId, `${what} within a header block`);
    }
    if (CONNECTION_TYPES.has(type)) assert.equal(streamId, 0, `${what} is not on stream 0`);
    else if (type !== Type.WINDOW_UPDATE) assert.notEqual(streamId, 0, `${what} is on stream 0`);
    if (streamId !== 0) this.#checkState(frame, what);
    this.#apply(frame, what);
  }

  /** RFC 9113 section 5.1: on which streams a frame may be sent. */
  #checkState({ type, streamId, payload }: Frame, what: string): void {
    const opens = this.#isClient && type === Type.HEADERS && !this.#streams.has(streamId);
    const known = this.#isClient ? this.#streams.has(streamId) : this.#peer.begun.has(streamId);
    assert.ok(opens || known, `${what} on a stream that is idle`);
    const stream = this.#of(streamId);
    assert.ok(!stream.reset, `${what} after our RST_STREAM`);
    if (this.#peer.perhapsReset.has(streamId) && isRefusal(type, payload)) return;
    assert.ok(!this.#peer.reset.has(streamId), `${what} after the peer's RST_STREAM`);
    if (!stream.ended) return;
    const isClosed = this.#peer.ended.has(streamId);
    const mayFollow = !isClosed && (type === Type.RST_STREAM || type === Type.WINDOW_UPDATE);
    const continues = type === Type.CONTINUATION && this.#block !== undefined;
    assert.ok(mayFollow || continues, `${what} after END_STREAM${isClosed ? " of both sides" : ""}`);
  }

  #apply({ type, flags, streamId, payload }: Frame, what: string): void {
    if (type === Type.DATA) {
      this.#onData(streamId, payload.length, (flags & END_STREAM) !== 0, what);
    } else if (type === Type.HEADERS) {
      this.#onHeaders(streamId, flags, payload, what);
    } else if (type === Type.CONTINUATION) {
      assert.ok(this.#block !== undefined, `${what} without HEADERS`);
      this.#onFragment(flags, payload, what);
    } else if (type === Type.RST_STREAM) {
      this.#onReset(streamId, payload, what);
    } else if (type === Type.SETTINGS) {
      this.#onSettings(flags, payload, what);
    } else if (type === Type.PING) {
      this.#onPing(flags, payload, what);
    } else if (type === Type.GOAWAY) {
      this.#onGoAway(payload, what);
    } else {
      this.#onWindowUpdate(streamId, payload, what);
    }
  }

  /** RFC 9113 sections 6.1 and 6.9. */
  #onData(streamId: number, bytes: number, endStream: boolean, what: string): void {
    const stream = this.#of(streamId);
    assert.ok(stream.blocks > 0, `${what} before HEADERS`);
    stream.dataBytes += bytes;
    this.#dataBytes += bytes;
    const window = this.#peer.initialWindowBytes + this.#peer.creditOf(streamId);
    const over = stream.dataBytes - window;
    assert.ok(bytes === 0 || over <= 0, `${what} of ${bytes} octets exceeds the stream's window by ${over}`);
    const connectionOver = this.#dataBytes - this.#peer.connectionCredit;
    assert.ok(connectionOver <= 0, `${what} of ${bytes} octets exceeds the connection's window by ${connectionOver}`);
    stream.ended = endStream;
  }

  /** RFC 9113 section 6.4; and a peer within its window, or with credit within bounds, is not blamed for them (section 6.9). */
  #onReset(streamId: number, payload: Buffer, what: string): void {
    assert.equal(payload.length, 4, what);
    const stream = this.#of(streamId);
    stream.reset = true;
    if (payload.readUInt32BE() !== FLOW_CONTROL_ERROR) return;
    const over = this.granted.excess(streamId);
    const sendWindow = this.#peer.initialWindowBytes + this.#peer.creditOf(streamId) - stream.dataBytes;
    assert.ok(over > 0 || sendWindow > MAX_WINDOW_BYTES, `${what}, for a peer that has ${-over} octets left`);
  }

  /** RFC 9113 sections 5.1.1, 5.1.2, 6.2 and 8.1. */
  #onHeaders(streamId: number, flags: number, payload: Buffer, what: string): void {
    const stream = this.#of(streamId);
    const endStream = (flags & END_STREAM) !== 0;
    if (stream.blocks === 0 && this.#isClient) this.#onOpened(streamId, what);
    assert.ok(stream.blocks === 0 || endStream, `${what}, the second header block, is without END_STREAM`);
    assert.ok(stream.blocks < 2, `${what} is a third header block`);
    stream.blocks += 1;
    stream.ended = endStream;
    this.#block = { streamId, fragments: [] };
    this.#onFragment(flags, payload, what);
  }

  #onOpened(streamId: number, what: string): void {
    assert.equal(streamId % 2, 1, `${what} opens a stream with an even id`);
    assert.ok(streamId > this.#lastOpenedId, `${what} opens a stream after ${this.#lastOpenedId}`);
    assert.ok(!this.#peer.isLeaving, `${what} opens a stream after the peer's GOAWAY`);
    this.#lastOpenedId = streamId;
    let open = 0;
    for (const [id, stream] of this.#streams) if (!this.#isClosed(id, stream)) open += 1;
    const max = this.#peer.maxConcurrentStreams;
    assert.ok(open <= max, `${what} makes ${open} streams; the peer allows ${max}`);
  }

  #isClosed(id: number, stream: SentStream): boolean {
    return stream.reset || this.#peer.perhapsReset.has(id) || (stream.ended && this.#peer.perhapsEnded.has(id));
  }

  #onFragment(flags: number, payload: Buffer, what: string): void {
    const block = this.#block as SentBlock;
    block.fragments.push(payload);
    if ((flags & END_HEADERS) === 0) return;
    this.#block = undefined;
    const fields = this.#decoder.decode(Buffer.concat(block.fragments));
    const firstRegular = fields.findIndex(({ name }) => !name.startsWith(":"));
    const lastPseudo = fields.findLastIndex(({ name }) => name.startsWith(":"));
    assert.ok(firstRegular < 0 || lastPseudo < firstRegular, `${what} has a pseudo-header behind a regular field`);
  }

  /** RFC 9113 section 6.5. */
  #onSettings(flags: number, payload: Buffer, what: string): void {
    if ((flags & ACK) !== 0) {
      assert.equal(payload.length, 0, what);
      const entries: SettingEntry[] | undefined = this.#peer.acknowledge();
      assert.ok(entries !== undefined, `${what} acknowledges SETTINGS that did not come`);
      for (const [id, value] of entries) {
        if (id === SettingId.HEADER_TABLE_SIZE) this.#decoder.setMaxTableSize(value);
      }
      return;
    }
    assert.equal(payload.length % 6, 0, what);
    this.granted.announce(settingEntries(payload));
    this.granted.acknowledge();
  }

  /** RFC 9113 section 6.7: the same octets, in order, and nothing that was not asked for. */
  #onPing(flags: number, payload: Buffer, what: string): void {
    assert.equal(payload.length, 8, what);
    if ((flags & ACK) === 0) return;
    const asked = this.#peer.pings.shift();
    assert.ok(asked !== undefined, `${what} answers a PING that did not come`);
    assert.deepEqual(payload, asked, `${what} answers another PING than the oldest`);
  }

  /** RFC 9113 section 6.8. */
  #onGoAway(payload: Buffer, what: string): void {
    assert.ok(payload.length >= 8, what);
    const lastId = payload.readUInt32BE();
    assert.ok(lastId <= this.lastGoAwayId, `${what} raises the last stream id from ${this.lastGoAwayId} to ${lastId}`);
    this.lastGoAwayId = lastId;
    this.isLeaving = true;
  }

  /** RFC 9113 section 6.9. */
  #onWindowUpdate(streamId: number, payload: Buffer, what: string): void {
    assert.equal(payload.length, 4, what);
    this.granted.credit(streamId, payload.readUInt32BE(), what);
  }

  #of(streamId: number): SentStream {
    let stream = this.#streams.get(streamId);
    if (stream === undefined) {
      stream = { blocks: 0, dataBytes: 0, ended: false, reset: false };
      this.#streams.set(streamId, stream);
    }
    return stream;
  }
}

/** Who goes on with a stream after a reset of its own is told RST_STREAM(STREAM_CLOSED), once. RFC 9113 sections 5.1 and 5.4.2. */
function isRefusal(type: number, payload: Buffer): boolean {
  return type === Type.RST_STREAM && payload.length === 4 && payload.readUInt32BE() === STREAM_CLOSED;
}

function describeShortly(frame: Frame): string {
  // What is described by its payload may be too short for it.
  try {
    return describeFrame(frame);
  } catch {
    return `type ${frame.type} on stream ${frame.streamId} with ${frame.payload.length} octets`;
  }
}
