import assert from "node:assert/strict";
import {
  createServer as createTcpServer,
  connect as nodeConnect,
  type Socket,
  type Server as TcpServer,
} from "node:net";
import { test } from "node:test";
import { GrpcChannel } from "../client/channel.js";
import { FakeClock } from "../core/fake-clock.js";
import { createChannel, createClient, createServer, type RpcError, StatusCode } from "../index.js";
import { nodePlatform } from "../node/node-platform.js";
import { Probe } from "./testing/gen/probe_pb.js";
import { closeLater, collect, deferred, echo, start, turn } from "./testing/probe.js";
import { frame, headersFrame } from "./testing/raw-client.js";

/** A TCP server that does with its connections what a test says. */
async function startTcp(onSocket: (socket: Socket) => void): Promise<{ address: string; server: TcpServer }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeLater(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const { port } = server.address() as { port: number };
  return { address: `127.0.0.1:${port}`, server };
}

function clientOf(address: string) {
  const channel = createChannel(address);
  closeLater(() => channel.close());
  return createClient(Probe, channel);
}

const SETTINGS = frame(4, 0, 0, []);

test("nobody listening is UNAVAILABLE at once, and says where and why", async () => {
  const { address, server } = await startTcp(() => {});
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await assert.rejects(clientOf(address).unary({}), (error: RpcError) => {
    assert.equal(error.code, StatusCode.UNAVAILABLE);
    assert.match(error.message, /could not connect to 127\.0\.0\.1:\d+: .*ECONNREFUSED/);
    return true;
  });
});

test("a server that restarts is found again by the next call", async () => {
  const first = createServer().add(Probe, echo);
  const { address } = await first.listen("127.0.0.1:0");
  const client = clientOf(address);
  assert.equal((await client.unary({ text: "1" })).text, "1");
  await first.shutdown();
  await assert.rejects(client.unary({}), { code: StatusCode.UNAVAILABLE });
  const second = createServer().add(Probe, echo);
  closeLater(() => second.shutdown());
  await second.listen(address);
  assert.equal((await client.unary({ text: "2" })).text, "2");
});

test("a connection that is lost fails its calls with UNAVAILABLE, and the next call connects anew", async () => {
  const sockets: Socket[] = [];
  let connections = 0;
  const { address: backend } = await start({
    unary: (request) => (request.text === "hang" ? new Promise(() => {}) : { text: request.text }),
    async *serverStream() {
      yield { count: 1 };
      await new Promise(() => {});
    },
  });
  const { address } = await startTcp((socket) => {
    connections += 1;
    const upstream = createTcpUpstream(backend, socket);
    sockets.push(socket, upstream);
  });
  const client = clientOf(address);
  const hanging = client.unary({ text: "hang" });
  const replies = client.serverStream({})[Symbol.asyncIterator]();
  assert.equal((await replies.next()).value?.count, 1);
  for (const socket of sockets) socket.resetAndDestroy();
  await assert.rejects(hanging, { code: StatusCode.UNAVAILABLE });
  await assert.rejects(replies.next(), { code: StatusCode.UNAVAILABLE });
  assert.equal((await client.unary({ text: "again" })).text, "again");
  assert.equal(connections, 2);
});

function createTcpUpstream(address: string, downstream: Socket): Socket {
  const [host, port] = address.split(":");
  const upstream = nodeConnect(Number(port), host as string);
  upstream.on("error", () => {});
  upstream.pipe(downstream);
  downstream.pipe(upstream);
  return upstream;
}

test("a server that accepts and stays silent is UNAVAILABLE after the connect time-out", async () => {
  const accepted = deferred();
  const { address } = await startTcp(() => accepted.resolve());
  const clock = new FakeClock();
  const channel = new GrpcChannel({ ...nodePlatform, clock }, address, { connectTimeoutMs: 5_000 });
  closeLater(() => channel.close());
  const call = createClient(Probe, channel).unary({});
  await accepted.promise;
  clock.advance(5_001);
  await assert.rejects(call, (error: RpcError) => {
    assert.equal(error.code, StatusCode.UNAVAILABLE);
    assert.match(error.message, /no HTTP\/2 connection to .* within 5000 ms/);
    return true;
  });
});

test("a server that does not speak HTTP/2 is UNAVAILABLE, and the message says so", async () => {
  const { address } = await startTcp((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await assert.rejects(clientOf(address).unary({}), { code: StatusCode.UNAVAILABLE });
});

test("a deadline ends a call that waits for a connection", async () => {
  const { address } = await startTcp(() => {});
  await assert.rejects(clientOf(address).unary({}, { timeoutMs: 20 }), (error: RpcError) => {
    assert.equal(error.code, StatusCode.DEADLINE_EXCEEDED);
    assert.match(error.message, /waited for a connection/);
    return true;
  });
});

test("GOAWAY lets calls in flight finish, and the next call goes to a new connection", async () => {
  let connections = 0;
  const { address } = await startTcp((socket) => {
    connections += 1;
    socket.write(SETTINGS);
    socket.once("data", () => {
      // The answer to stream 1, behind a GOAWAY that names it as the last one.
      socket.write(frame(7, 0, 0, [0, 0, 0, 1, 0, 0, 0, 0]));
      socket.write(headersFrame(1, { ":status": "200", "content-type": "application/grpc" }));
      socket.write(frame(0, 0, 1, [0, 0, 0, 0, 0]));
      socket.write(headersFrame(1, { "grpc-status": "0" }, true));
    });
  });
  const client = clientOf(address);
  await client.unary({});
  await client.unary({});
  assert.equal(connections, 2);
});

test("responses that break the rules have one defined error each", async () => {
  const head = (fields: Record<string, string> = {}) =>
    headersFrame(1, { ":status": "200", "content-type": "application/grpc", ...fields });
  const ok = headersFrame(1, { "grpc-status": "0" }, true);
  const empty = frame(0, 0, 1, [0, 0, 0, 0, 0]);
  const cases: [string, Buffer[], StatusCode, RegExp][] = [
    ["503", [headersFrame(1, { ":status": "503" }, true)], StatusCode.UNAVAILABLE, /HTTP status 503/],
    ["html", [headersFrame(1, { ":status": "200", "content-type": "text/html" })], StatusCode.UNKNOWN, /text\/html/],
    ["no status", [head(), empty, headersFrame(1, { x: "y" }, true)], StatusCode.UNKNOWN, /without a grpc-status/],
    ["no trailers", [head(), empty, frame(0, 1, 1, [])], StatusCode.UNKNOWN, /without a grpc-status/],
    ["bad status", [head(), headersFrame(1, { "grpc-status": "99" }, true)], StatusCode.UNKNOWN, /grpc-status "99"/],
    ["no message", [head(), ok], StatusCode.UNIMPLEMENTED, /sent no response/],
    ["two messages", [head(), empty, empty, ok], StatusCode.UNIMPLEMENTED, /second response/],
    [
      "half a message",
      [head(), frame(0, 0, 1, [0, 0, 0, 0, 9, 1]), ok],
      StatusCode.INTERNAL,
      /after 1 of the 9 octets/,
    ],
    ["undecodable", [head(), frame(0, 0, 1, [0, 0, 0, 0, 1, 255]), ok], StatusCode.INTERNAL, /could not be decoded/],
    [
      "NO_ERROR",
      [head(), empty, frame(3, 0, 1, [0, 0, 0, 0])],
      StatusCode.INTERNAL,
      /NO_ERROR before the response was complete/,
    ],
    ["CANCEL", [frame(3, 0, 1, [0, 0, 0, 8])], StatusCode.CANCELLED, /CANCEL/],
    ["REFUSED", [frame(3, 0, 1, [0, 0, 0, 7])], StatusCode.UNAVAILABLE, /REFUSED_STREAM/],
  ];
  for (const [name, frames, code, message] of cases) {
    const { address } = await startTcp((socket) => {
      socket.write(SETTINGS);
      socket.on("data", (chunk) => {
        // Whatever else comes, the request's DATA ends it.
        if (chunk.includes("heddle.probe.Probe")) socket.write(Buffer.concat(frames));
      });
    });
    await assert.rejects(clientOf(address).unary({}), (error: RpcError) => {
      assert.equal(error.code, code, name);
      assert.match(error.message, message, name);
      return true;
    });
  }
});

test("RST_STREAM(NO_ERROR) behind complete trailers is success", async () => {
  const { address } = await startTcp((socket) => {
    socket.write(SETTINGS);
    socket.on("data", (chunk) => {
      if (!chunk.includes("heddle.probe.Probe")) return;
      socket.write(
        Buffer.concat([
          headersFrame(1, { ":status": "200", "content-type": "application/grpc" }),
          frame(0, 0, 1, [0, 0, 0, 0, 0]),
          headersFrame(1, { "grpc-status": "0" }, true),
          frame(3, 0, 1, [0, 0, 0, 0]),
        ]),
      );
    });
  });
  await clientOf(address).unary({});
});

test("informational responses are skipped", async () => {
  const { address } = await startTcp((socket) => {
    socket.write(SETTINGS);
    socket.on("data", (chunk) => {
      if (!chunk.includes("heddle.probe.Probe")) return;
      socket.write(
        Buffer.concat([
          headersFrame(1, { ":status": "103", link: "</x>" }),
          headersFrame(1, { ":status": "200", "content-type": "application/grpc" }),
          frame(0, 0, 1, [0, 0, 0, 0, 0]),
          headersFrame(1, { "grpc-status": "0" }, true),
        ]),
      );
    });
  });
  await clientOf(address).unary({});
});

test("a channel can be closed at any time, twice, and refuses calls afterwards", async () => {
  const { address } = await startTcp(() => {});
  const channel = createChannel(address);
  const client = createClient(Probe, channel);
  const waiting = client.unary({});
  await turn();
  const closing = channel.close();
  await assert.rejects(waiting, { code: StatusCode.CANCELLED });
  await closing;
  await channel.close();
  await assert.rejects(client.unary({}), { code: StatusCode.CANCELLED });
  await assert.rejects(collect(client.serverStream({})), { code: StatusCode.CANCELLED });
});

test("targets are host:port, [ipv6]:port or dns:///…, and anything else says what is wrong", () => {
  for (const target of ["localhost:1", "[::1]:1", "dns:///localhost:1", "dns:localhost:1", "example.com"]) {
    assert.equal(createChannel(target).target, target);
  }
  for (const target of ["", ":1", "xds:///x", "host:port", "a:b:c", "http://localhost:1"]) {
    assert.throws(() => createChannel(target), TypeError, target);
  }
});
