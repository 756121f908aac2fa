/** Measures a server under h2load: what it did, and what CPU time it took for it, over the same interval. */
import { type Load, runLoad, warmUp } from "./h2load.js";
import type { Options } from "./options.js";
import { cpuSecondsOf, residentMibOf } from "./process-usage.js";
import type { Metric, Sample } from "./scenario.js";
import type { RunningServer } from "./server-process.js";

/** The columns of a scenario whose server is measured; `unit` is what is counted, in the singular. */
export function serverMetrics(unit: string): readonly Metric[] {
  return [
    { key: "perSecond", header: `${unit}s/s`, digits: 0, compare: { better: "more", header: "heddle ÷ peer" } },
    { key: "cpuMicros", header: `CPU µs/${unit}`, digits: 2, compare: { better: "less", header: "peer ÷ heddle" } },
    { key: "perCpuSecond", header: `${unit}s/CPU s`, digits: 0 },
    { key: "busyPercent", header: "CPU %", digits: 0 },
    { key: "residentMib", header: "RSS MiB", digits: 0 },
  ];
}

/** A load before its server is known. */
export type LoadShape = Omit<Load, "core" | "port">;

/**
 * Warms the server up, then loads it by a fixed number of requests, so that none is cut off by the end of the run and
 * every request's CPU time is counted. The number comes from the warm-up's pace. `unitsPerRequest` is what the sample
 * counts in: 1 for requests, 1,000 where each request is answered by 1,000 messages.
 */
export async function loadServer(
  server: RunningServer,
  shape: LoadShape,
  options: Options,
  unitsPerRequest = 1,
): Promise<Sample> {
  const load = { ...shape, core: options.otherCore, port: server.port };
  const pace = await warmUp(load, options.warmupSeconds);
  const inFlight = load.connections * load.streams;
  const requests = options.requests || Math.ceil(Math.max(pace * options.seconds, 2 * inFlight) / inFlight) * inFlight;
  const cpuBefore = await cpuSecondsOf(server.pid);
  const seconds = requests / (await runLoad(load, requests));
  const cpuSeconds = (await cpuSecondsOf(server.pid)) - cpuBefore;
  const units = requests * unitsPerRequest;
  return {
    perSecond: units / seconds,
    cpuMicros: (cpuSeconds / units) * 1e6,
    perCpuSecond: units / cpuSeconds,
    busyPercent: (cpuSeconds / seconds) * 100,
    residentMib: await residentMibOf(server.pid),
  };
}
