/** The gRPC of Python (on the C core) with a pool of threads, in a venv of its own below bench/.cache. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { requireToolchain, run } from "../../harness/command.js";
import { CACHE, PEER_SOURCES, PROTOS } from "../../harness/paths.js";
import { CALL_SCENARIOS, type Peer } from "../../harness/peer.js";

const SOURCE = `${PEER_SOURCES}grpcio/`;
const HOME = `${CACHE}grpcio/`;
const PYTHON = `${HOME}venv/bin/python`;
const GENERATED = `${HOME}gen`;
const INSTALLED = `${HOME}installed.txt`;

export const grpcio: Peer = {
  name: "grpcio",
  scenarios: CALL_SCENARIOS,
  async prepare() {
    await requireToolchain("python3", "--version");
    const requirements = await readFile(`${SOURCE}requirements.txt`, "utf8");
    await install(requirements);
    await mkdir(GENERATED, { recursive: true });
    const outputs = [`--python_out=${GENERATED}`, `--grpc_python_out=${GENERATED}`];
    await run(PYTHON, ["-m", "grpc_tools.protoc", "-I", PROTOS, ...outputs, "greeting.proto", "bench.proto"]);
    const env = { PYTHONPATH: GENERATED };
    return {
      name: "grpcio",
      version: /^grpcio==(.+)$/m.exec(requirements)?.[1] ?? "unknown",
      server: (port) => ({ file: PYTHON, args: [`${SOURCE}server.py`, String(port)], env }),
      client: (job) => ({ file: PYTHON, args: [`${SOURCE}client.py`, JSON.stringify(job)], env }),
    };
  },
};

/** Makes the venv, once for each content of requirements.txt. */
async function install(requirements: string): Promise<void> {
  if ((await readFile(INSTALLED, "utf8").catch(() => "")) === requirements) return;
  await run("python3", ["-m", "venv", "--clear", `${HOME}venv`]);
  await run(PYTHON, ["-m", "pip", "install", "--quiet", "--requirement", `${SOURCE}requirements.txt`]);
  await writeFile(INSTALLED, requirements);
}
