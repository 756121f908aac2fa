/** The server of each stack under small unary calls, loaded by h2load. */
import { requireH2load } from "../harness/h2load.js";
import { answerBytes, GREETING, NAME, textMessage } from "../harness/messages.js";
import type { Scenario } from "../harness/scenario.js";
import { type LoadShape, loadServer, serverMetrics } from "../harness/server-load.js";
import { withServer } from "../harness/server-process.js";
import { verifyServer } from "../harness/verify.js";

const call = {
  path: "/greeting.Greeter/SayHello",
  message: textMessage(NAME),
  answerBytes: answerBytes([GREETING]),
};
const busy: LoadShape = { ...call, connections: 10, streams: 20 };
const single: LoadShape = { ...call, connections: 1, streams: 1 };

const notes = {
  ceiling:
    "no ceiling under this load. It caches only header blocks made of indexed fields, and h2load never indexes `:path`,\n" +
    "so it decodes HPACK for every request. Do not read the comparison with it as heddle's distance from the possible.",
};

export const unaryServer: Scenario = {
  name: "unary-server",
  sections: [
    {
      key: "busy",
      title: "unary-server: SayHello, 10 connections × 20 streams",
      metrics: serverMetrics("request"),
      busyFloorPercent: 90,
      notes,
    },
    // With one call in flight somebody is always waiting: no row is marked.
    {
      key: "single",
      title: "unary-server: SayHello, one call in flight",
      metrics: serverMetrics("request"),
      notes,
    },
  ],
  prepare: requireH2load,
  measure: (peer, options) =>
    withServer(peer, options.measuredCore, async (server) => {
      await verifyServer(server.port, "sayHello");
      return { busy: await loadServer(server, busy, options), single: await loadServer(server, single, options) };
    }),
};
