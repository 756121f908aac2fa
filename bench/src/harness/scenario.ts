/** What a scenario is: a few tables, and a way to measure one peer for them. */
import type { Options } from "./options.js";
import type { PreparedPeer } from "./peer.js";

/** One turn's figures of one peer in one table, by the metric's key. A missing one is shown as a dash. */
export type Sample = Readonly<Record<string, number>>;

/** A column of figures. */
export interface Metric {
  readonly key: string;
  readonly header: string;
  readonly digits: number;
  /** Adds a column after this one: how many times heddle is better. `more` or `less` says which figures are better. */
  readonly compare?: { readonly better: "more" | "less"; readonly header: string };
}

/** One table of a scenario. */
export interface Section {
  readonly key: string;
  readonly title: string;
  readonly metrics: readonly Metric[];
  /** Marks the rows in which the measured process was busy for less than this many per cent of the time. */
  readonly busyFloorPercent?: number;
  /** What a reader must know to read a peer's row, by the peer's name; printed below the table when the row is in it. */
  readonly notes?: Readonly<Record<string, string>>;
}

/** A scenario; one file each in src/scenarios. */
export interface Scenario {
  readonly name: string;
  readonly sections: readonly Section[];
  /** Runs once before the first round: what the scenario needs beside the peers. Throws `Unavailable`. */
  prepare?(): Promise<void>;
  /** One turn of one peer: a sample for each section, by the section's key. */
  measure(peer: PreparedPeer, options: Options): Promise<Readonly<Record<string, Sample>>>;
}
