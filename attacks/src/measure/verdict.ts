/** Whether an attack was withstood, and if not, why. */
import type { Attack, Expectation } from "../attacker/attack.js";
import type { AttackReport, CodeCounts } from "../attacker/tally.js";
import type { AttackRun } from "../scene/run-attack.js";

export interface Limits {
  /** For calls on a connection that was there before the attack. */
  readonly p99Ms: number;
  readonly peakRssBytes: number;
  /** How much more the victim may hold afterwards than before. */
  readonly heldGrowthBytes: number;
}

const MIB = 1_048_576;

/** What was not as it must be; empty when the attack was withstood. */
export function failuresOf(attack: Attack, run: AttackRun, limits: Limits): string[] {
  return [
    ...answerFailures(attack, run.report),
    ...honestFailures(run, limits),
    ...memoryFailures(run, limits),
    ...leftovers(run),
  ];
}

function answerFailures(attack: Attack, report: AttackReport): string[] {
  if (report.opened === 0) return ["no connection could be made"];
  if (attack.expected.some((expectation) => isMet(expectation, report))) return [];
  const wanted = attack.expected.map(describeExpectation).join(" or ");
  return [`the answer was ${describeAnswer(report)} instead of ${wanted}`];
}

function honestFailures({ honest: { calls, newcomers } }: AttackRun, { p99Ms }: Limits): string[] {
  const failures: string[] = [];
  if (calls.calls === 0) failures.push("no honest call was made");
  if (calls.errors > 0) failures.push(`${calls.errors} of ${calls.calls} honest calls failed: ${calls.firstError}`);
  if (newcomers.errors > 0) {
    failures.push(`${newcomers.errors} of ${newcomers.calls} newcomers failed: ${newcomers.firstError}`);
  }
  if (calls.p99Ms >= p99Ms) failures.push(`p99 was ${calls.p99Ms.toFixed(1)} ms; the limit is ${p99Ms} ms`);
  return failures;
}

function memoryFailures({ before, after }: AttackRun, limits: Limits): string[] {
  const failures: string[] = [];
  if (after.peakRssBytes >= limits.peakRssBytes) {
    failures.push(`RSS rose to ${inMib(after.peakRssBytes)} MiB; the limit is ${inMib(limits.peakRssBytes)}`);
  }
  const growth = after.heldBytes - before.heldBytes;
  if (growth > limits.heldGrowthBytes) {
    failures.push(`${inMib(growth)} MiB more are held than before; the limit is ${inMib(limits.heldGrowthBytes)}`);
  }
  return failures;
}

function leftovers({ before, after }: AttackRun): string[] {
  const left = (["sockets", "timers", "running"] as const)
    .filter((what) => after[what] > 0)
    .map((what) => `${after[what]} ${what}`);
  const failures = left.length === 0 ? [] : [`left behind: ${left.join(", ")}`];
  const errors = after.handlerErrors - before.handlerErrors;
  if (errors > 0) failures.push(`${errors} handlers failed`);
  return failures;
}

export function isMet(expectation: Expectation, report: AttackReport): boolean {
  switch (expectation.kind) {
    case "goaway": {
      const errors = errorsIn(report.goAways);
      return errors.length > 0 && errors.every((code) => expectation.codes.some((one) => one === code));
    }
    case "closed":
      return report.lost > 0;
    case "all closed":
      return report.lost > 0 && report.lost >= report.connections;
    case "reset":
      return report.lost === 0 && expectation.codes.some((code) => report.resets[code] !== undefined);
    case "answered":
      return report.lost === 0 && report.responses > 0;
    case "lives":
      return report.lost === 0 && errorsIn(report.goAways).length === 0;
    default:
      return expectation satisfies never;
  }
}

function errorsIn(counts: CodeCounts): string[] {
  return Object.keys(counts).filter((code) => code !== "NO_ERROR");
}

function describeExpectation(expectation: Expectation): string {
  switch (expectation.kind) {
    case "goaway":
      return `GOAWAY ${expectation.codes.join("/")}`;
    case "reset":
      return `RST_STREAM ${expectation.codes.join("/")}`;
    default:
      return expectation.kind;
  }
}

/** What the attacker saw, the strongest first. */
export function describeAnswer(report: AttackReport): string {
  const goAways = describeCounts("GOAWAY", report.goAways);
  if (goAways.length > 0) return goAways.join(", ");
  if (report.lost > 0) return `closed ×${report.lost}`;
  const resets = describeCounts("RST", report.resets);
  if (resets.length > 0) return resets.join(", ");
  return report.responses > 0 ? `answered ×${report.responses}` : "lives";
}

function describeCounts(frame: string, counts: CodeCounts): string[] {
  return Object.entries(counts).map(([code, count]) => `${frame} ${code} ×${count}`);
}

function inMib(bytes: number): string {
  return (bytes / MIB).toFixed(0);
}
