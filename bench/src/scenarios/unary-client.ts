/** The client of each stack making small unary calls to one and the same fast server, that of grpc-go. */
import { type ClientResult, runClient } from "../harness/client-load.js";
import type { Options } from "../harness/options.js";
import type { PreparedPeer } from "../harness/peer.js";
import type { Metric, Sample, Scenario } from "../harness/scenario.js";
import { withServer } from "../harness/server-process.js";
import { Unavailable } from "../harness/unavailable.js";
import { grpcGo } from "../peers/grpc-go/peer.js";

const METRICS: readonly Metric[] = [
  { key: "perSecond", header: "calls/s", digits: 0, compare: { better: "more", header: "heddle ÷ peer" } },
  { key: "cpuMicros", header: "CPU µs/call", digits: 2, compare: { better: "less", header: "peer ÷ heddle" } },
  { key: "perCpuSecond", header: "calls/CPU s", digits: 0 },
  { key: "busyPercent", header: "CPU %", digits: 0 },
  { key: "p50Ms", header: "p50 ms", digits: 2 },
  { key: "p99Ms", header: "p99 ms", digits: 2 },
];

let fastServer: PreparedPeer | undefined;

async function measure(peer: PreparedPeer, options: Options, inFlight: number): Promise<Sample> {
  if (fastServer === undefined) throw new Error("the scenario was not prepared");
  return withServer(fastServer, options.otherCore, async ({ port }) => {
    const result = await runClient(peer, options.measuredCore, {
      port,
      call: "sayHello",
      inFlight,
      warmupMs: options.warmupSeconds * 1e3,
      measureMs: options.seconds * 1e3,
      calls: options.requests,
    });
    return toSample(result);
  });
}

function toSample({ calls, seconds, cpuSeconds, p50Ms, p99Ms }: ClientResult): Sample {
  return {
    perSecond: calls / seconds,
    cpuMicros: (cpuSeconds / calls) * 1e6,
    perCpuSecond: calls / cpuSeconds,
    busyPercent: (cpuSeconds / seconds) * 100,
    ...(p50Ms === undefined ? {} : { p50Ms }),
    ...(p99Ms === undefined ? {} : { p99Ms }),
  };
}

export const unaryClient: Scenario = {
  name: "unary-client",
  sections: [
    {
      key: "busy",
      title: "unary-client: SayHello, 100 calls in flight, against the grpc-go server",
      metrics: METRICS,
      busyFloorPercent: 90,
    },
    {
      key: "single",
      title: "unary-client: SayHello, one call in flight, against the grpc-go server",
      metrics: METRICS,
    },
  ],
  async prepare() {
    fastServer = await grpcGo.prepare().catch((error: unknown) => {
      throw error instanceof Unavailable ? new Unavailable(`its server is grpc-go's: ${error.message}`) : error;
    });
  },
  measure: async (peer, options) => ({
    busy: await measure(peer, options, 100),
    single: await measure(peer, options, 1),
  }),
};
