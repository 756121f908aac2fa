/** Bodies. They are parts of one long run of random octets, so that even large ones cost nothing to make or to keep. */
import { createBody, createRandom } from "../../testing/random.js";

const RUN_BYTES = 8 * 1024 * 1024;
let run: Buffer | undefined;

/** Part of the run. */
export interface Body {
  readonly start: number;
  readonly bytes: number;
}

/** Where a body of so many octets may start: anywhere below this. */
export function startsBelow(bytes: number): number {
  if (bytes > RUN_BYTES) throw new RangeError(`a body of ${bytes} octets; the longest has ${RUN_BYTES}`);
  return RUN_BYTES - bytes;
}

/** The octets of a body. They must not be written to. */
export function octetsOf(body: Body): Buffer {
  run ??= createBody(RUN_BYTES, createRandom(1));
  return run.subarray(body.start, body.start + body.bytes);
}
