/** Everybody who takes part in an attack, as processes: a victim, honest peers, and an attacker. */
import type { Attack } from "../attacker/attack.js";
import type { AttackReport } from "../attacker/tally.js";
import type { HonestFigures } from "../measure/honest-calls.js";
import type { Gauges } from "../victim/gauges.js";

export interface SceneOptions {
  /** For how long the victim's handler goes on that ignores its signal. */
  readonly stubbornMs: number;
  /** The time that the victim gives a handshake. */
  readonly handshakeTimeoutMs: number;
}

/** In the order in which one attack uses it; all of it may be done again for the next one. */
export interface Scene {
  readonly side: "server" | "client";
  gauges(collectGarbage: boolean): Promise<Gauges>;
  /** The honest connect. */
  meet(): Promise<void>;
  beginMeasuring(): Promise<void>;
  endMeasuring(): Promise<HonestFigures>;
  /** The attack begins, with so many connections. */
  attack(attack: Attack, connections: number): Promise<void>;
  /** What the attacker has seen so far. */
  report(): Promise<AttackReport>;
  /** The honest leave, and so does a client that was attacked. */
  part(): Promise<void>;
  /** The attacker leaves. */
  dismiss(): Promise<void>;
  /** The processor time that all its processes have used. */
  cpuMs(): Promise<number>;
  /** Ends all processes. */
  close(): Promise<void>;
}

/** An attacker gives way to its victim and to the honest: what they do is measured, not how busy this machine is. */
export const ATTACKER_NICENESS = 5;

/** What a child gives only after it was told to begin. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the child has not begun what it was asked about");
  return value;
}

/** The sum over all children. */
export async function cpuMsOf(children: readonly { cpuMs(): Promise<number> }[]): Promise<number> {
  const all = await Promise.all(children.map((child) => child.cpuMs()));
  return all.reduce((sum, one) => sum + one, 0);
}
