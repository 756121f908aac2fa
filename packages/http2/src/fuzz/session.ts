/**
 * One run of the fuzzer against one target: the corpus first, then new inputs for a time or a number of them. It stops at the first
 * failure, which it makes small. It reads no clock: the caller gives one.
 */
import { CORPUS_FOLDER, readCorpus } from "./corpus.js";
import { type Failure, Fuzzer, minimiseFailure } from "./fuzzer.js";
import type { Target } from "./targets.js";

/** What an input may take at most, in milliseconds of processor time: this, and so much more for each octet. */
const SLOW_MS = 1500;
const SLOW_MS_PER_OCTET = 0.1;
/** An input is called slow when it is slow each of so many times: other processes disturb the measurement. */
const SLOW_TIMES = 3;

export interface SessionOptions {
  readonly target: Target;
  readonly seed: number;
  /** Whether there is time for one more input, of which so many were tried. */
  readonly goesOn: (executions: number) => boolean;
  /** Processor time that this process has used, in milliseconds. */
  readonly processorMs: () => number;
  /** Default: the corpus of the package. */
  readonly corpusFolder?: string;
}

export interface SessionResult {
  readonly executions: number;
  /** How many different things have happened. */
  readonly features: number;
  readonly failure: Failure | undefined;
}

export function runSession(options: SessionOptions): SessionResult {
  const { target, seed, goesOn, corpusFolder = CORPUS_FOLDER } = options;
  const corpus = readCorpus(target.name, corpusFolder).map(({ octets }) => octets);
  const fuzzer = new Fuzzer(target, seed, corpus);
  let executions = 0;
  while (goesOn(executions)) {
    const fromCorpus = corpus[executions];
    executions += 1;
    const input = fromCorpus ?? fuzzer.next();
    const before = options.processorMs();
    const failure = fuzzer.run(input) ?? slowness(options, input, options.processorMs() - before);
    if (failure !== undefined) {
      return { executions, features: fuzzer.features, failure: minimiseFailure(target, failure) };
    }
  }
  return { executions, features: fuzzer.features, failure: undefined };
}

/** An input that takes longer than its length explains, each time. */
function slowness({ target, processorMs }: SessionOptions, input: Buffer, firstMs: number): Failure | undefined {
  const limitMs = SLOW_MS + SLOW_MS_PER_OCTET * input.length;
  let ms = firstMs;
  for (let times = 1; times < SLOW_TIMES && ms > limitMs; times++) {
    const before = processorMs();
    target.run(input);
    ms = Math.min(ms, processorMs() - before);
  }
  if (ms <= limitMs) return undefined;
  return { input, error: new Error(`${input.length} octets take ${Math.round(ms)} ms; the limit is ${limitMs} ms`) };
}
