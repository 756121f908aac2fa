/** Runs an attack and judges it; again, when others were too busy for the figures to mean anything. */
import type { Attack } from "../attacker/attack.js";
import { failuresOf, type Limits } from "../measure/verdict.js";
import type { AttackRun } from "./run-attack.js";

/** With more of the machine in other hands, figures are bad without anybody's fault. */
const NOISY_SHARE = 0.1;
const MAX_RUNS = 3;

export interface JudgedRun {
  readonly run: AttackRun;
  /** Empty when the attack was withstood. */
  readonly failures: readonly string[];
}

/** `runOnce` is called up to three times; the last of its runs counts. */
export async function judgeAttack(
  attack: Attack,
  limits: Limits,
  runOnce: () => Promise<AttackRun>,
): Promise<JudgedRun> {
  for (let runs = 1; ; runs++) {
    const run = await runOnce();
    const failures = failuresOf(attack, run, limits);
    if (failures.length === 0 || run.othersShare <= NOISY_SHARE || runs === MAX_RUNS) return { run, failures };
  }
}
