/** A gRPC implementation that takes part in the tests: how its programs are started, and where it behaves unlike the others. */

/** The services of the tests. A program may serve one of them or all. */
export type ServiceName = "greeter" | "unary" | "bidirectional" | "product" | "upload" | "probe";

/** A program with the arguments that it always gets. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Set beside the variables of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * An implementation with its two programs.
 *
 * The server takes `--port`, prints `listening on <port>` (a host may stand before the port) when it accepts calls, and exits
 * with 0 after a graceful shutdown. The client takes `--address`, `--case` and `--input`, and prints its result as one line of JSON.
 */
export interface Peer {
  readonly name: string;
  readonly client: Command;
  readonly serverOf: (service: ServiceName) => Command;
  /** It shows several values of one ASCII key as one value, joined by ", ". HTTP allows it; gRPC cannot tell the difference. */
  readonly joinsAsciiValues: boolean;
  /** While its server shuts down, a call that arrives before the client has seen the GOAWAY fails with CANCELLED. */
  readonly cancelsLateCallsAtShutdown: boolean;
  /**
   * What it takes in for a stream that nobody reads has a limit of some MiB. Where it has none, the windows grow with the
   * traffic while the program pauses, so that it depends on the machine whether the sender is ever held back.
   */
  readonly boundsUnreadStreams: boolean;
}

/** The client and the server of one run of a case. */
export interface Pair {
  readonly client: Peer;
  readonly server: Peer;
}

/** What came of preparing a peer. */
export type Preparation<P = Peer> =
  | { readonly kind: "ready"; readonly peer: P }
  /** A tool that this project does not install, such as Python itself, is not there. */
  | { readonly kind: "missing"; readonly reason: string };
