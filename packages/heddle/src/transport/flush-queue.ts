/**
 * Writes at the end of a turn of the event loop what was produced in it, so that the answers of many calls leave in one write.
 * `setImmediate` runs after the microtasks in which handlers resolve, and after all sockets that were readable have been read.
 */

/** Something with output. */
export interface Flushable {
  flush(): void;
}

let waiting: Flushable[] = [];
let running: Flushable[] = [];

/**
 * Has `flush` called once, at the end of this turn, or of the next one when it is added during a flush. The caller sees to it that
 * it is not added twice. An error that `flush` throws becomes an uncaught one; the others are flushed all the same.
 */
export function flushAtEndOfTurn(flushable: Flushable): void {
  if (waiting.push(flushable) === 1) setImmediate(flushAll);
}

function flushAll(): void {
  const batch = waiting;
  waiting = running;
  running = batch;
  for (let i = 0; i < batch.length; i++) callFlush(batch[i] as Flushable);
  batch.length = 0;
}

function callFlush(flushable: Flushable): void {
  try {
    flushable.flush();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
