/** Finds out when flow control has held a sender back. */
import { setTimeout as delay } from "node:timers/promises";

const INTERVAL_MS = 50;
const SAMPLES = 8;
const LIMIT_MS = 10_000;

/** Gives a count once it is above zero and the same in several samples that follow each other. */
export async function whenItStandsStill(count: () => Promise<number>): Promise<number> {
  const limit = Date.now() + LIMIT_MS;
  let last = 0;
  for (let same = 0; same < SAMPLES; ) {
    if (Date.now() > limit)
      throw new Error("the sender was never held back: its count of messages did not stand still");
    await delay(INTERVAL_MS);
    const current = await count();
    same = current > 0 && current === last ? same + 1 : 0;
    last = current;
  }
  return last;
}
