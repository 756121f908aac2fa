/** A payload of 1 MiB sent and sent back, client and server of the same stack in two processes. */
import { runClient } from "../harness/client-load.js";
import { ECHO_BYTES } from "../harness/messages.js";
import type { Options } from "../harness/options.js";
import type { PreparedPeer } from "../harness/peer.js";
import { cpuSecondsOf, residentMibOf } from "../harness/process-usage.js";
import type { Sample, Scenario } from "../harness/scenario.js";
import { type RunningServer, withServer } from "../harness/server-process.js";
import { verifyServer } from "../harness/verify.js";

const IN_FLIGHT = 4;
const BYTES_PER_MB = 1e6;

async function measure(peer: PreparedPeer, options: Options, server: RunningServer): Promise<Sample> {
  let cpuBefore = 0;
  const result = await runClient(
    peer,
    options.otherCore,
    {
      port: server.port,
      call: "echo",
      inFlight: IN_FLIGHT,
      warmupMs: options.warmupSeconds * 1e3,
      measureMs: options.seconds * 1e3,
      calls: options.requests,
    },
    async () => {
      cpuBefore = await cpuSecondsOf(server.pid);
    },
  );
  const serverCpuSeconds = (await cpuSecondsOf(server.pid)) - cpuBefore;
  return {
    megabytesPerSecond: (result.calls * ECHO_BYTES) / BYTES_PER_MB / result.seconds,
    serverCpuMs: (serverCpuSeconds / result.calls) * 1e3,
    clientCpuMs: (result.cpuSeconds / result.calls) * 1e3,
    serverBusyPercent: (serverCpuSeconds / result.seconds) * 100,
    clientBusyPercent: (result.cpuSeconds / result.seconds) * 100,
    residentMib: await residentMibOf(server.pid),
  };
}

export const echo: Scenario = {
  name: "echo",
  sections: [
    {
      key: "echo",
      title: `echo: 1 MiB there and back, ${IN_FLIGHT} calls in flight, client and server of the same stack`,
      metrics: [
        {
          key: "megabytesPerSecond",
          header: "MB/s each way",
          digits: 0,
          compare: { better: "more", header: "heddle ÷ peer" },
        },
        {
          key: "serverCpuMs",
          header: "server CPU ms/call",
          digits: 2,
          compare: { better: "less", header: "peer ÷ heddle" },
        },
        {
          key: "clientCpuMs",
          header: "client CPU ms/call",
          digits: 2,
          compare: { better: "less", header: "peer ÷ heddle" },
        },
        { key: "serverBusyPercent", header: "server CPU %", digits: 0 },
        { key: "clientBusyPercent", header: "client CPU %", digits: 0 },
        { key: "residentMib", header: "server RSS MiB", digits: 0 },
      ],
    },
  ],
  measure: (peer, options) =>
    withServer(peer, options.measuredCore, async (server) => {
      await verifyServer(server.port, "echo");
      return { echo: await measure(peer, options, server) };
    }),
};
