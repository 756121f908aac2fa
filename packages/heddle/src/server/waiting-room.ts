/**
 * Where new connections wait while too many handlers of lost connections still run.
 *
 * The handlers of one connection are limited, but a peer that is thrown out, or leaves, may come back at once, and those that it has
 * left behind go on until they look at their signals. So while there are many of them, new connections are not read, and at other
 * times only a few begin in each turn. Those that are there already notice nothing.
 */
import type { Socket } from "../transport/socket.js";

/** Handlers that may run on without their connections before new connections have to wait. */
const MAX_ABANDONED_HANDLERS = 1000;
/** New connections that begin in one turn of the event loop: the next ones shall see what has become of these. */
const MAX_PER_TURN = 8;

/** Connections that may wait; each holds a file descriptor. More are closed. */
const MAX_WAITING = 1000;

export class WaitingRoom {
  readonly #open: (socket: Socket) => void;
  readonly #sockets: Socket[] = [];
  #abandoned = 0;
  #openedInTurn = 0;
  #isTurnWatched = false;

  /** @param open begins to read from a socket */
  constructor(open: (socket: Socket) => void) {
    this.#open = open;
  }

  /** Opens a new connection, now or later. */
  enter(socket: Socket): void {
    if (this.#sockets.length >= MAX_WAITING) {
      socket.destroy();
      return;
    }
    this.#sockets.push(socket);
    this.#openSome();
  }

  /** The number of abandoned handlers has changed by this much. */
  onAbandoned(change: number): void {
    this.#abandoned += change;
    this.#openSome();
  }

  #openSome(): void {
    while (this.#sockets.length > 0 && this.#abandoned <= MAX_ABANDONED_HANDLERS) {
      if (this.#openedInTurn === MAX_PER_TURN) return;
      this.#openedInTurn += 1;
      this.#watchTurn();
      this.#open(this.#sockets.shift() as Socket);
    }
  }

  #watchTurn(): void {
    if (this.#isTurnWatched) return;
    this.#isTurnWatched = true;
    setImmediate(() => {
      this.#isTurnWatched = false;
      this.#openedInTurn = 0;
      this.#openSome();
    });
  }

  /** Closes the connections that wait. */
  close(): void {
    for (const socket of this.#sockets.splice(0)) socket.destroy();
  }
}
