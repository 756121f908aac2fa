/**
 * A peer for node:http2 (that is, for nghttp2) whose header blocks are made and read by this package. It knows just enough of
 * frames to exchange header lists; RFC 9113 section 6. A frame that it does not expect destroys the socket.
 */
import type { Duplex } from "node:stream";
import { HpackDecoder } from "../decoder.js";
import { HpackEncoder } from "../encoder.js";
import type { HeaderList } from "../header-list.js";
import { decodeList, encodeBlock } from "./codec.js";

const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const MAX_FRAME_BYTES = 16_384;
const [HEADERS, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION] = [0x1, 0x4, 0x6, 0x7, 0x8, 0x9];
const [ACK, END_STREAM, END_HEADERS, PADDED, PRIORITY] = [0x1, 0x1, 0x4, 0x8, 0x20];
const HEADER_TABLE_SIZE = 0x1;

export class RawPeer {
  readonly encoder: HpackEncoder = new HpackEncoder();
  readonly decoder: HpackDecoder;
  readonly #socket: Duplex;
  readonly #onHeaders: (streamId: number, list: HeaderList) => void;
  /** Table sizes that were announced and not acknowledged yet. */
  readonly #announced: number[] = [];
  #input: Buffer = Buffer.alloc(0);
  #prefaceBytes: number;
  #block: Buffer[] = [];
  #acknowledgements = 0;

  /** A client begins with the preface, a server waits for it. */
  constructor(socket: Duplex, role: "client" | "server", onHeaders: (streamId: number, list: HeaderList) => void) {
    this.#socket = socket;
    this.#onHeaders = onHeaders;
    this.#prefaceBytes = role === "server" ? PREFACE.length : 0;
    this.decoder = new HpackDecoder({ maxTableSizeBytes: 65_536, maxHeaderListBytes: 65_536 });
    if (role === "client") socket.write(PREFACE);
    this.#send(SETTINGS, 0, 0, Buffer.alloc(0));
    socket.on("data", (chunk: Buffer) => {
      this.#input = Buffer.concat([this.#input, chunk]);
      try {
        this.#readFrames();
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
  }

  /** Announces a SETTINGS_HEADER_TABLE_SIZE; it holds for the decoder when it is acknowledged. */
  announceTableSize(bytes: number): void {
    const payload = Buffer.alloc(6);
    payload.writeUInt16BE(HEADER_TABLE_SIZE, 0);
    payload.writeUInt32BE(bytes, 2);
    this.#announced.push(bytes);
    this.#send(SETTINGS, 0, 0, payload);
  }

  /** Sends a header list that is all of its stream. */
  sendHeaders(streamId: number, list: HeaderList): void {
    const block = encodeBlock(this.encoder, list);
    let start = 0;
    do {
      const end = Math.min(start + MAX_FRAME_BYTES, block.length);
      const flags = (start === 0 ? END_STREAM : 0) | (end === block.length ? END_HEADERS : 0);
      this.#send(start === 0 ? HEADERS : CONTINUATION, flags, streamId, block.subarray(start, end));
      start = end;
    } while (start < block.length);
  }

  #send(type: number, flags: number, streamId: number, payload: Buffer): void {
    const header = Buffer.alloc(9);
    header.writeUIntBE(payload.length, 0, 3);
    header[3] = type;
    header[4] = flags;
    header.writeUInt32BE(streamId, 5);
    this.#socket.write(Buffer.concat([header, payload]));
  }

  #readFrames(): void {
    if (this.#input.length < this.#prefaceBytes) return;
    this.#input = this.#input.subarray(this.#prefaceBytes);
    this.#prefaceBytes = 0;
    while (this.#input.length >= 9) {
      const end = 9 + this.#input.readUIntBE(0, 3);
      if (this.#input.length < end) return;
      const [type, flags] = [this.#input[3] as number, this.#input[4] as number];
      const streamId = this.#input.readUInt32BE(5);
      const payload = this.#input.subarray(9, end);
      this.#input = this.#input.subarray(end);
      this.#onFrame(type, flags, streamId, payload);
    }
  }

  #onFrame(type: number, flags: number, streamId: number, payload: Buffer): void {
    if (type === HEADERS || type === CONTINUATION) this.#onHeadersFrame(type, flags, streamId, payload);
    else if (type === SETTINGS) this.#onSettings(flags, payload);
    else if (type === PING && (flags & ACK) === 0) this.#send(PING, ACK, 0, payload);
    else if (type === GOAWAY && payload.readUInt32BE(4) === 0) return;
    else if (type !== WINDOW_UPDATE) throw new Error(`a frame of type ${type} came: ${payload.toString("hex")}`);
  }

  #onHeadersFrame(type: number, flags: number, streamId: number, payload: Buffer): void {
    const padding = type === HEADERS && (flags & PADDED) !== 0 ? (payload[0] as number) + 1 : 0;
    const priority = type === HEADERS && (flags & PRIORITY) !== 0 ? 5 : 0;
    const start = Math.min(padding, 1) + priority;
    this.#block.push(payload.subarray(start, payload.length - Math.max(padding - 1, 0)));
    if ((flags & END_HEADERS) === 0) return;
    const block = Buffer.concat(this.#block);
    this.#block = [];
    this.#onHeaders(streamId, decodeList(this.decoder, block));
  }

  #onSettings(flags: number, payload: Buffer): void {
    if ((flags & ACK) !== 0) {
      // The first one acknowledges the empty SETTINGS of the beginning.
      const bytes = this.#acknowledgements++ === 0 ? undefined : this.#announced.shift();
      if (bytes !== undefined) this.decoder.setMaxTableSize(bytes);
      return;
    }
    for (let at = 0; at < payload.length; at += 6) {
      if (payload.readUInt16BE(at) === HEADER_TABLE_SIZE) this.encoder.setPeerTableSize(payload.readUInt32BE(at + 2));
    }
    this.#send(SETTINGS, ACK, 0, Buffer.alloc(0));
  }
}
