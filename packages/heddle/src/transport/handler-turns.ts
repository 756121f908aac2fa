/**
 * How many handlers run for one connection. A caller that gives a call up frees its place among the open calls at once, but the
 * handler goes on until it looks at its signal. Were only open calls counted, a peer that opens and resets them could have any
 * number of handlers running (CVE-2023-44487); so those beyond the limit wait for their turn.
 */

import type { AbandonedHandlers, AtGate } from "./abandoned-handlers.js";

/** Something that waits for its turn. */
export interface InTurn {
  /** It may start. False when it is not wanted any more. */
  onTurn(): boolean;
}

export class HandlerTurns implements AtGate {
  readonly #most: number;
  readonly #abandoned: AbandonedHandlers;
  #running = 0;
  /** In the order in which they came. Made on first need: hardly any connection has one. */
  #waiting: Set<InTurn> | undefined = undefined;
  #isHandingOut = false;
  /** No handler has ended yet while the connection was there. */
  #isNew = true;
  #isGone = false;

  /**
   * @param most handlers that may run at a time
   * @param abandoned those of the server's lost connections
   */
  constructor(most: number, abandoned: AbandonedHandlers) {
    this.#most = most;
    this.#abandoned = abandoned;
  }

  /** Takes a turn, or has `onTurn` called when there is one. */
  take(call: InTurn): boolean {
    if (this.#mayStart) {
      this.#running += 1;
      return true;
    }
    this.#waiting ??= new Set();
    this.#waiting.add(call);
    if (this.#isAtGate) this.#abandoned.await(this);
    return false;
  }

  /** One that had its turn has ended. */
  end(): void {
    this.#running -= 1;
    if (this.#isGone) {
      this.#abandoned.end();
      return;
    }
    this.#isNew = false;
    if (this.#waiting !== undefined && this.#waiting.size > 0) this.#handOut(this.#waiting);
  }

  onGateOpen(): void {
    if (this.#waiting !== undefined) this.#handOut(this.#waiting);
  }

  /** Forgets one that waits. */
  forget(call: InTurn): void {
    this.#waiting?.delete(call);
  }

  /** The connection is gone; handlers that still run do so without it. */
  abandon(): void {
    this.#isGone = true;
    this.#abandoned.forget(this);
    this.#abandoned.add(this.#running);
  }

  get #isAtGate(): boolean {
    return this.#isNew && this.#abandoned.isTooMany;
  }

  get #mayStart(): boolean {
    return this.#running < this.#most && !this.#isAtGate;
  }

  /** A handler may end as soon as it has started, so this is a loop and not a chain of calls. */
  #handOut(waiting: Set<InTurn>): void {
    if (this.#isHandingOut) return;
    this.#isHandingOut = true;
    for (const call of waiting) {
      if (!this.#mayStart) break;
      waiting.delete(call);
      this.#running += 1;
      if (!call.onTurn()) this.#running -= 1;
    }
    this.#isHandingOut = false;
  }
}
