/** Serves the probe on heddle. It prints "listening on <address>", and exits with 0 after a graceful shutdown. */
import { parseArgs } from "node:util";
import { createServer } from "heddle";
import { Probe } from "../gen/interop_probe_pb.js";
import { createProbeHandlers } from "./probe-handlers.js";

/** Longer than any case: a case that needs it has failed. */
const GRACE_MS = 60_000;

const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });

const server = createServer().add(Probe, createProbeHandlers(shutdown));
const { address } = await server.listen(`127.0.0.1:${values.port}`);
console.log(`listening on ${address}`);

function shutdown(): void {
  server.shutdown({ graceMs: GRACE_MS }).catch((error: unknown) => {
    console.error("the shutdown failed:", error);
    process.exitCode = 1;
  });
}
