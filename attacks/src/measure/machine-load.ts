/** How much of the machine others have taken: where they take much, the figures say little. */
import { cpus } from "node:os";

/** Processor time until now, in milliseconds. */
export interface ProcessorTimes {
  /** Of all processors, with and without work. */
  readonly allMs: number;
  readonly busyMs: number;
  /** What we have used of it. */
  readonly oursMs: number;
}

/** `childrenMs` is what our children have used. */
export function processorTimes(childrenMs: number): ProcessorTimes {
  let allMs = 0;
  let busyMs = 0;
  for (const { times } of cpus()) {
    const busy = times.user + times.nice + times.sys + times.irq;
    busyMs += busy;
    allMs += busy + times.idle;
  }
  const { user, system } = process.cpuUsage();
  return { allMs, busyMs, oursMs: (user + system) / 1000 + childrenMs };
}

/** The part of the machine that others had between two moments, from 0 to 1. */
export function shareOfOthers(before: ProcessorTimes, after: ProcessorTimes): number {
  const allMs = after.allMs - before.allMs;
  const othersMs = after.busyMs - before.busyMs - (after.oursMs - before.oursMs);
  return allMs <= 0 ? 0 : Math.max(0, othersMs / allMs);
}
