/** A {@link Platform} without an operating system: a table of addresses, and connections that are pairs of sockets in memory. */
import { type Address, formatAddress } from "../core/address.js";
import type { Clock } from "../core/clock.js";
import type { CompressionAlgorithm } from "../core/compression.js";
import type { ClientTls, ConnectHandler, Listener, ListenTls, OnSocket, Platform } from "../transport/platform.js";
import { KeepAlive } from "./keep-alive.js";
import { createSocketPair, type SocketPair } from "./socket-pair.js";

/** Where the search for a free port begins: the ports that are nobody's. RFC 6335 section 6. */
const FIRST_FREE_PORT = 49_152;

/** Hosts that stand for every interface, which is every name here. */
const EVERY_HOST: readonly string[] = ["", "0.0.0.0", "::"];

export class InMemoryPlatform implements Platform {
  readonly clock: Clock;
  readonly compressions: readonly CompressionAlgorithm[];
  readonly #listeners = new Map<string, OnSocket>();
  readonly #connections = new Set<SocketPair>();
  readonly #keepAlive = new KeepAlive();
  #clients = 0;

  constructor(clock: Clock, compressions: readonly CompressionAlgorithm[]) {
    this.clock = clock;
    this.compressions = compressions;
  }

  async listen(wanted: Address, onSocket: OnSocket, tls?: ListenTls): Promise<Listener> {
    if (tls !== undefined) throw noTls();
    const address = this.#withPort(wanted);
    const name = formatAddress(address);
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

  prepareTls(): ClientTls {
    throw noTls();
  }

  connect(address: Address, handler: ConnectHandler): () => void {
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

  #connectNow(address: Address, handler: ConnectHandler): void {
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
      serverAddress: formatAddress(address),
      clientAddress: `in-memory:${this.#clients}`,
      keepAlive: this.#keepAlive,
      onClosed: () => this.#connections.delete(pair),
    });
    this.#connections.add(pair);
    onSocket(pair.server);
    handler.onConnected(pair.client);
  }

  #find(address: Address): OnSocket | undefined {
    const found = this.#listeners.get(formatAddress(address));
    if (found !== undefined || address.kind === "unix") return found;
    for (const host of EVERY_HOST) {
      const onEvery = this.#listeners.get(formatAddress({ ...address, host }));
      if (onEvery !== undefined) return onEvery;
    }
    return undefined;
  }

  /** The address, with a free port in place of 0. */
  #withPort(address: Address): Address {
    if (address.kind === "unix" || address.port !== 0) return address;
    let port = FIRST_FREE_PORT;
    while (this.#listeners.has(formatAddress({ ...address, port }))) port += 1;
    return { ...address, port };
  }
}

function noTls(): Error {
  return new TypeError("an in-memory network has no TLS: nobody can listen in; leave the option out");
}
