/** What tests hold in their hands: a network of their own, on which servers and channels meet by name. */
import { type Channel, type ChannelOptions, GrpcChannel } from "../client/channel.js";
import { type Clock, systemClock } from "../core/clock.js";
import { zlibCompressions } from "../node/zlib-compression.js";
import { GrpcServer, type Server, type ServerOptions } from "../server/server.js";
import { InMemoryPlatform } from "./in-memory-platform.js";

/** Options of an in-memory network; all of them are optional. */
export interface InMemoryNetworkOptions {
  /**
   * The time of all its servers and channels: deadlines and time-outs go by it. By default the time of the process; a `FakeClock`
   * goes on only when a test says so.
   */
  readonly clock?: Clock | undefined;
}

/**
 * Servers and channels in one process, without sockets, that are otherwise what `createServer` and `createChannel` make: the same
 * HTTP/2, deadlines, limits, backpressure and errors. Networks know nothing of each other, so tests can use the same
 * addresses side by side.
 */
export interface InMemoryNetwork {
  /**
   * Makes a server of this network. It listens on any `host:port`, as names only: `server.listen("greeter:50051")`. A host that
   * means every interface (`0.0.0.0`, `[::]` or none) takes the calls to every name with this port; port 0 takes a free one.
   */
  createServer(options?: ServerOptions): Server;
  /**
   * Makes a channel to a server of this network. If none listens on the target when a call connects, the call fails with
   * UNAVAILABLE; one that is started later is found by later calls.
   */
  createChannel(target: string, options?: ChannelOptions): Channel;
  /**
   * Breaks all connections, as a network does: what is on its way is lost, calls in flight fail with UNAVAILABLE, their handlers
   * are told by their signals, and the next call connects anew.
   */
  dropConnections(): void;
}

/** Makes a network with nobody on it. It needs no closing; servers and channels do, as always. */
export function createInMemoryNetwork(options: InMemoryNetworkOptions = {}): InMemoryNetwork {
  const platform = new InMemoryPlatform(options.clock ?? systemClock, zlibCompressions);
  return {
    createServer: (serverOptions = {}) => new GrpcServer(platform, serverOptions),
    createChannel: (target, channelOptions = {}) => new GrpcChannel(platform, target, channelOptions),
    dropConnections: () => platform.cutConnections("the in-memory network dropped its connections"),
  };
}
