/** The figures of all attacks as lines of text; each line is complete by itself, so that it can be shown at once. */
import type { AttackRun } from "../scene/run-attack.js";
import { describeAnswer } from "./verdict.js";

interface Column {
  readonly title: string;
  readonly width: number;
  readonly align: "left" | "right";
  readonly text: (run: AttackRun, failures: readonly string[]) => string;
}

const COLUMNS: readonly Column[] = [
  left("attack", 38, (run) => `${run.side}/${run.name}`),
  left("answer", 36, (run) => describeAnswer(run.report)),
  right("attempts/s", 10, ({ report }) => Math.round(report.attempts / report.seconds).toLocaleString("en")),
  right("base p99", 8, ({ baseline }) => (baseline === undefined ? "" : ms(baseline.calls.p99Ms))),
  right("p50", 7, ({ honest }) => ms(honest.calls.p50Ms)),
  right("p99", 7, ({ honest }) => ms(honest.calls.p99Ms)),
  right("max", 7, ({ honest }) => ms(honest.calls.maxMs)),
  right("new max", 7, ({ honest }) => ms(honest.newcomers.maxMs)),
  right("errors", 6, ({ honest }) => String(honest.calls.errors + honest.newcomers.errors)),
  right("peak", 5, ({ after }) => mib(after.peakRssBytes)),
  right("after", 5, ({ after }) => mib(after.rssBytes)),
  right("running", 7, ({ after }) => String(after.peakRunning)),
  right("others", 6, ({ othersShare }) => `${Math.round(othersShare * 100)} %`),
  left("verdict", 7, (_run, failures) => (failures.length === 0 ? "ok" : "FAILED")),
];

export const LEGEND =
  "Times in ms, of honest calls: p50, p99 and max on a standing connection, new max with a new connection. " +
  "Memory of the victim (RSS) in MiB: at its peak, and after the attack. running: handlers or calls at a time, at most.";

export function headerLine(): string {
  return line((column) => column.title);
}

export function runLine(run: AttackRun, failures: readonly string[]): string {
  return line((column) => column.text(run, failures));
}

function line(text: (column: Column) => string): string {
  return COLUMNS.map((column) => pad(text(column), column))
    .join("  ")
    .trimEnd();
}

function pad(text: string, { width, align }: Column): string {
  const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return align === "left" ? cut.padEnd(width) : cut.padStart(width);
}

function left(title: string, width: number, text: Column["text"]): Column {
  return { title, width, align: "left", text };
}

function right(title: string, width: number, text: Column["text"]): Column {
  return { title, width, align: "right", text };
}

function ms(value: number): string {
  return value.toFixed(1);
}

function mib(bytes: number): string {
  return (bytes / 1_048_576).toFixed(0);
}
