/** A probe server and its client on the network of the tests, closed again whatever the test did. */
import { after } from "node:test";
import { type Channel, type ChannelOptions, GrpcChannel } from "../../client/channel.js";
import { withResolvers } from "../../client/with-resolvers.js";
import type { CallOptions } from "../../core/call-options.js";
import { type Clock, systemClock } from "../../core/clock.js";
import type { ConnectionFailure } from "../../core/connection-failure.js";
import type { Client, ServiceHandlers } from "../../core/service-types.js";
import { createClient } from "../../index.js";
import { GrpcServer, type ListenOptions, type Server, type ServerOptions } from "../../server/server.js";
import { Probe } from "./gen/probe_pb.js";
import { platformWith } from "./test-network.js";

export type ProbeHandlers = ServiceHandlers<typeof Probe>;
export type ProbeClient = Client<typeof Probe>;

/** Answers everything in the obvious way; tests replace what they are about. */
export const echo: ProbeHandlers = {
  unary: (request) => ({ text: request.text, data: request.data, count: request.count }),
  async *serverStream(request) {
    for (let count = 0; count < request.count; count++) yield { text: request.text, count };
  },
  async clientStream(requests) {
    let count = 0;
    let text = "";
    for await (const request of requests) {
      count += 1;
      text += request.text;
    }
    return { count, text };
  },
  async *bidi(requests) {
    for await (const request of requests) yield { text: request.text, count: request.count };
  },
};

export interface Setup {
  readonly server: Server;
  readonly channel: Channel;
  readonly client: ProbeClient;
  readonly address: string;
  readonly port: number;
  /** What `onHandlerError` was told. */
  readonly reported: unknown[];
  /** What `onConnectionFailed` was told. */
  readonly failures: ConnectionFailure[];
}

export interface StartOptions {
  readonly server?: ServerOptions;
  readonly channel?: ChannelOptions;
  readonly listen?: ListenOptions;
  /** Where the server listens. */
  readonly address?: string;
  /** The time of the server and of the channel; that of the system if a test says nothing. */
  readonly serverClock?: Clock;
  readonly channelClock?: Clock;
}

/** Starts a server and a channel to it; both are closed when the test file is done, if they are not before. */
export async function start(handlers: Partial<ProbeHandlers> = {}, options: StartOptions = {}): Promise<Setup> {
  const { serverClock = systemClock, channelClock = systemClock } = options;
  const reported: unknown[] = [];
  const failures: ConnectionFailure[] = [];
  const server = new GrpcServer(platformWith(serverClock), {
    onHandlerError: (error) => reported.push(error),
    onConnectionFailed: (failure) => failures.push(failure),
    ...options.server,
  });
  server.add(Probe, { ...echo, ...handlers });
  const { address, port } = await server.listen(options.address ?? "127.0.0.1:0", options.listen);
  const channel = new GrpcChannel(platformWith(channelClock), address, options.channel ?? {});
  closeLater(async () => {
    await channel.close();
    await server.shutdown({ graceMs: 0 });
  });
  return { server, channel, client: createClient(Probe, channel), address, port, reported, failures };
}

/** Has something closed at the end of the test file; what came last is closed first. */
export function closeLater(close: () => Promise<void>): void {
  closers.push(close);
}

const closers: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Everything that an iterable gives. */
export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

/** Settles when the signal aborts, with its reason. */
export function aborted(signal: AbortSignal): Promise<unknown> {
  if (signal.aborted) return Promise.resolve(signal.reason);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason), { once: true }));
}

/** A turn of the event loop, for what happens at its end. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Runs turns of the event loop until nothing that `measure` counts has changed for `quietTurns` of them. */
export async function untilQuiet(measure: () => number, quietTurns = 200): Promise<number> {
  let last = measure();
  for (let quiet = 0; quiet < quietTurns; quiet++) {
    await turn();
    if (measure() !== last) {
      last = measure();
      quiet = 0;
    }
  }
  return last;
}

export type { CallOptions };
export { withResolvers as deferred };
