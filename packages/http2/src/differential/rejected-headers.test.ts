/**
 * Header lists that are rejected, in the middle of many that are not, in both directions and by either side. A rejected block has been
 * decoded all the same, so that the tables stay in step: what comes later would come out wrong, or end the connection, if not.
 * RFC 9113 section 4.3, RFC 7541 section 2.2.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import http2, {
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import net, { type AddressInfo, type Socket } from "node:net";
import { after, test } from "node:test";
import { Connection } from "../connection/connection.js";
import type { ConnectionOptions, Role } from "../connection/options.js";
import type { HeaderList } from "../hpack/header-list.js";
import type { Stream } from "../stream/stream.js";
import { type Context, RecordingSink } from "../testing/recording-sink.js";
import { Dice } from "./testing/dice.js";
import { EngineDriver } from "./testing/drive-engine.js";
import { createFields, type Fields, listOf, objectOf } from "./testing/fields.js";
import { SEED } from "./testing/seed.js";

const EXCHANGES = 400;
/** What either side accepts. The fields of these tests need less, but for one that is longer than all of it. */
const MAX_HEADER_LIST_BYTES = 8192;
const TOO_LONG = "l".repeat(9000);

/** What is wrong with one of the two header lists of an exchange. */
type Fault = "none" | "oversized" | "malformed";

interface Exchange {
  readonly request: Fields;
  readonly response: Fields;
  readonly requestFault: Fault;
  readonly responseFault: Fault;
}

const dice = new Dice(SEED);

function createExchanges(): Exchange[] {
  const fault = () => (dice.chance(0.3) ? dice.pick<Fault>(["oversized", "malformed"]) : "none");
  return Array.from({ length: EXCHANGES }, () => {
    const requestFault = fault();
    const responseFault = requestFault === "none" ? fault() : "none";
    return { request: shortFields(), response: shortFields(), requestFault, responseFault };
  });
}

function shortFields(): Fields {
  for (;;) {
    const fields = createFields(dice);
    if (!fields.flat.includes("x-long")) return fields;
  }
}

/** The engine does not check what it is given. */
function faultyList(pseudo: readonly string[], fields: Fields, fault: Fault): HeaderList {
  const extra = { none: [], oversized: ["x-too-long", TOO_LONG], malformed: ["X-Upper-Case", "1"] }[fault];
  return listOf(pseudo, { flat: [...fields.flat, ...extra, "x-last", fault], sensitive: fields.sensitive });
}

/** node:http2 lets a wrong content-length pass: there is no body. */
function faultyObject(pseudo: Record<string, string | number>, fields: Fields, fault: Fault) {
  const extra = { none: [], oversized: ["x-too-long", TOO_LONG], malformed: ["content-length", "5"] }[fault];
  return objectOf(pseudo, { flat: [...fields.flat, ...extra, "x-last", fault], sensitive: fields.sensitive });
}

function regular(flat: readonly string[]): string[] {
  return flat.filter((_, at) => !(flat[at - (at % 2)] as string).startsWith(":"));
}

const OPTIONS: ConnectionOptions = { maxHeaderListBytes: MAX_HEADER_LIST_BYTES };
const SETTINGS = { settings: { maxHeaderListSize: MAX_HEADER_LIST_BYTES } };

function drive(role: Role, socket: Socket): { connection: Connection<Context>; sink: RecordingSink } {
  const sink = new RecordingSink();
  const connection = new Connection<Context>(role, sink, OPTIONS);
  const driver = new EngineDriver(socket, connection, new Dice(dice.seed()));
  sink.react.onOutput = () => driver.onOutput();
  sink.react.onOutputFull = () => driver.flush();
  sink.react.onDue = (dueMs) => driver.onDue(dueMs);
  sink.react.onFatal = () => driver.onFatal();
  driver.start();
  return { connection, sink };
}

/** How nghttp2's client sees an exchange end: the fields of the response, or the code of a reset. */
function outcomeOf(
  session: ClientHttp2Session,
  { request, requestFault }: Exchange,
  index: number,
): Promise<string[] | number> {
  const stream = session.request(faultyObject({ ":method": "POST", ":path": `/${index}` }, request, requestFault), {
    endStream: true,
  });
  let fields: string[] = [];
  stream.on("response", (...event: unknown[]) => {
    fields = regular(event[2] as string[]);
  });
  stream.on("error", () => {
    // The code tells.
  });
  stream.resume();
  return new Promise((resolve) => stream.on("close", () => resolve(stream.rstCode === 0 ? fields : stream.rstCode)));
}

test(`nghttp2's client and the engine's server reject header lists of each other (HEDDLE_SEED=${SEED})`, async () => {
  const exchanges = createExchanges();
  const listener = net.createServer();
  after(() => listener.close());
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const connected = once(listener, "connection") as Promise<[Socket]>;
  const session = http2.connect(`http://localhost:${(listener.address() as AddressInfo).port}`, SETTINGS);
  const [socket] = await connected;
  const { connection, sink } = drive("server", socket);
  // nghttp2's limit holds when it is acknowledged.
  await once(session, "localSettings");
  const received = new Map<number, readonly string[]>();
  sink.react.onHeaders = (_stream, headers) => {
    received.set(Number(headers.get(":path")?.slice(1)), regular(headers.fields));
  };
  sink.react.onEnd = (stream) => {
    const index = [...received.keys()].at(-1) as number;
    const { response, responseFault } = exchanges[index] as Exchange;
    connection.sendHeaders(stream, faultyList([":status", "200"], response, responseFault), true);
  };
  for (let at = 0; at < EXCHANGES; at += 20) {
    const batch = exchanges.slice(at, at + 20);
    const outcomes = await Promise.all(batch.map((exchange, i) => outcomeOf(session, exchange, at + i)));
    batch.forEach((exchange, i) => {
      const { request, response, requestFault, responseFault } = exchange;
      const about = `exchange ${at + i}: ${requestFault} request, ${responseFault} response`;
      if (requestFault === "none") assert.deepEqual(received.get(at + i), [...request.flat, "x-last", "none"], about);
      else assert.ok(!received.has(at + i), about);
      if (requestFault === "oversized") assert.equal(outcomes[i], 11, about);
      else if (requestFault === "malformed") assert.equal(outcomes[i], 1, about);
      else if (responseFault === "none") assert.deepEqual(outcomes[i], [...response.flat, "x-last", "none"], about);
      else assert.equal(typeof outcomes[i], "number", about);
    });
  }
  assert.equal(connection.fatal, undefined);
  assert.equal(connection.openStreams, 0);
  const closed = once(socket, "close");
  session.close();
  await closed;
});

test(`the engine's client and nghttp2's server reject header lists of each other (HEDDLE_SEED=${SEED})`, async () => {
  const exchanges = createExchanges();
  const received = new Map<number, readonly string[]>();
  const listener = http2.createServer(SETTINGS);
  after(() => listener.close());
  listener.on("stream", (...event: unknown[]) => {
    const [stream, headers] = event as [ServerHttp2Stream, IncomingHttpHeaders];
    const index = Number(headers[":path"]?.slice(1));
    received.set(index, regular(event[3] as string[]));
    const { response, responseFault } = exchanges[index] as Exchange;
    stream.on("error", () => {
      // The client has rejected it.
    });
    stream.respond(faultyObject({ ":status": 200 }, response, responseFault), {
      endStream: true,
      sendDate: false,
    } as object);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const opened = once(listener, "session") as Promise<[ServerHttp2Session]>;
  const socket = net.connect((listener.address() as AddressInfo).port, "127.0.0.1");
  const [[session]] = await Promise.all([opened, once(socket, "connect")]);
  const { connection, sink } = drive("client", socket);
  await once(session, "localSettings");
  const answers = new Map<Stream<Context>, readonly string[]>();
  sink.react.onHeaders = (stream, headers) => answers.set(stream, regular(headers.fields));
  for (let at = 0; at < EXCHANGES; at += 20) {
    const batch = exchanges.slice(at, at + 20);
    const closed = batch.map(({ request, requestFault }, i) => {
      const pseudo = [":method", "POST", ":scheme", "http", ":path", `/${at + i}`, ":authority", "localhost"];
      return new Promise<Stream<Context>>((resolve) => {
        const stream = connection.openStream(resolve);
        connection.sendHeaders(stream, faultyList(pseudo, request, requestFault), true);
      });
    });
    sink.react.onClosed = (stream) => (stream.context as (closed: Stream<Context>) => void)(stream);
    const streams = await Promise.all(closed);
    batch.forEach((exchange, i) => {
      const { request, response, requestFault, responseFault } = exchange;
      const about = `exchange ${at + i}: ${requestFault} request, ${responseFault} response`;
      const stream = streams[i] as Stream<Context>;
      if (requestFault === "none") assert.deepEqual(received.get(at + i), [...request.flat, "x-last", "none"], about);
      else assert.ok(!received.has(at + i), about);
      const log = sink.logOf(stream.id).filter((line) => line.startsWith("reset"));
      if (requestFault !== "none") assert.match(log.join(), /remote/, about);
      else if (responseFault === "oversized") assert.match(log.join(), /ENHANCE_YOUR_CALM stream library/, about);
      else if (responseFault === "malformed") assert.match(log.join(), /PROTOCOL_ERROR stream library/, about);
      else assert.deepEqual([answers.get(stream), log], [[...response.flat, "x-last", "none"], []], about);
    });
  }
  assert.equal(connection.fatal, undefined);
  assert.equal(connection.openStreams, 0);
  const closed = once(socket, "close");
  connection.close(0, "done");
  await closed;
});
