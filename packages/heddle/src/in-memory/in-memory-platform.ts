/** A {@link Platform} without an operating system: a table of addresses, and connections that are pairs of sockets in memory. */
import { formatAddress, type HostPort } from "../core/address.js";
import type { Clock } from "../core/clock.js";
import type { ConnectHandler, Listener, Platform } from "../transport/platform.js";
import type { Socket } from "../transport/socket.js";
import { KeepAlive } from "./keep-alive.js";
import { createSocketPair, type SocketPair } from "./socket-pair.js";

/** Where the search for a free port begins: the ports that are nobody's. RFC 6335 section 6. */
const FIRST_FREE_PORT = 49_152;

/** Hosts that stand for every interface, which is every name here. */
const EVERY_HOST: readonly string[] = ["", "0.0.0.0", "::"];

type OnSocket = (socket: Socket) => void;

export class InMemoryPlatform implements Platform {
  readonly clock: Clock;
  readonly #listeners = new Map<string, OnSocket>();
  readonly #connections = new Set<SocketPair>();
  readonly #keepAlive = new KeepAlive();
  #clients = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  async listen({ host, port }: HostPort, onSocket: OnSocket): Promise<Listener> {
    const address = { host, port: port === 0 ? this.#freePort(host) : port };
    const name = nameOf(address);
    if (this.#listeners.has(name)) {
      const error = new Error(`EADDRINUSE: a server of this in-memory network listens on ${name} already`);
      throw Object.assign(error, { code: "EADDRINUSE" });
    }
    this.#listeners.set(name, onSocket);
    return {
      address,
      close: async () => {
        this.#listeners.delete(name);
      },
    };
  }

  connect(address: HostPort, handler: ConnectHandler): () => void {
    let isPending = true;
    setImmediate(() => {
      if (isPending) this.#connectNow(address, handler);
    });
    return () => {
      isPending = false;
    };
  }

  /** Breaks every connection that there is. */
  cutConnections(reason: string): void {
    for (const connection of this.#connections) connection.cut(reason);
  }

  #connectNow(address: HostPort, handler: ConnectHandler): void {
    const onSocket = this.#find(address);
    if (onSocket === undefined) {
      const names = [...this.#listeners.keys()].join(", ") || "none";
      handler.onFailed(
        new Error(`no server of this in-memory network listens there (addresses that are served: ${names})`),
      );
      return;
    }
    this.#clients += 1;
    const pair = createSocketPair({
      serverAddress: nameOf(address),
      clientAddress: `in-memory:${this.#clients}`,
      keepAlive: this.#keepAlive,
      onClosed: () => this.#connections.delete(pair),
    });
    this.#connections.add(pair);
    onSocket(pair.server);
    handler.onConnected(pair.client);
  }

  #find({ host, port }: HostPort): OnSocket | undefined {
    for (const candidate of [host, ...EVERY_HOST]) {
      const found = this.#listeners.get(nameOf({ host: candidate, port }));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #freePort(host: string): number {
    let port = FIRST_FREE_PORT;
    while (this.#listeners.has(nameOf({ host, port }))) port += 1;
    return port;
  }
}

function nameOf({ host, port }: HostPort): string {
  return formatAddress(host, port);
}
