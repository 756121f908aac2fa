/**
 * Many calls that listen to one `AbortSignal`, with a single listener on it.
 *
 * Node warns of a leak when a signal has more than ten listeners, and a signal for a whole request or program is shared by
 * any number of calls at a time. The listener is there as long as somebody waits for the signal.
 */

/** Something that ends when a signal aborts. */
export interface AbortTarget {
  onAbort(reason: unknown): void;
}

const targetsBySignal = new WeakMap<AbortSignal, Set<AbortTarget>>();

/** Has `target.onAbort` called when the signal aborts, which it must not have done yet. */
export function listenForAbort(signal: AbortSignal, target: AbortTarget): void {
  const targets = targetsBySignal.get(signal);
  if (targets !== undefined) {
    targets.add(target);
    return;
  }
  targetsBySignal.set(signal, new Set([target]));
  signal.addEventListener("abort", tellTargets);
}

/** Forgets a target; does nothing if it is not waiting. */
export function stopListeningForAbort(signal: AbortSignal, target: AbortTarget): void {
  const targets = targetsBySignal.get(signal);
  if (targets === undefined || !targets.delete(target) || targets.size > 0) return;
  targetsBySignal.delete(signal);
  signal.removeEventListener("abort", tellTargets);
}

function tellTargets(this: AbortSignal): void {
  // A target that is forgotten meanwhile leaves the set, and the last one takes the listener with it.
  for (const target of targetsBySignal.get(this) ?? []) {
    stopListeningForAbort(this, target);
    target.onAbort(this.reason);
  }
}
