/** The gRPC of Go, on one processor (GOMAXPROCS=1), as its own server and client programs. */
import { readFile } from "node:fs/promises";
import { requireToolchain, run } from "../../harness/command.js";
import { CACHE, PEER_SOURCES } from "../../harness/paths.js";
import { CALL_SCENARIOS, type Peer } from "../../harness/peer.js";

const SOURCE = `${PEER_SOURCES}grpc-go`;
const BINARIES = `${CACHE}grpc-go/`;
const env = { GOMAXPROCS: "1" };

export const grpcGo: Peer = {
  name: "grpc-go",
  scenarios: CALL_SCENARIOS,
  async prepare() {
    await requireToolchain("go", "version");
    await run("go", ["build", "-o", BINARIES, "./server", "./client"], { cwd: SOURCE });
    const [, version = "unknown"] =
      /google\.golang\.org\/grpc v(\S+)/.exec(await readFile(`${SOURCE}/go.mod`, "utf8")) ?? [];
    return {
      name: "grpc-go",
      version,
      server: (port) => ({ file: `${BINARIES}server`, args: [String(port)], env }),
      client: (job) => ({ file: `${BINARIES}client`, args: [JSON.stringify(job)], env }),
    };
  },
};
