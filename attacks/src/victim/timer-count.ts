/**
 * Counts the timers of this process that have neither fired nor been cleared. Node tells only of those that keep it alive, and heddle's
 * do not; so this stands in for `setTimeout` and `clearTimeout`. Install it before the first timer is set.
 */

/** Gives the number of pending timers, from now on. */
export function installTimerCount(): () => number {
  const pending = new Set<unknown>();
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const counted = (run: (...values: unknown[]) => void, delayMs?: number, ...values: unknown[]): NodeJS.Timeout => {
    const timer = set(() => {
      pending.delete(timer);
      run(...values);
    }, delayMs);
    pending.add(timer);
    return timer;
  };
  globalThis.setTimeout = Object.assign(counted, { __promisify__: set.__promisify__ }) as typeof setTimeout;
  globalThis.clearTimeout = (timer) => {
    pending.delete(timer);
    clear(timer);
  };
  return () => pending.size;
}
