/** The command line. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

/** What a run is to do. */
export interface Options {
  readonly scenarios: readonly string[];
  /** How many times every peer has its turn. */
  readonly rounds: number;
  readonly warmupSeconds: number;
  /** How long each measurement takes; with `requests` it is not used. */
  readonly seconds: number;
  /** Requests (calls) per measurement; 0 means as many as `seconds` have room for. */
  readonly requests: number;
  /** Peers that take part; empty means all of them. */
  readonly only: readonly string[];
  /** The core of the process that is measured. */
  readonly measuredCore: number;
  /** The core of the process at its other end. */
  readonly otherCore: number;
  /** Where the figures are written as JSON, every round of them. */
  readonly jsonFile: string | undefined;
}

export const USAGE = `Usage: npm run bench -- <scenario>... [options]

  --only a,b        only these peers
  --rounds N        turns of every peer (default 3); medians are reported
  --seconds N       length of one measurement (default 5)
  --requests N      a fixed number of requests per measurement, instead of --seconds
  --warmup N        seconds of load before each measurement (default 2)
  --cores A,B       the core of the measured process and that of the other end (default 0,1)
  --json FILE       write every figure of every round to FILE`;

/** A mistake on the command line; its message is for the reader. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Reads the command line. `scenarioNames` and `peerNames` are what may be asked for. */
export function readOptions(
  argv: readonly string[],
  scenarioNames: readonly string[],
  peerNames: readonly string[],
): Options {
  const { values, positionals } = parse(argv);
  if (positionals.length === 0) throw new UsageError(`name a scenario: ${scenarioNames.join(", ")} or all`);
  const scenarios = positionals.includes("all") ? scenarioNames : positionals;
  const only = values.only === undefined ? [] : values.only.split(",");
  known("scenario", scenarios, scenarioNames);
  known("peer", only, peerNames);
  const [measuredCore, otherCore] = readCores(values.cores);
  return {
    scenarios,
    only,
    rounds: positive("rounds", values.rounds),
    warmupSeconds: positive("warmup", values.warmup),
    seconds: positive("seconds", values.seconds),
    requests: values.requests === undefined ? 0 : positive("requests", values.requests),
    measuredCore,
    otherCore,
    jsonFile: values.json,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        only: { type: "string" },
        rounds: { type: "string", default: "3" },
        seconds: { type: "string", default: "5" },
        requests: { type: "string" },
        warmup: { type: "string", default: "2" },
        cores: { type: "string", default: "0,1" },
        json: { type: "string" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function known(what: string, names: readonly string[], all: readonly string[]): void {
  for (const name of names) {
    if (!all.includes(name)) throw new UsageError(`there is no ${what} "${name}"; there are: ${all.join(", ")}`);
  }
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`--${name} must be a whole number above 0, not "${text}"`);
  return value;
}

function readCores(text: string): [number, number] {
  const [measured, other, ...rest] = text.split(",").map(Number);
  if (!Number.isInteger(measured) || !Number.isInteger(other) || rest.length > 0 || measured === other) {
    throw new UsageError(`--cores must be two different core numbers, such as 0,1, not "${text}"`);
  }
  if (availableParallelism() < 2)
    throw new UsageError("two cores are needed: one to measure on, one for the other end");
  return [measured as number, other as number];
}
