/**
 * Load by h2load, the load generator of nghttp2: an HTTP/2 client that owes nothing to any of the peers.
 *
 * It knows nothing of gRPC and ignores trailers, so the answers are checked in two ways: every peer has been called by a
 * gRPC client before, and after each load the bytes in DATA frames must be exactly those of that many right answers.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { versionOf } from "./command.js";
import { readReport } from "./h2load-report.js";
import { CACHE } from "./paths.js";
import { startPinned } from "./pinned-process.js";
import { Unavailable } from "./unavailable.js";

// A connection on which nothing happens for this long is closed; its requests then count as failed.
const STUCK_SECONDS = 30;

/** One run of h2load. */
export interface Load {
  readonly core: number;
  readonly port: number;
  readonly path: string;
  /** The request's message, without its prefix of five bytes. */
  readonly message: Uint8Array;
  /** Bytes in the DATA frames of one right answer, the prefixes of its messages included. */
  readonly answerBytes: number;
  readonly connections: number;
  readonly streams: number;
}

/** Throws `Unavailable` when h2load is missing. */
export async function requireH2load(): Promise<void> {
  if ((await h2loadVersion()) === undefined) {
    throw new Unavailable("`h2load` was not found on the PATH: on Debian and Ubuntu, apt-get install nghttp2-client");
  }
}

/** The name and version of the load generator. */
export function h2loadVersion(): Promise<string | undefined> {
  return versionOf("h2load", "--version");
}

/** Loads a server for about this long and tells how many requests per second it answered. Its answers are not counted. */
export async function warmUp(load: Load, seconds: number): Promise<number> {
  return readReport(await runH2load(load, ["-D", String(seconds)])).perSecond;
}

/** Makes `requests` requests, checks that each of them was answered rightly, and tells how many there were per second. */
export async function runLoad(load: Load, requests: number): Promise<number> {
  const report = await runH2load(load, ["-n", String(requests)]);
  const { succeeded, dataBytes, perSecond } = readReport(report);
  if (succeeded !== requests) {
    throw new Error(`only ${succeeded} of ${requests} requests were answered by 2xx:\n${report}`);
  }
  if (dataBytes !== requests * load.answerBytes) {
    throw new Error(
      `${requests} right answers are ${requests * load.answerBytes} bytes of DATA, but ${dataBytes} came`,
    );
  }
  return perSecond;
}

async function runH2load(load: Load, amount: readonly string[]): Promise<string> {
  const process = startPinned(load.core, {
    file: "h2load",
    args: [
      ...amount,
      ...["-N", String(STUCK_SECONDS)],
      ...["-c", String(load.connections), "-m", String(load.streams), "-t", "1"],
      ...["-d", await writeBody(load.message), "-H", "te: trailers", "-H", "content-type: application/grpc"],
      `http://127.0.0.1:${load.port}${load.path}`,
    ],
  });
  let report = "";
  process.child.stdout.setEncoding("utf8").on("data", (text: string) => {
    report += text;
  });
  const code = await process.ended;
  if (code !== 0) throw new Error(`h2load ended with code ${code}: ${process.stderr() || report}`);
  return report;
}

async function writeBody(message: Uint8Array): Promise<string> {
  const body = Buffer.alloc(5 + message.length);
  body.writeUInt32BE(message.length, 1);
  body.set(message, 5);
  await mkdir(CACHE, { recursive: true });
  const file = `${CACHE}request-body.bin`;
  await writeFile(file, body);
  return file;
}
