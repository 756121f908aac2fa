/** Peers take turns: every peer once, then every peer again; a slow minute of the machine hurts them all alike. */
import type { Options } from "./options.js";
import type { PreparedPeer } from "./peer.js";
import type { Sample, Scenario } from "./scenario.js";

/** The figures of one peer in one section: one sample for each round. */
export interface Row {
  readonly peer: string;
  readonly samples: Sample[];
}

/** What a scenario gave. */
export interface ScenarioResult {
  readonly scenario: Scenario;
  /** Rows by section key. */
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  /** What went wrong, with the peer's name; such a peer takes no further turns. */
  readonly failures: readonly { readonly peer: string; readonly error: unknown }[];
}

/** Runs all rounds of a scenario. `progress` gets a line before each turn. */
export async function runRounds(
  scenario: Scenario,
  peers: readonly PreparedPeer[],
  options: Options,
  progress: (line: string) => void,
): Promise<ScenarioResult> {
  const rows: Record<string, Row[]> = {};
  for (const section of scenario.sections) rows[section.key] = peers.map(({ name }) => ({ peer: name, samples: [] }));
  const failures: { peer: string; error: unknown }[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    for (const peer of peers) {
      if (failures.some((failure) => failure.peer === peer.name)) continue;
      progress(`${scenario.name}, round ${round} of ${options.rounds}: ${peer.name}`);
      try {
        const samples = await scenario.measure(peer, options);
        for (const [key, sample] of Object.entries(samples)) {
          rows[key]?.find((row) => row.peer === peer.name)?.samples.push(sample);
        }
      } catch (error) {
        failures.push({ peer: peer.name, error });
      }
    }
  }
  return { scenario, rows, failures };
}

/** The median of each figure over the rounds. */
export function medians(samples: readonly Sample[]): Sample {
  const keys = new Set(samples.flatMap((sample) => Object.keys(sample)));
  const result: Record<string, number> = {};
  for (const key of keys) {
    const values = samples.map((sample) => sample[key]).filter((value) => value !== undefined);
    result[key] = median(values);
  }
  return result;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
