/** A process that attacks a server. */
import { serverAttacks } from "../against-server/index.js";
import { Attacker } from "../attacker/attacker.js";
import type { AttackReport } from "../attacker/tally.js";
import { serveCommands } from "../control/commands.js";

export interface AttackOrder {
  readonly name: string;
  readonly port: number;
  /** Connections at a time. */
  readonly connections: number;
}

let attacker: Attacker | undefined;

const commands = {
  start: ({ name, port, connections }: AttackOrder): void => {
    const attack = serverAttacks.find((one) => one.name === name);
    if (attack === undefined) throw new Error(`there is no attack "${name}" on a server`);
    attacker = new Attacker(attack, port);
    attacker.start(connections);
  },
  report: (): AttackReport | undefined => attacker?.report(),
  stop: (): Promise<void> | undefined => attacker?.stop(),
};

export type ServerAttackerCommands = typeof commands;

serveCommands(commands);
