/** This engine as a client of Node's own HTTP/2 server (nghttp2), over real sockets. */
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

/** A call: its body leaves as there is room, and it is done when its stream is closed. */
interface Call {
  readonly parts: Buffer[];
  readonly trailers: HeaderList | undefined;
  readonly done: () => void;
}

class Client {
  readonly sink = new RecordingSink();
  readonly connection: Connection<Context>;

  constructor(socket: net.Socket, options: ConnectionOptions) {
    const connection = new Connection<Context>("client", this.sink, options);
    this.connection = connection;
    this.sink.react = {
      onData: (stream, _chunk, start, end) => connection.consume(stream, end - start),
      onRoom: (stream) => this.#send(stream),
      onClosed: (stream) => (stream.context as Call).done(),
    };
    driveSocket(socket, connection, this.sink);
  }

  /** Starts a call. Gives its stream at once, and the end as a promise. */
  call(parts: Buffer[], trailers?: HeaderList): { stream: Stream<Context>; closed: Promise<void> } {
    let done = (): void => {};
    const closed = new Promise<void>((resolve) => {
      done = resolve;
    });
    const call: Call = { parts: [...parts], trailers, done };
    const stream = this.connection.openStream(call);
    this.connection.sendHeaders(
      stream,
      HeaderList.of(
        ":method",
        "POST",
        ":scheme",
        "http",
        ":path",
        "/echo",
        ":authority",
        "test",
        "x-n",
        String(stream.id),
      ),
      false,
    );
    this.#send(stream);
    return { stream, closed };
  }

  #send(stream: Stream<Context>): void {
    const call = stream.context as Call;
    while (this.connection.canSend(stream)) {
      const part = call.parts.shift();
      if (part === undefined) this.connection.end(stream, call.trailers);
      else if (!sendData(this.connection, stream, part)) return;
    }
  }
}

type OnStream = (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void;

/** Sends back what it gets, with trailers. */
const echo: OnStream = (stream) => {
  stream.on("error", () => {
    // The client has reset it.
  });
  stream.respond({ ":status": 200 }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "x-trailer": "done" }));
  stream.pipe(stream);
};

/** Node's server with this behaviour and one client on it; both are gone when `use` has run. */
async function withServer(
  options: ConnectionOptions,
  settings: http2.Settings,
  onStream: OnStream,
  use: (client: Client, session: http2.ServerHttp2Session) => Promise<void>,
): Promise<void> {
  const server = http2.createServer({ settings });
  server.on("stream", onStream);
  server.on("sessionError", () => {
    // The assertions below tell.
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const sessions = once(server, "session") as Promise<[http2.ServerHttp2Session]>;
  const socket = net.connect((server.address() as AddressInfo).port, "127.0.0.1");
  try {
    await once(socket, "connect");
    const client = new Client(socket, options);
    const [session] = await sessions;
    await use(client, session);
    assert.equal(client.connection.fatal, undefined);
    assert.equal(client.connection.openStreams, 0);
  } finally {
    const closed = once(socket, "close");
    socket.destroy();
    await closed;
    server.close();
  }
}

function logTail(client: Client, stream: Stream<Context>): string[] {
  const id = stream.id;
  return client.sink
    .logOf(id)
    .slice(-3)
    .map((line) => line.replaceAll(` ${id}`, ""));
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
    await withServer(options, settings, echo, async (client) => {
      const random = createRandom(11);
      const bodies = Array.from({ length: 6 }, (_, i) => createBody(i * 60_000 + 1, random));
      const calls = bodies.map((body) => client.call([body.subarray(0, 20_000), body.subarray(20_000)]));
      await Promise.all(calls.map((call) => call.closed));
      calls.forEach(({ stream }, i) => {
        assert.ok(client.sink.body(stream.id).equals(bodies[i] as Buffer), `body ${i}`);
        assert.deepEqual(logTail(client, stream), ["trailers x-trailer done", "end", "closed"]);
      });
    });
  });
}

test("hundreds of streams run at the same time, with trailers in both directions", async () => {
  const seen: string[] = [];
  const onStream: OnStream = (stream, headers) => {
    stream.on("trailers", (trailers) => seen.push(`${headers["x-n"]} ${trailers["x-client"]}`));
    echo(stream, headers);
  };
  await withServer({}, { maxConcurrentStreams: 1000 }, onStream, async (client) => {
    // The first call brings the server's SETTINGS.
    await client.call([Buffer.from("first")]).closed;
    const trailers = HeaderList.of("x-client", "trailer");
    const calls = Array.from({ length: 400 }, (_, i) => client.call([Buffer.from(`request ${i}`)], trailers));
    await Promise.all(calls.map((call) => call.closed));
    calls.forEach(({ stream }, i) => {
      assert.equal(client.sink.body(stream.id).toString(), `request ${i}`);
    });
    assert.deepEqual(
      seen,
      calls.map(({ stream }) => `${stream.id} trailer`),
    );
  });
});

test("streams that either side resets at random do not disturb the others", async () => {
  const seed = 31;
  const random = createRandom(seed);
  const onStream: OnStream = (stream, headers) => {
    echo(stream, headers);
    if (Number(headers["x-n"]) % 5 === 0)
      stream.once("data", () => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
  };
  await withServer({ streamWindowBytes: 5000 }, { initialWindowSize: 3000 }, onStream, async (client) => {
    await client.call([]).closed;
    const bodies = Array.from({ length: 150 }, () => createBody(1 + Math.floor(random() * 30_000), random));
    const calls = bodies.map((body) => client.call([body]));
    client.sink.react.onHeaders = (stream) => {
      if (stream.id % 3 === 0 && random() < 0.7) client.connection.reset(stream, 8, "at random");
    };
    for (const { stream } of calls) if (stream.id % 7 === 0) client.connection.reset(stream, 8, "at once");
    await Promise.all(calls.map((call) => call.closed));
    let inOrder = 0;
    calls.forEach(({ stream }, i) => {
      const body = bodies[i] as Buffer;
      const got = client.sink.body(stream.id);
      assert.ok(body.subarray(0, got.length).equals(got), `seed ${seed}, stream ${stream.id}`);
      if (!client.sink.logOf(stream.id).includes(`end ${stream.id}`)) return;
      inOrder += 1;
      assert.equal(got.length, body.length, `seed ${seed}, stream ${stream.id}`);
    });
    const codes = new Set(client.sink.errors.map((error) => `${error.code} ${error.initiator}`));
    assert.ok(codes.has("2 remote") && codes.has("8 user"), `${[...codes]}`);
    assert.ok(inOrder > 30, `${inOrder} calls ended in order`);
  });
});

test("a server that answers before the request's end stops the upload, and the connection goes on", async () => {
  const onStream: OnStream = (stream) => {
    stream.on("error", () => {
      // The request is not read.
    });
    stream.respond({ ":status": 413 }, { endStream: true });
    // Node 22 takes the headers back when the stream is closed before they have left, so a PING goes round first.
    stream.session?.ping(() => stream.close(http2.constants.NGHTTP2_NO_ERROR));
  };
  await withServer({}, {}, onStream, async (client) => {
    for (let i = 0; i < 3; i++) {
      const { stream, closed } = client.call([Buffer.alloc(1_000_000)]);
      await closed;
      assert.ok(client.sink.logOf(stream.id).includes(`end ${stream.id}`));
    }
  });
});

test("GOAWAY of Node's server lets the calls that run end", async () => {
  await withServer({}, {}, echo, async (client, session) => {
    await client.call([Buffer.from("first")]).closed;
    const answered = new Promise<void>((resolve) => {
      client.sink.react.onHeaders = () => resolve();
    });
    // Its end waits for the GOAWAY: the stream's window is too small for the body.
    const { stream, closed } = client.call([Buffer.alloc(65_536, 1)]);
    await answered;
    session.goaway(0, stream.id);
    await closed;
    assert.equal(client.sink.body(stream.id).length, 65_536);
    assert.ok(!client.connection.canOpenStream);
    assert.ok(client.sink.log.some((line) => line.startsWith(`goaway ${stream.id} NO_ERROR`)));
  });
});
