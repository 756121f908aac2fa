/** Reads the report that h2load prints at the end of a run. */

/** What is used of the report. */
export interface H2loadReport {
  /** Requests per second over the whole run. It is printed with more digits than the run's time. */
  readonly perSecond: number;
  /** Requests that were answered by a status of 2xx. */
  readonly succeeded: number;
  /** Bytes received in DATA frames. */
  readonly dataBytes: number;
}

/** Throws when the text is not such a report. */
export function readReport(text: string): H2loadReport {
  return {
    perSecond: find(text, /^finished in \S+, ([\d.]+) req\/s/m),
    succeeded: find(text, /^status codes: (\d+) 2xx/m),
    dataBytes: find(text, /^traffic: .*\((\d+)\) data$/m),
  };
}

function find(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`h2load's report has no line that matches ${pattern}:\n${text}`);
  return Number(found);
}
