/** The servers that the columns of the matrix share, each started when the first case wants it. */
import { type ServerProcess, startListening } from "../../harness/server-process.js";
import type { Certificates } from "../../toolchain/certificates.js";
import { listen, openChannel } from "../heddle-options.js";
import { SERVER_NAME, type TestAccount } from "./accounts.js";
import { createCachingProxy } from "./caching-proxy.js";
import type { Need } from "./official-case.js";
import type { OfficialPeer } from "./official-peer.js";

/** How the programs talk; without certificates in plaintext. */
export interface Transport {
  readonly name: "plaintext" | "TLS";
  readonly certificates: Certificates | undefined;
}

/** What a client is told to connect to. */
export interface Endpoint {
  readonly port: number;
  /** What the server has complained about, for an error message. */
  readonly describe: () => string;
}

export class OfficialServers implements AsyncDisposable {
  readonly #account: TestAccount;
  readonly #processes = new Map<string, Promise<ServerProcess>>();
  readonly #proxies = new Map<string, Promise<number>>();
  readonly #opened: AsyncDisposable[] = [];

  constructor(account: TestAccount) {
    this.#account = account;
  }

  /** The server of a peer, or the proxy before it, if that is what a case needs. */
  async get(peer: OfficialPeer, transport: Transport, need: Need): Promise<Endpoint> {
    const key = `${peer.name} ${transport.name}`;
    const process = await once(this.#processes, key, () => this.#start(peer, transport));
    const describe = () => process.describe();
    if (need !== "caching proxy") return { port: process.port, describe };
    return { port: await once(this.#proxies, key, () => this.#startProxy(process.port, transport)), describe };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#opened.map((opened) => opened[Symbol.asyncDispose]()));
    const started = await Promise.allSettled(this.#processes.values());
    await Promise.all(started.map((server) => (server.status === "fulfilled" ? server.value.kill() : undefined)));
  }

  #start(peer: OfficialPeer, { certificates }: Transport): Promise<ServerProcess> {
    const flags = ["--port=0"];
    if (certificates !== undefined) {
      const { certificate, privateKey } = certificates;
      flags.push("--use_tls=true", `--tls_cert_file=${certificate}`, `--tls_key_file=${privateKey}`);
    }
    if (!peer.serverLacks.includes("jwt_token_creds")) flags.push(...this.#account.serverFlags);
    return startListening(`the ${peer.name} server`, peer.server, flags);
  }

  async #startProxy(serverPort: number, { certificates }: Transport): Promise<number> {
    const tls = certificates && { caFile: certificates.authority };
    const channel = openChannel({ host: "127.0.0.1", port: serverPort, hostOverride: SERVER_NAME, tls });
    const proxy = createCachingProxy(channel);
    this.#opened.push(channel, proxy);
    return (await listen(proxy, "127.0.0.1:0", certificates)).port;
  }
}

function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const promise = made.get(key) ?? make();
  made.set(key, promise);
  return promise;
}
