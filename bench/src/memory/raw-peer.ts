/** A client on a bare socket, which shakes hands, opens streams, and then does nothing: it must cost its own process little. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const SETTINGS = frame(4, 0, 0, Buffer.alloc(0));
const SETTINGS_ACK = frame(4, 1, 0, Buffer.alloc(0));
const CANCEL = Buffer.from([0, 0, 0, 8]);
/** How often the server's answers may be awaited before a step counts as failed. */
const STEP_LIMIT_MS = 60_000;

function frame(type: number, flags: number, streamId: number, payload: Uint8Array): Buffer {
  const octets = Buffer.alloc(9 + payload.length);
  octets.writeUIntBE(payload.length, 0, 3);
  octets[3] = type;
  octets[4] = flags;
  octets.writeUInt32BE(streamId, 5);
  octets.set(payload, 9);
  return octets;
}

function literal(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}

const REQUEST = Buffer.concat([
  Buffer.from([0x83, 0x86]), // :method POST, :scheme http, of the static table
  literal(":path", "/bench.Bench/Stream"),
  literal(":authority", "localhost"),
  literal("content-type", "application/grpc"),
  literal("te", "trailers"),
]);

export class RawPeer {
  readonly #socket: Socket;
  #nextId = 1;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Connects and shakes hands. */
  static async connect(port: number): Promise<RawPeer> {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    socket.on("error", () => {});
    await once(socket, "connect", { signal: AbortSignal.timeout(STEP_LIMIT_MS) });
    socket.write(Buffer.concat([PREFACE, SETTINGS]));
    await once(socket, "data", { signal: AbortSignal.timeout(STEP_LIMIT_MS) });
    socket.write(SETTINGS_ACK);
    socket.resume();
    return new RawPeer(socket);
  }

  /** Opens streams whose request does not come. */
  openStreams(count: number): void {
    const frames: Buffer[] = [];
    for (let i = 0; i < count; i++, this.#nextId += 2) frames.push(frame(1, 4, this.#nextId, REQUEST));
    this.#socket.write(Buffer.concat(frames));
  }

  /** Gives up the streams that were opened last. */
  resetStreams(count: number): void {
    const frames: Buffer[] = [];
    for (let id = this.#nextId - 2 * count; id < this.#nextId; id += 2) frames.push(frame(3, 0, id, CANCEL));
    this.#socket.write(Buffer.concat(frames));
  }

  /** Settles when the server has read everything: it has answered a PING. */
  async settle(): Promise<void> {
    this.#socket.write(frame(6, 0, 0, Buffer.alloc(8)));
    await once(this.#socket, "data", { signal: AbortSignal.timeout(STEP_LIMIT_MS) });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === "open";
  }

  close(): void {
    this.#socket.destroy();
  }
}
