/**
 * Joins a connection to a real socket, in the simplest way that keeps the engine's contract: it writes once per turn and whenever a
 * segment is full, holds DATA back while the socket is congested, and gives a segment back when its octets have been written.
 */
import type { Socket } from "node:net";
import { setImmediate } from "node:timers";
import type { Connection } from "../connection/connection.js";
import { connectionError, ErrorCode } from "../error.js";
import type { Context, RecordingSink } from "./recording-sink.js";

/** Starts the connection. The sink's reactions to output and to the fatal error are taken. */
export function driveSocket(socket: Socket, connection: Connection<Context>, sink: RecordingSink): void {
  let scheduled = false;
  const flush = (): void => {
    if (socket.destroyed || socket.writableEnded) return;
    const out = connection.out;
    for (let bytes = out.takeableBytes(); bytes > 0; bytes = out.takeableBytes()) {
      const segment = out.take();
      if (!socket.write(segment.subarray(0, bytes), () => out.recycle(segment))) connection.setBlocked(true);
    }
  };
  sink.react.onOutputFull = flush;
  sink.react.onOutput = () => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      flush();
    });
  };
  sink.react.onFatal = () => {
    flush();
    socket.end();
  };
  socket.on("data", (chunk: Buffer) => connection.receive(chunk));
  socket.on("drain", () => connection.setBlocked(false));
  socket.on("error", () => {
    // "close" follows.
  });
  socket.on("close", () => connection.abort(connectionError(ErrorCode.CANCEL, "remote", "the socket was closed")));
  connection.start();
}
