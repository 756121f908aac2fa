/** Ports of a server, by `node:net`: TCP and Unix sockets, plain or with TLS. */
import { type AddressInfo, createServer, type Server as NetServer, type Socket as NetSocket } from "node:net";
import { type Address, formatAddress, formatHostPort } from "../core/address.js";
import type { Clock } from "../core/clock.js";
import type { Listener, ListenTls, OnSocket } from "../transport/platform.js";
import { NodeSocket } from "./node-socket.js";
import { NodeServerTls } from "./server-tls.js";
import { TlsAcceptor } from "./tls-acceptor.js";
import { removeStaleSocket, unixPathFault } from "./unix-path.js";

/** How many connections may wait to be accepted; the system may have a lower limit of its own. */
const BACKLOG = 1024;

/** Listens on an address; see `Platform.listen`. An empty host means every interface. */
export async function listen(
  clock: Clock,
  address: Address,
  onSocket: OnSocket,
  listenTls: ListenTls | undefined,
): Promise<Listener> {
  const tls = listenTls === undefined ? undefined : NodeServerTls.from(listenTls.tls);
  if (address.kind === "unix") {
    const fault = unixPathFault(address.path);
    if (fault !== undefined) throw fault;
    await removeStaleSocket(address.path);
  }
  const acceptor =
    listenTls === undefined || tls === undefined ? undefined : new TlsAcceptor(clock, tls, listenTls, onSocket);
  const server = createServer({ noDelay: true }, (socket) => {
    const peerAddress = peerAddressOf(socket, address);
    if (acceptor === undefined) onSocket(new NodeSocket(socket, peerAddress));
    else acceptor.accept(socket, peerAddress);
  });
  await bind(server, address);
  const release = tls?.use(clock);
  return {
    address: boundAddress(server, address),
    close: async () => {
      release?.();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      acceptor?.close();
      await closed;
    },
  };
}

function bind(server: NetServer, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(bindOptions(address), () => {
      server.off("error", reject);
      // An error of accept (too many open files) passes; the server goes on.
      server.on("error", () => {});
      resolve();
    });
  });
}

function bindOptions(address: Address): { path: string } | { port: number; backlog: number; host?: string } {
  if (address.kind === "unix") return { path: address.path, backlog: BACKLOG };
  const { host, port } = address;
  return host === "" ? { port, backlog: BACKLOG } : { port, backlog: BACKLOG, host };
}

function boundAddress(server: NetServer, wanted: Address): Address {
  if (wanted.kind === "unix") return wanted;
  const { address, port } = server.address() as AddressInfo;
  return { kind: "tcp", host: address, port };
}

/** The other end of a Unix socket has no name, so it goes by that of this one. */
function peerAddressOf(socket: NetSocket, listening: Address): string {
  if (listening.kind === "unix") return formatAddress(listening);
  return formatHostPort(socket.remoteAddress ?? "unknown", socket.remotePort ?? 0);
}
