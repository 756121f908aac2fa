/** What the program is told. */
import { parseArgs } from "node:util";
import { clientAttacks } from "./against-client/index.js";
import { serverAttacks } from "./against-server/index.js";
import type { Attack } from "./attacker/attack.js";

export interface Choice {
  readonly side: "server" | "client";
  readonly attack: Attack;
}

export interface CommandLine {
  readonly choices: readonly Choice[];
  readonly seconds: number;
  readonly connections: number;
  /** Where the figures go, in full; absent: nowhere. */
  readonly json: string | undefined;
  /** Only names the attacks. */
  readonly list: boolean;
}

export const USAGE = `npm run attacks -- [names…] [--seconds 10] [--connections 1] [--json file] [--list]

A name is that of an attack ("ping-flood"), with or without its side ("client/ping-flood"), or of a side ("server"), or "all".`;

export const ALL_CHOICES: readonly Choice[] = [
  ...serverAttacks.map((attack) => ({ side: "server" as const, attack })),
  ...clientAttacks.map((attack) => ({ side: "client" as const, attack })),
];

/** Throws an error that says what is wrong with the arguments. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seconds: { type: "string", default: "10" },
      connections: { type: "string", default: "1" },
      json: { type: "string" },
      list: { type: "boolean", default: false },
    },
  });
  const names = positionals.length === 0 ? ["all"] : positionals;
  for (const name of names) {
    if (!ALL_CHOICES.some((choice) => isNamed(choice, name)))
      throw new Error(`no attack is named "${name}"; see --list`);
  }
  return {
    choices: ALL_CHOICES.filter((choice) => names.some((name) => isNamed(choice, name))),
    seconds: positive("seconds", values.seconds),
    connections: Math.ceil(positive("connections", values.connections)),
    json: values.json,
    list: values.list,
  };
}

function isNamed({ side, attack }: Choice, name: string): boolean {
  return name === "all" || name === side || name === attack.name || name === `${side}/${attack.name}`;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new Error(`--${name} wants a number above 0, not "${text}"`);
  return value;
}
