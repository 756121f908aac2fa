/**
 * What a peer is: a stack that takes part in scenarios by a server program and a client program of its own.
 *
 * A server program takes the port as its last argument, listens on 127.0.0.1 and serves greeting.Greeter and bench.Bench.
 * A client program takes a {@link ClientJob} as JSON, prints `measuring` when its warm-up is over and then one line with a
 * `ClientResult` as JSON.
 */

/** A program to start. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What a client program is to do. */
export interface ClientJob {
  readonly port: number;
  readonly call: "sayHello" | "echo";
  readonly inFlight: number;
  readonly warmupMs: number;
  /** How long to measure; ignored when `calls` is not 0. */
  readonly measureMs: number;
  /** How many calls to measure; 0 means as many as fit into `measureMs`. */
  readonly calls: number;
}

/** The scenarios that need nothing but a server and a client. */
export const CALL_SCENARIOS: readonly string[] = ["unary-server", "unary-client", "streaming", "echo"];

/** A peer that is ready to run. */
export interface PreparedPeer {
  readonly name: string;
  readonly version: string;
  server(port: number): Command;
  client(job: ClientJob): Command;
}

/** A peer, before anything of it was built. */
export interface Peer {
  readonly name: string;
  /** The scenarios it has entries for, by name. */
  readonly scenarios: readonly string[];
  /** Builds what has to be built. Throws `Unavailable` when this machine cannot run it. */
  prepare(): Promise<PreparedPeer>;
}
