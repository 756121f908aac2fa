/** The server of each stack under server-streaming calls of 1,000 small messages each, loaded by h2load. */
import { requireH2load } from "../harness/h2load.js";
import { answerBytes, STREAM_LENGTH, streamText } from "../harness/messages.js";
import type { Scenario } from "../harness/scenario.js";
import { type LoadShape, loadServer, serverMetrics } from "../harness/server-load.js";
import { withServer } from "../harness/server-process.js";
import { verifyServer } from "../harness/verify.js";

const shape: LoadShape = {
  path: "/bench.Bench/Stream",
  // The empty message: a count that is not set means 1,000.
  message: new Uint8Array(0),
  answerBytes: answerBytes(Array.from({ length: STREAM_LENGTH }, (_, index) => streamText(index))),
  connections: 10,
  streams: 4,
};

export const streaming: Scenario = {
  name: "streaming",
  sections: [
    {
      key: "streaming",
      title: `streaming: ${STREAM_LENGTH} small messages per call, 10 connections × 4 streams`,
      metrics: serverMetrics("message"),
      busyFloorPercent: 90,
    },
  ],
  prepare: requireH2load,
  measure: (peer, options) =>
    withServer(peer, options.measuredCore, async (server) => {
      await verifyServer(server.port, "stream");
      return { streaming: await loadServer(server, shape, options, STREAM_LENGTH) };
    }),
};
