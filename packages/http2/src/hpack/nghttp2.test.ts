/** Long stories of requests and responses between this package's codec and nghttp2's, which is inside node:http2. */
import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import net, { type AddressInfo } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { HeaderList } from "./header-list.js";
import { RawPeer } from "./testing/raw-peer.js";

const EXCHANGES = 400;

const token = fc.string({
  unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789-_."),
  minLength: 1,
  maxLength: 12,
});
const text = (maxLength: number) =>
  fc.string({
    unit: fc.oneof(
      {
        weight: 20,
        arbitrary: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 /.,:;-_+=*"),
      },
      // All other octets that nghttp2 lets pass, most of which have long codes.
      {
        weight: 1,
        arbitrary: fc
          .integer({ min: 0x21, max: 0xff })
          .filter((c) => c !== 0x7f)
          .map((c) => String.fromCharCode(c)),
      },
    ),
    maxLength,
    size: "max",
  });

/** Fields after the pseudo-headers. Some come often, some once; some are long, some are sensitive. */
const field = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.constantFrom(
      ["content-type", "application/grpc"],
      ["te", "trailers"],
      ["user-agent", "heddle/0.1.0"],
      ["grpc-accept-encoding", "gzip,identity"],
      ["x-tenant", "a"],
      ["x-tenant", "b"],
      ["x-region", "eu-central-1"],
      ["accept-language", ""],
      ["x-token", "0123456789abcdef".repeat(8)],
    ),
  },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom("grpc-timeout", "x-request-id", "etag"), text(40)) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      token.map((name) => `x-${name}`),
      text(200),
    ),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom("x-large"), text(3000)) },
);

interface Message {
  readonly fields: readonly string[];
  readonly sensitive: readonly string[];
}

const messages = fc.tuple(fc.uniqueArray(field, { selector: ([name]) => name, maxLength: 9 }), fc.nat(40)).map(
  ([fields, sensitive]): Message => ({
    // nghttp2 strips white space at the ends.
    fields: fields.flatMap(([name, value]) => [name as string, (value as string).trim()]),
    sensitive: fields.slice(sensitive, sensitive + 1).map(([name]) => name as string),
  }),
);

/** A story: a pool of messages from which each exchange takes one, mostly those at the beginning. */
function story(seed: number): Message[] {
  const pool = fc.sample(messages, { seed, numRuns: 120 });
  const picks = fc.sample(fc.oneof({ weight: 3, arbitrary: fc.nat(9) }, { weight: 1, arbitrary: fc.nat(119) }), {
    seed: seed + 1,
    numRuns: EXCHANGES,
  });
  return picks.map((i) => pool[i] as Message);
}

function listOf(pseudo: readonly string[], message: Message): HeaderList {
  const fields = [...pseudo, ...message.fields];
  const sensitive = message.sensitive.map((name) => fields.indexOf(name)).sort((a, b) => a - b);
  return new HeaderList(fields, sensitive.length > 0 ? sensitive : undefined);
}

/** What node:http2 takes for a message. */
function objectOf(pseudo: readonly string[], message: Message): http2.OutgoingHttpHeaders {
  const all = [...pseudo, ...message.fields];
  const entries = all.flatMap((name, i) => (i % 2 === 0 ? [[name, all[i + 1] as string]] : []));
  return { ...Object.fromEntries(entries), [http2.sensitiveHeaders as unknown as string]: [...message.sensitive] };
}

function sensitiveNames(list: HeaderList): string[] {
  return (list.sensitive ?? []).map((position) => list.fields[position] as string);
}

/** The fields in an order that does not matter: node:http2 has its own for pseudo-headers. */
function sorted(fields: readonly string[]): string[] {
  return fields.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${fields[i + 1]}`] : [])).sort();
}

/** Resolves with the response's fields in the order in which they came. */
function rawResponse(request: http2.ClientHttp2Stream): Promise<string[]> {
  return new Promise((resolve, reject) => {
    request.once("response", (...args: unknown[]) => resolve(args[2] as string[]));
    request.once("error", reject);
    request.once("close", () => reject(new Error(`no response came; code ${request.rstCode}`)));
  });
}

const REQUEST = [":method", "POST", ":scheme", "http", ":path", "/pkg.Service/Method", ":authority", "localhost"];
const RESPONSE = [":status", "200"];

/** Table sizes that come into force before some exchanges: `[exchange, nghttp2's decoder, our decoder]`. */
const RESIZES: ReadonlyArray<readonly [number, number, number]> = [
  [50, 256, 8192],
  [100, 0, 512],
  [150, 4096, 0],
  [200, 1000, 4096],
  [250, 65_536, 100],
  [300, 100, 65_536],
];

test("nghttp2 as a client and this codec as a server understand each other", { timeout: 60_000 }, async (t) => {
  const [requests, responses] = [story(1), story(2)];
  const received: HeaderList[] = [];
  let peer: RawPeer | undefined;
  const server = net.createServer((socket) => {
    peer = new RawPeer(socket, "server", (streamId, list) => {
      const response = responses[received.length] as Message;
      received.push(list);
      peer?.sendHeaders(streamId, listOf(RESPONSE, response));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  t.after(() => session.destroy());
  await once(session, "remoteSettings");
  for (let i = 0; i < EXCHANGES; i++) {
    const resize = RESIZES.find(([exchange]) => exchange === i);
    if (resize !== undefined) {
      peer?.announceTableSize(resize[2]);
      session.settings({ headerTableSize: resize[1] });
      await Promise.all([once(session, "localSettings"), once(session, "remoteSettings")]);
    }
    const request = session.request(objectOf(REQUEST, requests[i] as Message), { endStream: true });
    const raw = await rawResponse(request);
    assert.deepEqual(sorted(raw), sorted([...RESPONSE, ...(responses[i] as Message).fields]));
    request.resume();
    await once(request, "close");
    const list = received[i] as HeaderList;
    assert.deepEqual(sorted(list.fields), sorted([...REQUEST, ...(requests[i] as Message).fields]));
    const marked = sensitiveNames(list);
    for (const name of (requests[i] as Message).sensitive) assert.ok(marked.includes(name), `${name} is not marked`);
  }
});

test("this codec as a client and nghttp2 as a server understand each other", { timeout: 60_000 }, async (t) => {
  const [requests, responses] = [story(3), story(4)];
  const received: string[][] = [];
  const sensitive: unknown[] = [];
  let session: http2.ServerHttp2Session | undefined;
  const server = http2.createServer();
  server.on("session", (opened) => {
    session = opened;
  });
  server.on(
    "stream",
    (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders, _flags: number, raw: readonly string[]) => {
      const response = responses[received.length] as Message;
      received.push([...raw]);
      sensitive.push(headers[http2.sensitiveHeaders as unknown as string]);
      stream.respond(objectOf(RESPONSE, response), {
        endStream: true,
        sendDate: false,
      } as http2.ServerStreamResponseOptions);
    },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const socket = net.connect((server.address() as AddressInfo).port, "127.0.0.1");
  t.after(() => socket.destroy());
  let settle: (list: HeaderList) => void = () => assert.fail("nobody waits for a response");
  const peer = new RawPeer(socket, "client", (_streamId, list) => settle(list));
  for (let i = 0; i < EXCHANGES; i++) {
    const resize = RESIZES.find(([exchange]) => exchange === i);
    if (resize !== undefined && session !== undefined) {
      peer.announceTableSize(resize[2]);
      session.settings({ headerTableSize: resize[1] });
      await Promise.all([once(session, "localSettings"), once(session, "remoteSettings")]);
    }
    const response = await new Promise<HeaderList>((resolve, reject) => {
      settle = resolve;
      socket.once("close", () => reject(new Error(`the connection closed at exchange ${i}`)));
      peer.sendHeaders(2 * i + 1, listOf(REQUEST, requests[i] as Message));
    });
    socket.removeAllListeners("close");
    const [sent, expected] = [requests[i] as Message, responses[i] as Message];
    assert.deepEqual(received[i], [...REQUEST, ...sent.fields]);
    assert.deepEqual(sensitive[i], sent.sensitive);
    assert.deepEqual(sorted(response.fields), sorted([...RESPONSE, ...expected.fields]));
    for (const name of expected.sensitive) assert.ok(sensitiveNames(response).includes(name), `${name} is not marked`);
  }
});
