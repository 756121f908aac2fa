/**
 * Makes a failing input small: takes away parts, then octets, then turns octets to zero, as long as it still fails in the same
 * way. It knows nothing of what an input means.
 */
import type { Split } from "./mutate.js";

/** Whether an input still fails in the way that is looked for. */
export type StillFails = (input: Uint8Array) => boolean;

/** Smaller inputs that a format allows, where taking out octets would break it: those with numbers for lengths. */
export type Shrink = (input: Uint8Array) => readonly Buffer[];

export interface Format {
  readonly split: Split;
  readonly shrink: Shrink;
}

/** Tries at most `maxTries` inputs. */
export function minimise(input: Uint8Array, format: Format, stillFails: StillFails, maxTries = 3000): Buffer {
  let tries = 0;
  const check: StillFails = (candidate) => {
    tries += 1;
    return tries <= maxTries && stillFails(candidate);
  };
  let best: Buffer = Buffer.from(input);
  for (let before = best.length + 1; best.length < before && tries < maxTries; ) {
    before = best.length;
    best = Buffer.concat(withoutRuns(format.split(best), (parts) => check(Buffer.concat(parts))));
    best = shrinkBy(format.shrink, best, check);
    best = Buffer.from(withoutRuns([...best], (octets) => check(Buffer.from(octets))));
  }
  return withZeros(best, check);
}

/** Takes away runs of elements, long ones first. */
function withoutRuns<T>(elements: readonly T[], stillFails: (elements: readonly T[]) => boolean): readonly T[] {
  let best = elements;
  for (let run = Math.ceil(best.length / 2); run >= 1; run = run === 1 ? 0 : Math.ceil(run / 2)) {
    for (let at = 0; at < best.length; ) {
      const candidate = [...best.slice(0, at), ...best.slice(at + run)];
      if (stillFails(candidate)) best = candidate;
      else at += run;
    }
  }
  return best;
}

function shrinkBy(shrink: Shrink, input: Buffer, stillFails: StillFails): Buffer {
  let best = input;
  for (let next: Buffer | undefined = best; next !== undefined; ) {
    best = next;
    next = shrink(best).find(stillFails);
  }
  return best;
}

function withZeros(input: Buffer, stillFails: StillFails): Buffer {
  const best = Buffer.from(input);
  for (let at = 0; at < best.length; at++) {
    const octet = best[at] as number;
    if (octet === 0) continue;
    best[at] = 0;
    if (!stillFails(best)) best[at] = octet;
  }
  return best;
}
