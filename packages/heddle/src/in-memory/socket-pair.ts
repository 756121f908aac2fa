/**
 * Two sockets that are joined to each other in memory, and behave as the two ends of a TCP connection do: what is written
 * arrives in order, in a later turn of the event loop; a reader that does not read makes its writer congested; `end` closes one
 * direction behind what was written; and each end is told once that it is over.
 *
 * It differs from TCP where tests are better off: nothing takes time, and only the client's end can keep the process alive, so that
 * a server that nobody shuts down does not hold up the end of a test.
 */
import type { Socket, SocketHandler } from "../transport/socket.js";
import type { KeepAlive } from "./keep-alive.js";
import { OctetQueue } from "./octet-queue.js";

/** Octets on their way to one end that make the other one congested. A window of HTTP/2 is as large at first. */
const CONGESTED_AT_BYTES = 65_536;

/** How what comes in ends, behind the octets that are on their way: in order, or with an error. */
interface Ending {
  readonly error: Error | undefined;
}

class InMemorySocket implements Socket {
  readonly peerAddress: string;
  readonly tls = undefined;
  readonly handshakeMs = 0;
  #peer: InMemorySocket = this;
  readonly #onClosed: () => void;
  /** Held while this end is referenced; the server's end has none. */
  readonly #keepAlive: KeepAlive | undefined;
  #referenced = false;
  #handler: SocketHandler | undefined = undefined;
  /** What the peer has written, and we have not been given. */
  readonly #inbox = new OctetQueue();
  /** The peer has been told that it is congested; it wants to hear when the inbox is empty. */
  #isFull = false;
  #ending: Ending | undefined = undefined;
  #reading = true;
  #scheduled = false;
  /** We write no more. */
  #ended = false;
  /** `destroyed` is closed, but for `onClose`, which is still to be called. */
  #state: "open" | "destroyed" | "closed" = "open";

  constructor(peerAddress: string, onClosed: () => void, keepAlive?: KeepAlive) {
    this.peerAddress = peerAddress;
    this.#onClosed = onClosed;
    this.#keepAlive = keepAlive;
    this.setReferenced(true);
  }

  static join(one: InMemorySocket, other: InMemorySocket): void {
    one.#peer = other;
    other.#peer = one;
  }

  get isCongested(): boolean {
    return this.#peer.#isFull;
  }

  open(handler: SocketHandler): void {
    this.#handler = handler;
    this.#schedule();
  }

  write(bytes: Buffer): boolean {
    const peer = this.#peer;
    if (this.#ended || peer.#state !== "open") return true;
    peer.#inbox.push(bytes);
    if (peer.#inbox.bytes >= CONGESTED_AT_BYTES) peer.#isFull = true;
    peer.#schedule();
    return true;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#peer.#endBehind(undefined);
  }

  destroy(): void {
    if (this.#state !== "open") return;
    // As TCP does it: who leaves without having read everything resets the connection.
    this.#peer.#endBehind(
      this.#inbox.bytes > 0 ? resetError("the peer closed it without reading everything") : undefined,
    );
    this.#leave();
    this.#state = "destroyed";
    this.#schedule();
  }

  /** Breaks the connection for both ends. What is on its way is lost. */
  cut(reason: string): void {
    for (const end of [this, this.#peer]) {
      end.#dropInbox();
      end.#ended = true;
      end.#ending = { error: resetError(reason) };
      end.#schedule();
    }
  }

  setReading(reading: boolean): void {
    this.#reading = reading;
    if (reading) this.#schedule();
  }

  setReferenced(referenced: boolean): void {
    if (this.#referenced === referenced || this.#state !== "open" || this.#keepAlive === undefined) return;
    this.#referenced = referenced;
    if (referenced) this.#keepAlive.hold();
    else this.#keepAlive.release();
  }

  #endBehind(error: Error | undefined): void {
    // Who has ended in order may still reset.
    if (this.#ending === undefined || error !== undefined) this.#ending = { error };
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#handler === undefined || this.#state === "closed") return;
    this.#scheduled = true;
    setImmediate(() => this.#run());
  }

  /** Delivers what has come up to now, then its end. In each step the handler may destroy this end. */
  #run(): void {
    this.#scheduled = false;
    if (this.#state === "closed") return;
    const handler = this.#handler as SocketHandler;
    this.#deliver(handler);
    if (this.#state === "destroyed") this.#close(handler, undefined);
    else if (this.#ending !== undefined) this.#endWith(this.#ending, handler);
  }

  #deliver(handler: SocketHandler): void {
    for (let left = this.#inbox.segments; left > 0 && this.#reading && this.#state === "open"; left--) {
      this.#inbox.deliver((octets) => handler.onData(octets));
    }
    if (!this.#isFull || this.#inbox.bytes > 0) return;
    this.#isFull = false;
    if (this.#peer.#state === "open") this.#peer.#handler?.onDrain();
  }

  #endWith({ error }: Ending, handler: SocketHandler): void {
    // A reset is noticed by who does not read, too.
    if (error === undefined && (this.#inbox.bytes > 0 || !this.#reading)) {
      if (this.#reading) this.#schedule();
      return;
    }
    // Whose peer sends no more sends no more either, as Node's sockets do it.
    this.end();
    this.#close(handler, error);
  }

  #close(handler: SocketHandler, error: Error | undefined): void {
    this.#leave();
    this.#state = "closed";
    handler.onClose(error);
  }

  #leave(): void {
    this.setReferenced(false);
    // A socket that nobody has opened is closed as soon as it is destroyed.
    if (this.#state === "open") this.#onClosed();
    this.#ended = true;
    this.#dropInbox();
  }

  #dropInbox(): void {
    this.#inbox.clear();
    this.#isFull = false;
  }
}

function resetError(reason: string): Error {
  return Object.assign(new Error(`ECONNRESET: ${reason}`), { code: "ECONNRESET" });
}

/** What a connection consists of. */
export interface SocketPairOptions {
  /** What the client's end sees as its peer. */
  readonly serverAddress: string;
  /** What the server's end sees as its peer. */
  readonly clientAddress: string;
  readonly keepAlive: KeepAlive;
  /** Both ends are closed. */
  readonly onClosed: () => void;
}

/** Both ends of a connection, and the means to break it. */
export interface SocketPair {
  readonly client: Socket;
  readonly server: Socket;
  /** Breaks the connection: both ends are told that it was reset, and what is on its way is lost. */
  cut(reason: string): void;
}

/** Makes a connection. Nothing is delivered before an end is opened. */
export function createSocketPair(options: SocketPairOptions): SocketPair {
  let openEnds = 2;
  const onClosed = (): void => {
    openEnds -= 1;
    if (openEnds === 0) options.onClosed();
  };
  const client = new InMemorySocket(options.serverAddress, onClosed, options.keepAlive);
  const server = new InMemorySocket(options.clientAddress, onClosed);
  InMemorySocket.join(client, server);
  return { client, server, cut: (reason) => client.cut(reason) };
}
