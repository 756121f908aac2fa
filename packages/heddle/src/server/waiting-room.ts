/**
 * Where new connections wait while too many handlers of lost connections still run.
 *
 * The handlers of one connection are limited, but a peer that is thrown out, or leaves, may come back at once, and those that it has
 * left behind go on until they look at their signals. So while there are many of them, new connections are not read. Those that
 * are there already notice nothing.
 */
import type { Socket } from "../transport/socket.js";

/** Handlers that may run on without their connections before new connections have to wait. */
const MAX_ABANDONED_HANDLERS = 1000;

export class WaitingRoom {
  readonly #open: (socket: Socket, sinceMs: number) => void;
  readonly #sockets: { readonly socket: Socket; readonly sinceMs: number }[] = [];
  #abandoned = 0;

  /** @param open begins to read from a socket */
  constructor(open: (socket: Socket, sinceMs: number) => void) {
    this.#open = open;
  }

  /** Opens a new connection, now or later; `sinceMs` is when it was accepted. */
  enter(socket: Socket, sinceMs: number): void {
    if (this.#abandoned <= MAX_ABANDONED_HANDLERS) this.#open(socket, sinceMs);
    else this.#sockets.push({ socket, sinceMs });
  }

  /** The number of abandoned handlers has changed by this much. */
  onAbandoned(change: number): void {
    this.#abandoned += change;
    while (this.#abandoned <= MAX_ABANDONED_HANDLERS) {
      const next = this.#sockets.shift();
      if (next === undefined) return;
      this.#open(next.socket, next.sinceMs);
    }
  }

  /** Closes the connections that wait. */
  close(): void {
    for (const { socket } of this.#sockets.splice(0)) socket.destroy();
  }
}
