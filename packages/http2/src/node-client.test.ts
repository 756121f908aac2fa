/** This engine as a server of Node's own HTTP/2 client (nghttp2), over real sockets. */
import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import net, { type AddressInfo } from "node:net";
import { test } from "node:test";
import { Connection } from "./connection/connection.js";
import type { ConnectionOptions } from "./connection/options.js";
import { HeaderList } from "./hpack/header-list.js";
import type { Stream } from "./stream/stream.js";
import { sendData } from "./testing/engine.js";
import { createBody, createRandom } from "./testing/random.js";
import { type Context, RecordingSink } from "./testing/recording-sink.js";
import { driveSocket } from "./testing/socket-driver.js";

const HEADERS = HeaderList.template([":status", "200", "content-type", "application/octet-stream"]);
const TRAILERS = HeaderList.template(["x-trailer", "done"]);

/** Sends back what it gets, with trailers. What the client may send depends on what it takes: credit waits for room. */
class EchoServer {
  readonly sink = new RecordingSink();
  readonly connection: Connection<Context>;
  readonly #owed = new Map<Stream<Context>, number>();

  constructor(socket: net.Socket, options: ConnectionOptions) {
    const connection = new Connection<Context>("server", this.sink, options);
    this.connection = connection;
    this.sink.react = {
      onHeaders: (stream) => connection.sendHeaders(stream, HEADERS, false),
      onData: (stream, chunk, start, end) => {
        if (sendData(connection, stream, chunk.subarray(start, end))) connection.consume(stream, end - start);
        else this.#owed.set(stream, (this.#owed.get(stream) ?? 0) + end - start);
      },
      onRoom: (stream) => {
        connection.consume(stream, this.#owed.get(stream) ?? 0);
        this.#owed.delete(stream);
      },
      onEnd: (stream) => {
        if (connection.canSend(stream)) connection.end(stream, TRAILERS);
      },
    };
    driveSocket(socket, connection, this.sink);
  }
}

/** One server connection and Node's client on it; both are gone when `use` has run. */
async function withClient(
  serverOptions: ConnectionOptions,
  clientSettings: http2.Settings,
  use: (client: http2.ClientHttp2Session, echo: EchoServer) => Promise<void>,
): Promise<void> {
  let echo: EchoServer | undefined;
  const server = net.createServer((socket) => {
    echo = new EchoServer(socket, serverOptions);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    settings: clientSettings,
  });
  try {
    await once(client, "remoteSettings");
    assert.ok(echo !== undefined);
    await use(client, echo);
    assert.equal(echo.connection.fatal, undefined);
    client.close();
    await once(client, "close");
    assert.equal(echo.connection.openStreams, 0);
  } finally {
    client.destroy();
    server.close();
  }
}

interface Answer {
  readonly body: Buffer;
  readonly trailer: string | undefined;
  /** The code of RST_STREAM; 0 when the stream ended in order. */
  readonly code: number;
}

/** Sends a request whose body is written in parts of these sizes, and collects the answer. */
function request(client: http2.ClientHttp2Session, parts: readonly Buffer[], trailers = false): Promise<Answer> {
  const stream = client.request(
    { ":method": "POST", ":path": "/echo" },
    { endStream: false, waitForTrailers: trailers },
  );
  if (trailers) stream.on("wantTrailers", () => stream.sendTrailers({ "x-client": "trailer" }));
  for (const part of parts) stream.write(part);
  stream.end();
  return collect(stream);
}

function collect(stream: http2.ClientHttp2Stream): Promise<Answer> {
  const chunks: Buffer[] = [];
  let trailer: string | undefined;
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("trailers", (fields) => {
    trailer = fields["x-trailer"] as string;
  });
  stream.on("error", () => {
    // The code tells.
  });
  return new Promise((resolve) => {
    stream.on("close", () => resolve({ body: Buffer.concat(chunks), trailer, code: stream.rstCode ?? 0 }));
  });
}

/** Cuts a body into parts of random sizes. */
function cut(body: Buffer, random: () => number): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const bytes = 1 + Math.floor(random() ** 4 * 100_000);
    parts.push(body.subarray(at, at + bytes));
    at += bytes;
  }
  return parts;
}

const windows = [
  { name: "the protocol's windows", options: {}, settings: {} },
  {
    name: "small windows",
    options: { streamWindowBytes: 1000, connectionWindowBytes: 65_535 },
    settings: { initialWindowSize: 777 },
  },
  {
    name: "large windows and frames",
    options: { streamWindowBytes: 1 << 20, connectionWindowBytes: 1 << 24, maxFrameBytes: 1 << 18 },
    settings: { initialWindowSize: 1 << 20, maxFrameSize: 1 << 17 },
  },
];

for (const { name, options, settings } of windows) {
  test(`large bodies go both ways at once through ${name}`, async () => {
    await withClient(options, settings, async (client) => {
      const random = createRandom(7);
      const bodies = Array.from({ length: 6 }, (_, i) => createBody(i * 60_000 + 1, random));
      const answers = await Promise.all(bodies.map((body) => request(client, cut(body, random))));
      answers.forEach((answer, i) => {
        assert.ok(answer.body.equals(bodies[i] as Buffer), `body ${i}`);
        assert.equal(answer.trailer, "done");
        assert.equal(answer.code, 0);
      });
    });
  });
}

test("hundreds of streams run at the same time, with trailers in both directions", async () => {
  await withClient({}, {}, async (client, echo) => {
    const bodies = Array.from({ length: 400 }, (_, i) => Buffer.from(`request ${i}`));
    const answers = await Promise.all(bodies.map((body, i) => request(client, [body], i % 2 === 0)));
    answers.forEach((answer, i) => {
      assert.deepEqual([answer.body, answer.trailer], [bodies[i], "done"]);
    });
    assert.equal(echo.sink.log.filter((line) => line.endsWith("x-client trailer")).length, 200);
  });
});

test("streams that either side resets at random do not disturb the others", async () => {
  const seed = 20;
  const random = createRandom(seed);
  await withClient({ streamWindowBytes: 5000 }, { initialWindowSize: 3000 }, async (client, echo) => {
    const onData = echo.sink.react.onData;
    echo.sink.react.onData = (stream, chunk, start, end) => {
      if (stream.id % 5 === 0 && random() < 0.3) echo.connection.reset(stream, 2, "at random");
      else onData?.(stream, chunk, start, end);
    };
    const bodies = Array.from({ length: 150 }, () => createBody(Math.floor(random() * 30_000), random));
    const answers = await Promise.all(
      bodies.map((body, i) => {
        if (i % 3 !== 0) return request(client, cut(body, random));
        const stream = client.request({ ":method": "POST", ":path": "/echo" }, { endStream: false });
        stream.write(body);
        const cancel = () => stream.close(http2.constants.NGHTTP2_CANCEL);
        if (random() < 0.5) stream.once("response", cancel);
        else cancel();
        return collect(stream);
      }),
    );
    answers.forEach((answer, i) => {
      if (i % 3 === 0) return;
      const body = bodies[i] as Buffer;
      assert.ok(body.subarray(0, answer.body.length).equals(answer.body), `seed ${seed}, body ${i}`);
      if (answer.code === 0) assert.equal(answer.body.length, body.length, `seed ${seed}, body ${i}`);
      else assert.equal(answer.code, 2, `seed ${seed}, body ${i}`);
    });
    assert.ok(
      answers.some((answer) => answer.code === 2),
      "the server has reset none",
    );
    assert.ok(
      answers.some((answer) => answer.code === 8),
      "the client has reset none",
    );
  });
});

test("an orderly leave lets the calls that run end, and Node's client sees its GOAWAY", async () => {
  await withClient({}, {}, async (client, echo) => {
    const stream = client.request({ ":method": "POST", ":path": "/echo" }, { endStream: false });
    const answer = collect(stream);
    await once(stream, "response");
    echo.connection.drain("restart");
    const [code, lastStreamId] = (await once(client, "goaway")) as [number, number];
    assert.deepEqual([code, lastStreamId], [0, 0x7fffffff]);
    stream.end("still answered");
    assert.equal((await answer).body.toString(), "still answered");
    assert.ok(echo.sink.log.includes("drained"));
  });
});
