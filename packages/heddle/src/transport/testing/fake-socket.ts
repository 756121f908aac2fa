/** A socket without a network: it keeps what is written, and a test says when it is congested, drained and closed. */
import type { PeerTls } from "../../core/tls.js";
import type { Socket, SocketHandler } from "../socket.js";

export class FakeSocket implements Socket {
  readonly peerAddress = "192.0.2.1:50051";
  readonly tls: PeerTls | undefined = undefined;
  handshakeMs = 0;
  isCongested = false;
  /** What `write` answers: whether the octets have left already. */
  writesAtOnce = true;
  /** Copies of what was written, write by write. */
  readonly writes: Buffer[] = [];
  /** The buffers themselves, which must stay untouched when they have not left at once. */
  readonly kept: Buffer[] = [];
  ended = false;
  destroyed = false;
  referenced = true;
  reading = true;
  #handler: SocketHandler | undefined = undefined;

  get handler(): SocketHandler {
    if (this.#handler === undefined) throw new Error("the socket has not been opened");
    return this.#handler;
  }

  get written(): Buffer {
    return Buffer.concat(this.writes);
  }

  /** The frames that a server or (behind its preface) a client has written. */
  frames(): { readonly type: number; readonly flags: number; readonly streamId: number; readonly payload: Buffer }[] {
    const octets = this.written;
    const frames = [];
    let at = octets.toString("latin1", 0, 3) === "PRI" ? 24 : 0;
    while (at < octets.length) {
      const end = at + 9 + octets.readUIntBE(at, 3);
      const [type, flags] = [octets[at + 3] as number, octets[at + 4] as number];
      frames.push({ type, flags, streamId: octets.readUInt32BE(at + 5), payload: octets.subarray(at + 9, end) });
      at = end;
    }
    return frames;
  }

  open(handler: SocketHandler): void {
    this.#handler = handler;
  }

  write(bytes: Buffer): boolean {
    this.writes.push(Buffer.from(bytes));
    if (!this.writesAtOnce) this.kept.push(bytes);
    return this.writesAtOnce;
  }

  end(): void {
    this.ended = true;
  }

  destroy(): void {
    this.destroyed = true;
  }

  setReading(reading: boolean): void {
    this.reading = reading;
  }

  setReferenced(referenced: boolean): void {
    this.referenced = referenced;
  }
}
