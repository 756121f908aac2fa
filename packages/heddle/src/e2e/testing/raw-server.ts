/** A server that writes octets by hand: each request gets the frames that a test has written down, whatever else it asks. */
import { createServer, type Socket } from "node:net";
import { closeLater } from "./probe.js";
import { frame, headersFrame } from "./raw-client.js";

/** The header block of a gRPC response. */
export function responseHead(streamId: number, fields: Readonly<Record<string, string>> = {}): Buffer {
  return headersFrame(streamId, { ":status": "200", "content-type": "application/grpc", ...fields });
}

/** Trailers with a status, and the end of the stream. */
export function trailers(streamId: number, status: string, fields: Readonly<Record<string, string>> = {}): Buffer {
  return headersFrame(streamId, { "grpc-status": status, ...fields }, true);
}

/** DATA with whole messages. */
export function dataFrame(streamId: number, ...messages: (readonly number[])[]): Buffer {
  return frame(
    0,
    0,
    streamId,
    messages.flatMap((message) => [0, 0, 0, 0, message.length, ...message]),
  );
}

export function resetFrame(streamId: number, code: number): Buffer {
  return frame(3, 0, streamId, [0, 0, 0, code]);
}

export interface RawServer {
  readonly address: string;
  /** Frames that came in, by their type. */
  count(type: number): number;
}

/**
 * Starts a server that answers each request by `respond`, when its HEADERS are there. `settings` are pairs of an identifier and a
 * value.
 */
export async function startRawServer(
  respond: (streamId: number) => readonly Buffer[],
  settings: readonly (readonly [id: number, value: number])[] = [],
): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const counts = new Map<number, number>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.write(settingsFrame(settings));
    let rest: Buffer = Buffer.alloc(0);
    let preface = 24;
    socket.on("data", (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      if (rest.length < preface) return;
      rest = rest.subarray(preface);
      preface = 0;
      while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
        const type = rest[3] as number;
        counts.set(type, (counts.get(type) ?? 0) + 1);
        if (type === 1) socket.write(Buffer.concat([...respond(rest.readUInt32BE(5))]));
        rest = rest.subarray(9 + rest.readUIntBE(0, 3));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeLater(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const { port } = server.address() as { port: number };
  return { address: `127.0.0.1:${port}`, count: (type) => counts.get(type) ?? 0 };
}

/** A SETTINGS frame. */
export function settingsFrame(settings: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(settings.length * 6);
  for (const [index, [id, value]] of settings.entries()) {
    payload.writeUInt16BE(id, index * 6);
    payload.writeUInt32BE(value, index * 6 + 2);
  }
  return frame(4, 0, 0, payload);
}
