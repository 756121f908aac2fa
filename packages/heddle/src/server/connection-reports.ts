/** Tells of connections that failed at their handshake: to the user's function, or to the console, which nobody can flood. */
import type { Clock } from "../core/clock.js";
import type { ConnectionFailure } from "../core/connection-failure.js";

const PERIOD_MS = 60_000;
/** Lines on the console in one period. */
const MOST_LINES = 10;

export class ConnectionReports {
  readonly #clock: Clock;
  readonly #tell: ((failure: ConnectionFailure) => void) | undefined;
  #periodEndMs = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(clock: Clock, tell: ((failure: ConnectionFailure) => void) | undefined) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Never throws. */
  report(failure: ConnectionFailure): void {
    if (this.#tell === undefined) {
      this.#write(failure);
      return;
    }
    try {
      this.#tell(failure);
    } catch (error) {
      this.#write(failure, error);
    }
  }

  #write({ peer, message }: ConnectionFailure, ...error: unknown[]): void {
    const nowMs = this.#clock.now();
    if (nowMs >= this.#periodEndMs) {
      if (this.#count > MOST_LINES) writeLine(`${this.#count - MOST_LINES} more connections had failed in that minute`);
      this.#periodEndMs = nowMs + PERIOD_MS;
      this.#count = 0;
    }
    this.#count += 1;
    if (this.#count <= MOST_LINES) writeLine(`no connection with ${peer}: ${message}`, ...error);
  }
}

function writeLine(line: string, ...error: unknown[]): void {
  // biome-ignore lint/suspicious/noConsole: a failure that nobody asked for must still be seen by somebody
  console.error(`heddle: ${line}`, ...error);
}
