/** A peer's server, started fresh on a free port and stopped again. */
import { once } from "node:events";
import net from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { PreparedPeer } from "./peer.js";
import { startPinned } from "./pinned-process.js";

const START_LIMIT_MS = 15_000;
const POLL_MS = 20;

/** A server that listens. */
export interface RunningServer {
  readonly port: number;
  readonly pid: number;
}

/** Starts the peer's server on `core`, runs `use` against it and stops it. An error of `use` gets the server's last words. */
export async function withServer<T>(
  peer: PreparedPeer,
  core: number,
  use: (server: RunningServer) => Promise<T>,
): Promise<T> {
  const port = await freePort();
  const server = startPinned(core, peer.server(port));
  server.child.stdout.resume();
  try {
    const early = server.ended.then((code) => {
      throw new Error(`the server of ${peer.name} ended with code ${code} while it was in use`);
    });
    await Promise.race([early, untilListening(port, peer.name)]);
    return await Promise.race([early, use({ port, pid: server.child.pid ?? 0 })]);
  } catch (error) {
    const words = server.stderr();
    throw words === ""
      ? error
      : new Error(`${message(error)}; its standard error ended with:\n${words}`, { cause: error });
  } finally {
    await server.stop();
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as net.AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

async function untilListening(port: number, name: string): Promise<void> {
  const giveUpAt = performance.now() + START_LIMIT_MS;
  while (performance.now() < giveUpAt) {
    if (await accepts(port)) return;
    await delay(POLL_MS);
  }
  throw new Error(`the server of ${name} did not listen on 127.0.0.1:${port} within ${START_LIMIT_MS} ms`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
