/** One attack from its baseline to what is left of it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Attack } from "../attacker/attack.js";
import type { AttackReport } from "../attacker/tally.js";
import type { HonestFigures } from "../measure/honest-calls.js";
import { processorTimes, shareOfOthers } from "../measure/machine-load.js";
import type { Gauges } from "../victim/gauges.js";
import type { Scene, SceneOptions } from "./scene.js";

export interface RunOptions extends SceneOptions {
  /** How long the attack lasts; longer if its answer is a time-out. */
  readonly seconds: number;
  /** Connections of an attack that does not say how many it takes. */
  readonly connections: number;
  /** Which part of the connections an attack makes that does; 1 for all. */
  readonly share: number;
  /** Without an attack, before it; 0 leaves that out. */
  readonly warmUpSeconds: number;
  readonly baselineSeconds: number;
  /** How long the victim may take to forget an attack. */
  readonly quietMs: number;
}

/** What was measured. */
export interface AttackRun {
  readonly side: Scene["side"];
  readonly name: string;
  readonly about: string;
  /** Without the attack; absent when it was left out. */
  readonly baseline?: HonestFigures;
  /** While the attack lasted. */
  readonly honest: HonestFigures;
  readonly report: AttackReport;
  /** Before the attack, with nobody connected. */
  readonly before: Gauges;
  /** At the end of the attack, with everybody connected. */
  readonly under: Gauges;
  /** When everybody has left. */
  readonly after: Gauges;
  /** The part of the machine that programs other than these had during the attack, from 0 to 1. */
  readonly othersShare: number;
}

const POLL_MS = 25;
const HANDSHAKE_MARGIN_S = 0.5;

export async function runAttack(scene: Scene, attack: Attack, options: RunOptions): Promise<AttackRun> {
  const baseline = options.baselineSeconds > 0 ? await runBaseline(scene, options) : undefined;
  const before = await settled(scene, options.quietMs);
  await scene.meet();
  const timesBefore = processorTimes(await scene.cpuMs());
  await scene.beginMeasuring();
  await scene.attack(attack, connectionsOf(attack, options));
  await sleep(secondsOf(attack, options) * 1000);
  const under = await scene.gauges(false);
  const report = await scene.report();
  const honest = await scene.endMeasuring();
  const othersShare = shareOfOthers(timesBefore, processorTimes(await scene.cpuMs()));
  await scene.part();
  await scene.dismiss();
  const after = await settled(scene, options.quietMs);
  const { name, about } = attack;
  const measured = { honest, report, before, under, after, othersShare };
  return { side: scene.side, name, about, ...measured, ...(baseline && { baseline }) };
}

async function runBaseline(scene: Scene, { warmUpSeconds, baselineSeconds }: RunOptions): Promise<HonestFigures> {
  await scene.meet();
  await scene.beginMeasuring();
  await sleep(warmUpSeconds * 1000);
  await scene.endMeasuring();
  await scene.beginMeasuring();
  await sleep(baselineSeconds * 1000);
  const figures = await scene.endMeasuring();
  await scene.part();
  return figures;
}

/** The gauges when nothing is left, or when the time for that is over. */
async function settled(scene: Scene, quietMs: number): Promise<Gauges> {
  const end = performance.now() + quietMs;
  let gauges = await scene.gauges(false);
  while (gauges.sockets + gauges.timers + gauges.running > 0 && performance.now() < end) {
    await sleep(POLL_MS);
    gauges = await scene.gauges(false);
  }
  return scene.gauges(true);
}

function connectionsOf(attack: Attack, { connections, share }: RunOptions): number {
  return attack.connections === undefined ? connections : Math.ceil(attack.connections * share);
}

function secondsOf(attack: Attack, { seconds, handshakeTimeoutMs }: RunOptions): number {
  return attack.outlastsHandshake ? Math.max(seconds, handshakeTimeoutMs / 1000 + HANDSHAKE_MARGIN_S) : seconds;
}
