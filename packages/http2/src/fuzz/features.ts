/**
 * What an input has made happen, in words: the fuzzer keeps inputs that make something happen for the first time, and builds new
 * ones out of them. Numbers are left out, so that the words are few.
 */
import type { Http2Error } from "../error.js";

/** Receives features, in any number and more than once. */
export type Observe = (feature: string) => void;

export const observeNothing: Observe = () => {};

/** Reasons of errors, and which callback followed which. */
export function featuresOf(log: readonly string[], errors: readonly Http2Error[]): Set<string> {
  const features = new Set<string>();
  for (const { scope, reason } of errors) features.add(`${scope} ${withoutDetails(reason)}`);
  let [before, beforeThat] = ["", ""];
  for (const line of log) {
    const kind = kindOf(line);
    features.add(`${beforeThat} > ${before} > ${kind}`);
    beforeThat = before;
    before = kind;
  }
  return features;
}

/** A text with its numbers and quotations taken out. */
export function withoutDetails(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/0x[0-9a-f]+|[0-9]+/g, "#");
}

/** A callback, and for resets the code. */
function kindOf(line: string): string {
  const words = line.split(" ");
  return words[0] === "reset" ? withoutDetails(`reset ${words.slice(2).join(" ")}`) : (words[0] as string);
}
