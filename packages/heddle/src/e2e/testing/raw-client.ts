/** A peer that writes octets by hand: what no well-behaved client would send. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { BlockReader } from "./block-reader.js";
import { closeLater } from "./probe.js";

/** The connection preface and an empty SETTINGS. */
export const HELLO: Buffer = Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(4, 0, 0, [])]);

/** A frame with any type, flags, stream and payload. */
export function frame(type: number, flags: number, streamId: number, payload: Uint8Array | readonly number[]): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(streamId, 5);
  return Buffer.concat([header, Uint8Array.from(payload)]);
}

/** A HEADERS frame whose block consists of literals that are not indexed. */
export function headersFrame(streamId: number, fields: Readonly<Record<string, string>>, endStream = false): Buffer {
  const block: number[] = [];
  for (const [name, value] of Object.entries(fields)) {
    block.push(0, ...literal(name), ...literal(value));
  }
  return frame(1, endStream ? 5 : 4, streamId, block);
}

/** A string without Huffman coding. RFC 7541 sections 5.1 and 5.2. */
function literal(text: string): number[] {
  const octets = Buffer.from(text, "latin1");
  if (octets.length < 127) return [octets.length, ...octets];
  const length = [127];
  let rest = octets.length - 127;
  for (; rest >= 128; rest >>= 7) length.push((rest & 127) | 128);
  return [...length, rest, ...octets];
}

/** The header fields of a request to the probe service. */
export function requestFields(method: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    ":method": "POST",
    ":scheme": "http",
    ":path": `/heddle.probe.Probe/${method}`,
    ":authority": "x",
    te: "trailers",
    "content-type": "application/grpc",
    ...more,
  };
}

/** A frame that was received. */
export interface ReceivedFrame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

export class RawClient {
  readonly socket: Socket;
  readonly frames: ReceivedFrame[] = [];
  #rest: Buffer = Buffer.alloc(0);
  readonly #blocks = new BlockReader();
  #closed = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#closed = true;
      this.#wake();
    });
  }

  static async connect(port: number, hello: Buffer = HELLO): Promise<RawClient> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    const client = new RawClient(socket);
    closeLater(async () => {
      socket.destroy();
    });
    socket.write(hello);
    return client;
  }

  write(...frames: Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** The first frame that fits, received already or still to come. Rejects when the connection closes without one. */
  async find(fits: (frame: ReceivedFrame) => boolean): Promise<ReceivedFrame> {
    for (;;) {
      const found = this.frames.find(fits);
      if (found !== undefined) return found;
      if (this.#closed) throw new Error(`the connection closed; received ${JSON.stringify(this.frames)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The header fields with which a stream ended. */
  async lastBlock(streamId: number): Promise<Record<string, string>> {
    await this.find((one) => one.type === 1 && one.streamId === streamId && (one.flags & 1) === 1);
    return this.#blocks.blocks.get(streamId)?.at(-1) ?? {};
  }

  /** Settles when the connection is closed. */
  async closed(): Promise<void> {
    if (!this.#closed) await once(this.socket, "close");
  }

  #read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 9) {
      const length = this.#rest.readUIntBE(0, 3);
      if (this.#rest.length < 9 + length) break;
      const type = this.#rest[3] as number;
      const streamId = this.#rest.readUInt32BE(5);
      const payload = this.#rest.subarray(9, 9 + length);
      if (type === 1) this.#blocks.read(streamId, this.#rest.subarray(0, 9 + length));
      this.frames.push({ type, flags: this.#rest[4] as number, streamId, payload });
      this.#rest = this.#rest.subarray(9 + length);
    }
    this.#wake();
  }
}
