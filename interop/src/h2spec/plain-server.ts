/** A plain HTTP/2 server made of the engine: it answers every request with a few octets soon after the request has ended. */
import { once } from "node:events";
import net, { type AddressInfo, type Socket } from "node:net";
import { Connection, HeaderList, type Stream } from "@heddle/http2";
import { PlainSink, sendBody } from "./plain-sink.js";

const BODY = "an answer\n";
const RESPONSE = HeaderList.template([":status", "200", "content-type", "text/plain"]);

/** So that what h2spec sends right after a request meets a stream that is half-closed, and not closed. */
const ANSWER_AFTER_MS = 20;

/** The largest request of h2spec has header fields of some 8300 octets. */
const OPTIONS = { maxHeaderListBytes: 16_384 };

class ServerSink extends PlainSink {
  onEnd(stream: Stream<undefined>): void {
    setTimeout(() => {
      if (!this.connection.canSendHeaders(stream)) return;
      this.connection.sendHeaders(stream, RESPONSE, false);
      sendBody(this.connection, stream, BODY);
    }, ANSWER_AFTER_MS);
  }
}

export interface PlainServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Listens on a free port of this machine. */
export async function startPlainServer(): Promise<PlainServer> {
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    const sink = new ServerSink(socket);
    sink.start(new Connection<undefined>("server", sink, OPTIONS));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  };
  return { port: (server.address() as AddressInfo).port, close };
}
