/** What a victim tells of itself: how much memory it has, and what it has not let go of. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { installSocketCount } from "./socket-count.js";
import { installTimerCount } from "./timer-count.js";

export interface Gauges {
  readonly rssBytes: number;
  /** The most that it has ever been in the life of the process. */
  readonly peakRssBytes: number;
  /** What the program holds: the heap in use, and buffers outside of it. */
  readonly heldBytes: number;
  readonly sockets: number;
  readonly timers: number;
  /** Handlers that have not ended (server), or calls to the malicious server that have not (client). */
  readonly running: number;
  readonly peakRunning: number;
  /** What a handler threw, or could not be sent: none of the attacks is a reason for it. */
  readonly handlerErrors: number;
}

/** Work that has begun and not ended. */
export class Running {
  now = 0;
  peak = 0;
  errors = 0;

  begin(): void {
    this.now += 1;
    if (this.now > this.peak) this.peak = this.now;
  }

  end(): void {
    this.now -= 1;
  }
}

/** Installs the counters. Call it before anything else is done. */
export function installGauges(running: Running): (collectGarbage: boolean) => Promise<Gauges> {
  const timers = installTimerCount();
  const sockets = installSocketCount();
  return async (collectGarbage) => {
    if (collectGarbage) await collect();
    const memory = process.memoryUsage();
    return {
      rssBytes: memory.rss,
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      heldBytes: memory.heapUsed + memory.external,
      sockets: sockets(),
      timers: timers(),
      running: running.now,
      peakRunning: running.peak,
      handlerErrors: running.errors,
    };
  };
}

/** Twice, since buffers are given back only after the objects that had them. */
async function collect(): Promise<void> {
  globalThis.gc?.();
  await nextTurn();
  globalThis.gc?.();
}
