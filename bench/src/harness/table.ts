/** Writes a section's medians as a Markdown table whose columns are aligned, so that it reads well as plain text too. */
import { medians, type Row } from "./rounds.js";
import type { Metric, Sample, Section } from "./scenario.js";

const REFERENCE = "heddle";
const NOTHING = "–";

/** The table of one section; each row has a sample at least. */
export function renderSection(section: Section, rows: readonly Row[]): string {
  const figures = new Map(rows.map((row) => [row.peer, medians(row.samples)]));
  const reference = figures.get(REFERENCE);
  const header = ["peer", ...section.metrics.flatMap(headersOf)];
  const body = [...figures].map(([peer, sample]) => [
    peer + (isIdle(section, sample) ? " *" : ""),
    ...section.metrics.flatMap((metric) => cellsOf(metric, sample, reference)),
  ]);
  const lines = [`## ${section.title}`, "", ...alignColumns([header, ...body])];
  if ([...figures.values()].some((sample) => isIdle(section, sample))) {
    lines.push(
      "",
      `\\* The measured process was busy for less than ${section.busyFloorPercent} % of the time: the other end was the`,
      "bottleneck, or something else ran on its core. Compare the CPU columns of such a row, not its rate.",
    );
  }
  for (const [peer, note] of Object.entries(section.notes ?? {})) {
    if (figures.has(peer)) lines.push("", `${peer}: ${note}`);
  }
  return lines.join("\n");
}

function headersOf(metric: Metric): string[] {
  return metric.compare === undefined ? [metric.header] : [metric.header, metric.compare.header];
}

function isIdle(section: Section, sample: Sample): boolean {
  return section.busyFloorPercent !== undefined && (sample.busyPercent ?? 100) < section.busyFloorPercent;
}

function cellsOf(metric: Metric, sample: Sample, reference: Sample | undefined): string[] {
  const value = sample[metric.key];
  const cell = value === undefined ? NOTHING : format(value, metric.digits);
  if (metric.compare === undefined) return [cell];
  const own = reference?.[metric.key];
  if (own === undefined || value === undefined) return [cell, NOTHING];
  return [cell, format(metric.compare.better === "more" ? own / value : value / own, 2)];
}

function format(value: number, digits: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const lines = rows.map((row) => {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    return `| ${cells.join(" | ")} |`;
  });
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  lines.splice(1, 0, `| ${rule.join(" | ")} |`);
  return lines;
}
