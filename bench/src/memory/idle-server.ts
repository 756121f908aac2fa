/** A server that tells, when its parent asks, how much memory it holds. Usage: idle-server.js heddle|grpc-js, with IPC and --expose-gc */
import { setTimeout as sleep } from "node:timers/promises";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { createServer } from "heddle";
import { Bench } from "../gen/bench_pb.js";
import { Bench as GrpcJsBench } from "../peers/grpc-js/definitions.js";

/** Octets of memory: resident, on the heap of JavaScript, and outside of it. */
export interface MemoryReport {
  readonly rss: number;
  readonly heap: number;
  readonly external: number;
}

async function startHeddle(): Promise<number> {
  const server = createServer().add(Bench, {
    async *stream() {},
    echo: ({ data }) => ({ data }),
  });
  return (await server.listen("127.0.0.1:0")).port;
}

function startGrpcJs(): Promise<number> {
  const server = new Server();
  server.addService(GrpcJsBench.service, { stream: () => {}, echo: () => {} });
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}

/** Several collections, with turns of the event loop in between: what is closed is let go in steps. */
async function measure(): Promise<MemoryReport> {
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.();
    await sleep(50);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed, external };
}

process.on("message", async () => process.send?.(await measure()));
process.on("disconnect", () => process.exit());
process.send?.(process.argv[2] === "grpc-js" ? await startGrpcJs() : await startHeddle());
