/** Pauses that are counted in turns of the event loop, so that no clock is needed. */
import { setImmediate } from "node:timers";

/** Calls `then` after so many turns. */
export function afterTurns(turns: number, then: () => void): void {
  setImmediate(() => {
    if (turns <= 1) then();
    else afterTurns(turns - 1, then);
  });
}
