/** The servers that the cases of one pair share: each is started when the first case wants it. */
import type { Peer, ServiceName } from "./peer.js";
import { type ServerProcess, startServer } from "./server-process.js";

export class SharedServers {
  readonly #peer: Peer;
  readonly #servers = new Map<string, Promise<ServerProcess>>();

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /** The server of a service. A program that serves several services is started once for all of them. */
  get(service: ServiceName): Promise<ServerProcess> {
    const { file, args } = this.#peer.serverOf(service);
    const key = [file, ...args].join("\0");
    const server = this.#servers.get(key) ?? startServer(this.#peer, service);
    this.#servers.set(key, server);
    return server;
  }

  /** Ends all of them, those too that failed to start. */
  async killAll(): Promise<void> {
    const started = await Promise.allSettled(this.#servers.values());
    await Promise.all(started.map((server) => (server.status === "fulfilled" ? server.value.kill() : undefined)));
  }
}
