/** What a case of the cross-language tests is. Its client's side is in the programs of the peers, under the case's name. */
import assert from "node:assert/strict";
import type { Pair, ServiceName } from "../harness/peer.js";

export interface InteropCase {
  /** What must hold. */
  readonly title: string;
  /** What the client programs call it. Several cases may use one name with different inputs. */
  readonly name: string;
  readonly service: ServiceName;
  /** Given to the client as JSON. */
  readonly input: object;
  /** What becomes of the server. One that `stops` or `dies` serves this case only; one that `dies` is replaced at once. */
  readonly server: "stays" | "stops" | "dies";
  /** Throws when the client's result is not what must come out. */
  readonly check: (result: unknown, pair: Pair) => void;
}

/** A check for results that are the same with every pair. */
export function equals(expected: unknown): InteropCase["check"] {
  return (result) => assert.deepEqual(result, expected);
}
