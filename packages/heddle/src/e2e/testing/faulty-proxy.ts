/**
 * A TCP proxy between a client and a server that treats their octets as a bad network would: it cuts them into other pieces,
 * holds them back for some turns of the event loop, and breaks connections when it is told to. It never changes an octet, and
 * it measures time in turns, so that no test waits for a clock.
 */
import { connect, createServer, type Server, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import type { Random } from "./random.js";

export type Direction = "to the server" | "to the client";

/**
 * How a connection ends: both sides get a RST, one side gets a FIN in the middle of what it was to receive, or both sockets are
 * closed with what they hold.
 */
export type Fault = "reset" | "half-close" | "destroy";

interface ArmedFault {
  readonly fault: Fault;
  readonly direction: Direction;
  leftBytes: number;
}

/** Octets that are held back before the sender is no longer read from. */
const HELD_BYTES = 262_144;

export class FaultyProxy {
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #random: Random;
  readonly #links = new Set<Link>();
  #armed: ArmedFault | undefined = undefined;
  /** Connections that were accepted, and those that were broken. */
  connections = 0;
  faults = 0;

  private constructor(targetPort: number, random: Random) {
    this.#targetPort = targetPort;
    this.#random = random;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#onConnection(client));
  }

  static async start(targetPort: number, random: Random): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(targetPort, random);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get address(): string {
    const { port } = this.#server.address() as { port: number };
    return `127.0.0.1:${port}`;
  }

  get openConnections(): number {
    return this.#links.size;
  }

  /** Breaks the next connection over which `afterBytes` more octets go in this direction. Replaces a fault that did not happen. */
  arm(fault: Fault, direction: Direction, afterBytes: number): void {
    this.#armed = { fault, direction, leftBytes: afterBytes };
  }

  /** Breaks nothing more, and settles when both sides have closed what was broken. */
  async heal(): Promise<void> {
    this.#armed = undefined;
    while ([...this.#links].some((link) => link.broken)) await turn();
  }

  /** Breaks every connection that is open, now. */
  resetAll(): void {
    for (const link of this.#links) link.break("reset", "to the client");
  }

  /** Settles when nothing is open any more; it closes nothing but its port, so that what others forget shows. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** How many of these octets may still pass before the connection breaks; `undefined` when all may. */
  admit(direction: Direction, bytes: number): { readonly bytes: number; readonly fault: Fault } | undefined {
    const armed = this.#armed;
    if (armed === undefined || armed.direction !== direction) return undefined;
    if (armed.leftBytes > bytes) {
      armed.leftBytes -= bytes;
      return undefined;
    }
    this.#armed = undefined;
    return { bytes: armed.leftBytes, fault: armed.fault };
  }

  #onConnection(client: Socket): void {
    this.connections += 1;
    const server = connect({ port: this.#targetPort, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    const link = new Link(this, client, server, this.#random, () => this.#links.delete(link));
    this.#links.add(link);
  }
}

/** One connection of a client, and the one to the server that belongs to it. */
class Link {
  broken = false;
  readonly #proxy: FaultyProxy;
  readonly #sockets: readonly Socket[];
  readonly #toServer: Pipe;
  readonly #toClient: Pipe;

  constructor(proxy: FaultyProxy, client: Socket, server: Socket, random: Random, onClosed: () => void) {
    this.#proxy = proxy;
    this.#sockets = [client, server];
    this.#toServer = new Pipe(this, client, server, "to the server", random);
    this.#toClient = new Pipe(this, server, client, "to the client", random);
    let open = 2;
    for (const socket of this.#sockets) {
      socket.on("error", () => {});
      socket.on("close", (failed) => {
        open -= 1;
        if (open === 0) onClosed();
        else if (failed) this.#each((other) => other.resetAndDestroy());
      });
    }
  }

  admit(direction: Direction, bytes: number): { readonly bytes: number; readonly fault: Fault } | undefined {
    return this.broken ? undefined : this.#proxy.admit(direction, bytes);
  }

  break(fault: Fault, direction: Direction): void {
    this.broken = true;
    this.#proxy.faults += 1;
    if (fault === "half-close") (direction === "to the server" ? this.#toServer : this.#toClient).cut();
    else this.#each((socket) => (fault === "reset" ? socket.resetAndDestroy() : socket.destroy()));
  }

  #each(close: (socket: Socket) => void): void {
    for (const socket of this.#sockets) if (!socket.destroyed) close(socket);
  }
}

/** One direction of a connection. */
class Pipe {
  readonly #link: Link;
  readonly #source: Socket;
  readonly #target: Socket;
  readonly #direction: Direction;
  readonly #random: Random;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #scheduled = false;
  #congested = false;
  /** Turns in which nothing is passed on. */
  #idleTurns = 0;
  #state: "open" | "ending" | "over" = "open";

  constructor(link: Link, source: Socket, target: Socket, direction: Direction, random: Random) {
    this.#link = link;
    this.#source = source;
    this.#target = target;
    this.#direction = direction;
    this.#random = random;
    source.on("data", (chunk: Buffer) => this.#hold(chunk));
    source.on("end", () => {
      if (this.#state === "open") this.#state = "ending";
      this.#schedule();
    });
    target.on("drain", () => {
      this.#congested = false;
      this.#schedule();
    });
    target.on("close", () => this.#drop());
  }

  /** Ends the target's stream without what is held back; what still comes is thrown away. */
  cut(): void {
    this.#target.end();
    this.#drop();
  }

  #drop(): void {
    this.#state = "over";
    this.#held = [];
    this.#heldBytes = 0;
    this.#source.resume();
  }

  #hold(chunk: Buffer): void {
    if (this.#state === "over") return;
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#heldBytes > HELD_BYTES) this.#source.pause();
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#congested || this.#state === "over") return;
    this.#scheduled = true;
    setImmediate(() => this.#step());
  }

  #step(): void {
    this.#scheduled = false;
    if (this.#state === "over") return;
    if (this.#idleTurns > 0) this.#idleTurns -= 1;
    else if (this.#heldBytes > 0) this.#passOn();
    if (this.#heldBytes > 0) {
      this.#schedule();
    } else if (this.#state === "ending") {
      this.#state = "over";
      this.#target.end();
    }
  }

  #passOn(): void {
    const held = this.#held.length === 1 ? (this.#held[0] as Buffer) : Buffer.concat(this.#held);
    const bytes = Math.min(this.#pieceBytes(), held.length);
    const admitted = this.#link.admit(this.#direction, bytes);
    const passed = admitted?.bytes ?? bytes;
    if (!this.#target.write(held.subarray(0, passed))) this.#congested = true;
    if (admitted !== undefined) {
      this.#link.break(admitted.fault, this.#direction);
      return;
    }
    this.#heldBytes = held.length - passed;
    this.#held = this.#heldBytes === 0 ? [] : [held.subarray(passed)];
    if (this.#heldBytes <= HELD_BYTES) this.#source.resume();
    this.#idleTurns = this.#pickIdleTurns();
  }

  /** Mostly all there is, now and then some frames, and rarely less than a frame's header. */
  #pieceBytes(): number {
    const dice = this.#random.next();
    if (dice < 0.1) return this.#random.integer(1, 12);
    if (dice < 0.35) return this.#random.integer(1, 20_000);
    return Number.POSITIVE_INFINITY;
  }

  /** Mostly none, at times a few, and rarely a pause that fills every buffer. */
  #pickIdleTurns(): number {
    const dice = this.#random.next();
    if (dice < 0.8) return 0;
    return dice < 0.99 ? this.#random.integer(1, 4) : this.#random.integer(20, 200);
  }
}
