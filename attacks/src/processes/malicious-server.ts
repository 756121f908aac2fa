/** A process with a malicious server in it. */
import { clientAttacks } from "../against-client/index.js";
import { MaliciousServer } from "../attacker/malicious-server.js";
import type { AttackReport } from "../attacker/tally.js";
import { serveCommands } from "../control/commands.js";

let server: MaliciousServer | undefined;

const commands = {
  /** Gives the port. */
  start: (name: string): Promise<number> => {
    const attack = clientAttacks.find((one) => one.name === name);
    if (attack === undefined) throw new Error(`there is no attack "${name}" on a client`);
    server = new MaliciousServer(attack);
    return server.listen();
  },
  report: (): AttackReport | undefined => server?.report(),
  stop: (): Promise<void> | undefined => server?.close(),
};

export type MaliciousServerCommands = typeof commands;

serveCommands(commands);
