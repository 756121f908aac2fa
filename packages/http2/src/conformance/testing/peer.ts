/**
 * The other side of a connection under test. It uses the dynamic tables of both directions, so that a header block which the engine
 * did not decode, or decoded twice, shows in the next one. RFC 7541 section 2.3.2.
 */
import type { ConnectionOptions, Role } from "../../connection/options.js";
import { HpackDecoder, HpackError } from "../../hpack/decoder.js";
import { HeaderList } from "../../hpack/header-list.js";
import type { Stream } from "../../stream/stream.js";
import { createEngine, type Engine, REQUEST, RESPONSE } from "../../testing/engine.js";
import { block, describeFrame, END_HEADERS, END_STREAM, headersFrame, Type } from "../../testing/frames.js";
import type { Context } from "../../testing/recording-sink.js";

/** The stream windows are given, so that they stay as they are. */
export const FIXED_WINDOWS: ConnectionOptions = { streamWindowBytes: 65_535 };

export class Peer {
  readonly engine: Engine;
  readonly role: Role;
  /** What a CONTINUATION frame has to carry; nothing unless a block was begun. */
  restOfBlock: Buffer = Buffer.alloc(0);
  readonly #decoder = new HpackDecoder({ maxTableSizeBytes: 4096, maxHeaderListBytes: 65_536 });
  readonly #calls = new Map<number, Stream<Context>>();
  /** Fields that were put into the table of the engine's decoder. */
  #inserted = 0;

  /** `role` is the engine's. */
  constructor(role: Role, engine: Engine = createEngine(role, FIXED_WINDOWS)) {
    this.role = role;
    this.engine = engine;
  }

  /** Opens a call in the direction of the roles, with an open end on both sides; a client's is not answered. */
  openCall(streamId: number): Stream<Context> {
    if (this.role === "client") {
      const stream = this.engine.openStream();
      if (stream.id !== streamId) throw new Error(`the client opened stream ${stream.id} instead of ${streamId}`);
      this.#calls.set(streamId, stream);
      return stream;
    }
    this.engine.receive(headersFrame(streamId, this.insertingBlock(...REQUEST)));
    return this.engine.sink.stream(streamId);
  }

  /** Receives the headers of a client's response. */
  receiveResponse(streamId: number, end = false): void {
    this.engine.receive(headersFrame(streamId, this.insertingBlock(...RESPONSE), { end }));
  }

  /** A stream that was opened, closed or not. */
  stream(streamId: number): Stream<Context> {
    return this.#calls.get(streamId) ?? this.engine.sink.stream(streamId);
  }

  /** Forgets what has been sent and told. */
  discard(): void {
    this.takeSent();
    this.engine.sink.takeLog();
  }

  /** A block that puts a new field, `x-seq` with a number, into the dynamic table. */
  insertingBlock(...fields: readonly string[]): Buffer {
    this.#inserted += 1;
    const value = Buffer.from(String(this.#inserted));
    const name = Buffer.from("x-seq");
    const literal = Buffer.concat([Buffer.from([0x40, name.length]), name, Buffer.from([value.length]), value]);
    return Buffer.concat([block(...fields), literal]);
  }

  /** The beginning of a block; the rest is {@link restOfBlock}. */
  beginBlock(...fields: readonly string[]): Buffer {
    const whole = this.insertingBlock(...fields);
    this.restOfBlock = whole.subarray(7);
    return whole.subarray(0, 7);
  }

  /** A block that ends with the field that was put into the table last; if none was, with one that is put there now. */
  referringBlock(...fields: readonly string[]): Buffer {
    if (this.#inserted === 0) return this.insertingBlock(...fields);
    return Buffer.concat([block(...fields), Buffer.from([0xbe])]);
  }

  /** The field that was put into the table last, as it shows in a log. */
  get lastInserted(): string {
    return `x-seq ${this.#inserted}`;
  }

  /** What was sent since the last call, in one line for each frame; header blocks are decoded, whole, and shown with HEADERS. */
  takeSent(): string[] {
    const lines: string[] = [];
    let fragments: Buffer[] = [];
    let head = "";
    for (const frame of this.engine.takeFrames()) {
      if (frame.type !== Type.HEADERS && frame.type !== Type.CONTINUATION) {
        lines.push(describeFrame(frame));
        continue;
      }
      if (frame.type === Type.HEADERS) {
        head = `HEADERS ${frame.streamId}${(frame.flags & END_STREAM) !== 0 ? " end" : ""}`;
        fragments = [];
      }
      fragments.push(frame.payload);
      if ((frame.flags & END_HEADERS) !== 0) lines.push(`${head} ${this.#decode(Buffer.concat(fragments))}`);
    }
    return lines;
  }

  #decode(headerBlock: Buffer): string {
    const list = this.#decoder.decode(headerBlock, 0, headerBlock.length);
    if (list instanceof HpackError) throw new Error(`the engine sent a block that cannot be decoded: ${list.reason}`);
    if (!(list instanceof HeaderList)) throw new Error(`the engine sent a header list of ${list.size} octets`);
    return list.fields.join(" ");
  }
}
