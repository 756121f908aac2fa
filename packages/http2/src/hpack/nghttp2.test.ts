/** Long stories of requests and responses between this package's codec and nghttp2's, which is inside node:http2. */
import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import net, { type AddressInfo } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { SEED } from "../differential/testing/seed.js";
import { createRandom } from "../testing/random.js";
import { HeaderList } from "./header-list.js";
import { RawPeer } from "./testing/raw-peer.js";

/** All of them share one context in each direction. */
const EXCHANGES = 3000;
/** So many exchanges run at a time. */
const BATCH = 10;

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

const random = createRandom(SEED);
const seed = (): number => Math.floor(random() * 0x7fff_ffff);

/** A story: a pool of messages from which each exchange takes one, mostly those at the beginning. */
function story(): Message[] {
  const pool = fc.sample(messages, { seed: seed(), numRuns: 300 });
  const picks = fc.sample(fc.oneof({ weight: 3, arbitrary: fc.nat(9) }, { weight: 1, arbitrary: fc.nat(299) }), {
    seed: seed(),
    numRuns: EXCHANGES,
  });
  return picks.map((i) => pool[i] as Message);
}

/**
 * The table sizes that one side announces before a batch, if any: one, or several without a header block between them, of which the
 * other side has to tell the smallest and the last. RFC 7541 section 4.2.
 */
function resizes(): number[] {
  const sizes = [0, 31, 32, 100, 256, 1000, 4095, 4096, 4097, 20_000, 65_536] as const;
  const size = (): number => sizes[Math.floor(random() * sizes.length)] as number;
  const chance = random();
  if (chance < 0.8) return [];
  return chance < 0.9 ? [size()] : [size(), size(), size()];
}

/** nghttp2 keeps to 4096 octets for its own blocks unless it is told that it may use more. */
const LARGE_TABLES = { maxDeflateDynamicTableSize: 65_536 };

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

/** Announces new table sizes on both sides, and waits for nothing: blocks by the old sizes are still under way. */
function resize(peer: RawPeer, session: http2.Http2Session): void {
  for (const bytes of resizes()) peer.announceTableSize(bytes);
  for (const headerTableSize of resizes()) session.settings({ headerTableSize });
}

function checkMarks(list: HeaderList, message: Message): void {
  const marked = sensitiveNames(list);
  for (const name of message.sensitive) assert.ok(marked.includes(name), `${name} is not marked`);
}

/** The numbers of the exchanges, in batches. */
function* batches(): Generator<number[]> {
  for (let first = 0; first < EXCHANGES; first += BATCH) yield Array.from({ length: BATCH }, (_, i) => first + i);
}

test(`nghttp2 as a client and this codec as a server understand each other (HEDDLE_SEED=${SEED})`, {
  timeout: 60_000,
}, async (t) => {
  const [requests, responses] = [story(), story()];
  const received: HeaderList[] = [];
  const server = net.createServer({ noDelay: true });
  t.after(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const connected = once(server, "connection") as Promise<[net.Socket]>;
  const session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, LARGE_TABLES);
  t.after(() => session.destroy());
  const [socket] = await connected;
  const peer = new RawPeer(socket, "server", (streamId, list) => {
    const exchange = (streamId - 1) / 2;
    received[exchange] = list;
    peer.sendHeaders(streamId, listOf(RESPONSE, responses[exchange] as Message));
  });
  for (const batch of batches()) {
    resize(peer, session);
    const streams = batch.map((i) => session.request(objectOf(REQUEST, requests[i] as Message), { endStream: true }));
    const raws = await Promise.all(streams.map(rawResponse));
    batch.forEach((exchange, i) => {
      const [sent, answered] = [requests[exchange] as Message, responses[exchange] as Message];
      const list = received[exchange] as HeaderList;
      assert.deepEqual(sorted(list.fields), sorted([...REQUEST, ...sent.fields]));
      checkMarks(list, sent);
      assert.deepEqual(raws[i], [...RESPONSE, ...answered.fields]);
    });
    for (const stream of streams) stream.resume();
  }
});

test(`this codec as a client and nghttp2 as a server understand each other (HEDDLE_SEED=${SEED})`, {
  timeout: 60_000,
}, async (t) => {
  const [requests, responses] = [story(), story()];
  const received: { readonly flat: readonly string[]; readonly sensitive: unknown }[] = [];
  const server = http2.createServer(LARGE_TABLES);
  t.after(() => server.close());
  server.on("stream", (...event: unknown[]) => {
    const [stream, headers, , flat] = event as [http2.ServerHttp2Stream, http2.IncomingHttpHeaders, number, string[]];
    const response = responses[received.length] as Message;
    received.push({ flat, sensitive: headers[http2.sensitiveHeaders as unknown as string] });
    const options = { endStream: true, sendDate: false } as http2.ServerStreamResponseOptions;
    stream.respond(objectOf(RESPONSE, response), options);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const opened = once(server, "session") as Promise<[http2.ServerHttp2Session]>;
  const socket = net.connect((server.address() as AddressInfo).port, "127.0.0.1").setNoDelay();
  t.after(() => socket.destroy());
  const answers = new Map<number, HeaderList>();
  let settle: () => void = () => {};
  const peer = new RawPeer(socket, "client", (streamId, list) => {
    answers.set((streamId - 1) / 2, list);
    if (answers.size % BATCH === 0) settle();
  });
  const [session] = await opened;
  for (const batch of batches()) {
    resize(peer, session);
    await new Promise<void>((resolve, reject) => {
      settle = resolve;
      socket.once("close", () => reject(new Error(`the connection closed within exchanges ${batch}`)));
      for (const i of batch) peer.sendHeaders(2 * i + 1, listOf(REQUEST, requests[i] as Message));
    });
    socket.removeAllListeners("close");
    for (const i of batch) {
      const [sent, answered] = [requests[i] as Message, responses[i] as Message];
      assert.deepEqual(received[i], { flat: [...REQUEST, ...sent.fields], sensitive: sent.sensitive });
      const list = answers.get(i) as HeaderList;
      assert.deepEqual(list.fields, [...RESPONSE, ...answered.fields]);
      checkMarks(list, answered);
    }
  }
});
