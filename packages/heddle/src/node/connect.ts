/** Connections of a client, by `node:net`: TCP and Unix sockets, plain or with TLS. A host's name is looked up by the system. */
import { Socket as NetSocket, connect as netConnect } from "node:net";
import { type Address, formatAddress, formatHostPort } from "../core/address.js";
import type { ClientTls, ConnectHandler } from "../transport/platform.js";
import { NodeClientTls } from "./client-tls.js";
import { NodeSocket } from "./node-socket.js";
import { unixPathFault } from "./unix-path.js";

/** Connects to an address; see `Platform.connect`. */
export function connect(address: Address, handler: ConnectHandler, tls: ClientTls | undefined): () => void {
  const socket = open(address);
  let pending = true;
  const onFailed = (error: Error): void => {
    if (!pending) return;
    pending = false;
    handler.onFailed(error);
  };
  const onConnected = (connected: NodeSocket): void => {
    if (!pending) return;
    pending = false;
    handler.onConnected(connected);
  };
  socket.on("error", onFailed);
  socket.once("connect", () => {
    const peerAddress = peerAddressOf(socket, address);
    if (tls === undefined) onConnected(new NodeSocket(socket, peerAddress));
    else NodeClientTls.of(tls).secure(socket, peerAddress, { onConnected, onFailed });
  });
  return () => {
    pending = false;
    socket.destroy();
  };
}

function open(address: Address): NetSocket {
  if (address.kind === "tcp") return netConnect({ host: address.host, port: address.port, noDelay: true });
  const fault = unixPathFault(address.path);
  return fault === undefined ? netConnect({ path: address.path }) : new NetSocket().destroy(fault);
}

function peerAddressOf(socket: NetSocket, target: Address): string {
  if (target.kind === "unix") return formatAddress(target);
  return formatHostPort(socket.remoteAddress ?? "unknown", socket.remotePort ?? 0);
}
