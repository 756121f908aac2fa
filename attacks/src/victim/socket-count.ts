/** Counts the TCP sockets of this process, those that do not keep it alive too. */
import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

/** Gives the number of open sockets, of those that are made from now on. */
export function installSocketCount(): () => number {
  const open = new Set<Socket>();
  const onSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  };
  subscribe("net.server.socket", onSocket);
  subscribe("net.client.socket", onSocket);
  return () => open.size;
}
