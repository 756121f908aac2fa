/** A server program of a peer, from its start to its end. */
import { Child, type ProcessEnd } from "./child.js";
import type { Command, Peer, ServiceName } from "./peer.js";
import { within } from "./within.js";

const START_LIMIT_MS = 20_000;
const LISTENING = /listening on (?:\S+:)?(\d+)$/m;

/** A server that accepts calls, until it is killed or ends by itself. */
export interface ServerProcess {
  readonly port: number;
  /** Settles when the process is gone. */
  readonly ended: Promise<ProcessEnd>;
  readonly kill: () => Promise<void>;
  readonly describe: () => string;
}

/** Starts the server of a service, on a free port if none is given, and waits until it listens. */
export function startServer(peer: Peer, service: ServiceName, port = 0): Promise<ServerProcess> {
  return startListening(`the ${peer.name} server`, peer.serverOf(service), ["--port", String(port)]);
}

/** Starts any program that prints `listening on <port>`, with a host before the port or without one, and waits until it does. */
export async function startListening(label: string, command: Command, args: readonly string[]): Promise<ServerProcess> {
  const child = new Child(label, command, args);
  const awaited = () => `${label} saying that it listens; ${child.describe()}`;
  try {
    const match = await within(child.printed(LISTENING), START_LIMIT_MS, awaited);
    if (!match) throw new Error(`${label} ended before it listened; ${child.describe()}`);
    return { port: Number(match[1]), ended: child.ended, kill: () => child.kill(), describe: () => child.describe() };
  } catch (error) {
    await child.kill();
    throw error;
  }
}
