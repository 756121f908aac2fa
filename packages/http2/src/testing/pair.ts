/** A client and a server connection, joined in memory. What one has written is given to the other in chunks of the test's choice. */
import { Connection } from "../connection/connection.js";
import type { ConnectionOptions } from "../connection/options.js";
import { takeOutput } from "./engine.js";
import { type Context, RecordingSink } from "./recording-sink.js";

/** Cuts octets into the chunks in which they arrive. */
export type Cut = (octets: Buffer) => Buffer[];

export const whole: Cut = (octets) => [octets];

/** Chunks of this many octets. */
export function chunksOf(bytes: number): Cut {
  return (octets) => {
    const chunks: Buffer[] = [];
    for (let at = 0; at < octets.length; at += bytes) chunks.push(octets.subarray(at, at + bytes));
    return chunks;
  };
}

/** Two chunks, cut at this position of everything that has gone in this direction. */
export function cutOnceAt(position: number): Cut {
  let passed = 0;
  return (octets) => {
    const at = position - passed;
    passed += octets.length;
    return at > 0 && at < octets.length ? [octets.subarray(0, at), octets.subarray(at)] : [octets];
  };
}

/**
 * Gives `octets` to a connection, each chunk in a buffer that is spoilt afterwards: nothing of a chunk may be kept.
 */
export function deliver(connection: Connection<Context>, octets: Buffer, cut: Cut): void {
  for (const chunk of cut(octets)) {
    const own = Buffer.from(chunk);
    connection.receive(own);
    own.fill(0xdd);
  }
}

export interface PairOptions {
  readonly client?: ConnectionOptions;
  readonly server?: ConnectionOptions;
  readonly clientSink?: RecordingSink;
  readonly serverSink?: RecordingSink;
  readonly toClient?: Cut;
  readonly toServer?: Cut;
}

export class Pair {
  readonly clientSink: RecordingSink;
  readonly serverSink: RecordingSink;
  readonly client: Connection<Context>;
  readonly server: Connection<Context>;
  readonly #toClient: Cut;
  readonly #toServer: Cut;

  /** Both are started; nothing has been exchanged. */
  constructor(options: PairOptions = {}) {
    this.clientSink = options.clientSink ?? new RecordingSink();
    this.serverSink = options.serverSink ?? new RecordingSink();
    this.client = new Connection<Context>("client", this.clientSink, options.client);
    this.server = new Connection<Context>("server", this.serverSink, options.server);
    this.#toClient = options.toClient ?? whole;
    this.#toServer = options.toServer ?? whole;
    this.client.start();
    this.server.start();
  }

  /** What the client has written goes to the server. False when there was nothing. */
  clientToServer(): boolean {
    const octets = takeOutput(this.client);
    deliver(this.server, octets, this.#toServer);
    return octets.length > 0;
  }

  /** What the server has written goes to the client. False when there was nothing. */
  serverToClient(): boolean {
    const octets = takeOutput(this.server);
    deliver(this.client, octets, this.#toClient);
    return octets.length > 0;
  }

  /** Exchanges until neither has anything to say. */
  settle(): void {
    while (this.clientToServer() || this.serverToClient()) {
      // Each turn may have caused more output.
    }
  }
}
