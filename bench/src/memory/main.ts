/**
 * What an idle connection and an idle stream cost a server: `npm run bench:memory -- [heddle] [grpc-js]`.
 *
 * The server runs in a process of its own, and is measured after collections. Streams are open calls whose request has not come.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describeMachine } from "../harness/machine.js";
import type { MemoryReport } from "./idle-server.js";
import { RawPeer } from "./raw-peer.js";

const CONNECTIONS = 10_000;
const STREAM_CONNECTIONS = 100;
const STREAMS_PER_CONNECTION = 1000;
/** Connections that are made at a time. */
const BATCH = 200;

interface Row {
  readonly name: string;
  readonly report: MemoryReport;
  /** How many things there are to divide by, and the state without them. */
  readonly per?: { readonly count: number; readonly without: MemoryReport };
}

async function connectMany(port: number, count: number): Promise<RawPeer[]> {
  const peers: RawPeer[] = [];
  while (peers.length < count) {
    peers.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(BATCH, count - peers.length) }, () => RawPeer.connect(port)),
      )),
    );
  }
  return peers;
}

async function measureServer(kind: string): Promise<Row[]> {
  const path = fileURLToPath(new URL("idle-server.js", import.meta.url));
  const server = fork(path, [kind], { execArgv: ["--expose-gc"] });
  const [port] = (await once(server, "message")) as [number];
  const measure = async (): Promise<MemoryReport> => {
    server.send("measure");
    return ((await once(server, "message")) as [MemoryReport])[0];
  };
  try {
    // What is compiled and pooled once belongs to no connection.
    for (const peer of await connectMany(port, 20)) {
      peer.openStreams(100);
      await peer.settle();
      peer.close();
    }
    const start = await measure();
    const idle = await connectMany(port, CONNECTIONS);
    const rows: Row[] = [{ name: "at the start", report: start }];
    rows.push({
      name: "10,000 idle connections",
      report: await measure(),
      per: { count: CONNECTIONS, without: start },
    });
    assertOpen(idle);
    for (const peer of idle) peer.close();
    rows.push({ name: "after they have closed", report: await measure() });
    rows.push(...(await measureStreams(port, measure)));
    return rows;
  } finally {
    server.kill();
  }
}

async function measureStreams(port: number, measure: () => Promise<MemoryReport>): Promise<Row[]> {
  const peers = await connectMany(port, STREAM_CONNECTIONS);
  const without = await measure();
  for (const peer of peers) peer.openStreams(STREAMS_PER_CONNECTION);
  await Promise.all(peers.map((peer) => peer.settle()));
  const count = STREAM_CONNECTIONS * STREAMS_PER_CONNECTION;
  const rows: Row[] = [{ name: "100,000 idle streams", report: await measure(), per: { count, without } }];
  for (const peer of peers) peer.resetStreams(STREAMS_PER_CONNECTION);
  await Promise.all(peers.map((peer) => peer.settle()));
  rows.push({ name: "after they were given up", report: await measure() });
  assertOpen(peers);
  for (const peer of peers) peer.close();
  rows.push({ name: "after all connections have closed", report: await measure() });
  return rows;
}

/** A server that has thrown peers out would look thrifty. */
function assertOpen(peers: readonly RawPeer[]): void {
  const lost = peers.filter((peer) => !peer.isOpen).length;
  if (lost > 0) throw new Error(`${lost} of ${peers.length} connections were closed by the server`);
}

const mib = (octets: number): string => (octets / 1_048_576).toFixed(1);

function render({ name, report, per }: Row): string {
  const each = (key: keyof MemoryReport): string =>
    per === undefined ? "" : ((report[key] - per.without[key]) / per.count).toFixed(0);
  const heapEach =
    per === undefined
      ? ""
      : ((report.heap + report.external - per.without.heap - per.without.external) / per.count).toFixed(0);
  return `| ${name} | ${mib(report.rss)} | ${mib(report.heap)} | ${mib(report.external)} | ${each("rss")} | ${heapEach} |`;
}

const { CPU, Node } = await describeMachine();
process.stdout.write(`${CPU}, Node ${Node}\n`);
for (const kind of process.argv.length > 2 ? process.argv.slice(2) : ["heddle", "grpc-js"]) {
  process.stdout.write(
    `\n## ${kind}\n\n| | RSS MiB | heap MiB | external MiB | octets of RSS each | octets of heap and external each |\n| --- | --: | --: | --: | --: | --: |\n`,
  );
  for (const row of await measureServer(kind)) process.stdout.write(`${render(row)}\n`);
}
