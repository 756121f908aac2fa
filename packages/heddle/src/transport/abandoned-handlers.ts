/**
 * How many handlers of a server still run although their connections are gone.
 *
 * The handlers of one connection are limited, but a peer that is thrown out, or leaves, may come back at once, and those that it has
 * left behind go on until they look at their signals. While there are many of them, connections that have not yet had a call
 * answered start no handler: their calls wait. The others notice nothing.
 */

/** So many may run on before new connections have to wait. */
const MAX_ABANDONED = 1000;

/** A connection that waits to start its handlers. */
export interface AtGate {
  onGateOpen(): void;
}

export class AbandonedHandlers {
  #running = 0;
  readonly #waiting = new Set<AtGate>();

  /** Whether there are too many. */
  get isTooMany(): boolean {
    return this.#running > MAX_ABANDONED;
  }

  /** Has `onGateOpen` called, once, when there are few enough. */
  await(connection: AtGate): void {
    this.#waiting.add(connection);
  }

  /** The connection is gone. */
  forget(connection: AtGate): void {
    this.#waiting.delete(connection);
  }

  /** So many handlers have lost their connection. */
  add(count: number): void {
    this.#running += count;
  }

  /** One of them has ended. */
  end(): void {
    this.#running -= 1;
    for (const connection of this.#waiting) {
      if (this.isTooMany) return;
      this.#waiting.delete(connection);
      connection.onGateOpen();
    }
  }
}
