/** An implementation with the two programs of gRPC's interop tests. */
import type { Command } from "../../harness/peer.js";

/**
 * The flags of the programs are gRPC's. For files they have the names that grpc-go gave them: `--ca_file` for the client, and
 * `--tls_cert_file` and `--tls_key_file` for the server.
 */
export interface OfficialPeer {
  readonly name: string;
  readonly client: Command;
  /** It prints `listening on <port>`, with a host before the port or without one, to stdout or to stderr. */
  readonly server: Command;
  /** The cases that a program does not have, by name. */
  readonly clientLacks: readonly string[];
  readonly serverLacks: readonly string[];
}

/** The client and the server of a column of the matrix. */
export interface OfficialPair {
  readonly client: OfficialPeer;
  readonly server: OfficialPeer;
}

/** Why a pair cannot run a case; `undefined` when it can. */
export function lackOf({ client, server }: OfficialPair, caseName: string): string | undefined {
  if (client.clientLacks.includes(caseName)) return `${client.name}'s client does not have this case`;
  if (server.serverLacks.includes(caseName)) return `${server.name}'s server does not have what this case needs`;
  return undefined;
}
