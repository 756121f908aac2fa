/**
 * Random conversations between two connections: what is sent arrives once, in order and complete, in whatever chunks and through
 * whatever windows; and when all is said, no stream is left on either side.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ConnectionOptions } from "../connection/options.js";
import { HeaderList } from "../hpack/header-list.js";
import type { Stream } from "../stream/stream.js";
import { REQUEST, RESPONSE, sendData, TRAILERS } from "../testing/engine.js";
import { type Cut, Pair } from "../testing/pair.js";

interface Side {
  readonly sizes: readonly number[];
  readonly end: "with data" | "trailers" | "bare";
  /** Resets the stream after so many messages; never if there are fewer. */
  readonly resetAfter: number;
}

const options: fc.Arbitrary<ConnectionOptions> = fc.record({
  streamWindowBytes: fc.constantFrom(20, 1000, 65_535, 300_000),
  connectionWindowBytes: fc.constantFrom(65_535, 100_000, 1 << 20),
  maxFrameBytes: fc.constantFrom(16_384, 20_000, 100_000),
  headerTableBytes: fc.constantFrom(0, 100, 4096),
});
const size = fc.oneof(
  { weight: 5, arbitrary: fc.nat(50) },
  { weight: 3, arbitrary: fc.nat(5000) },
  { weight: 1, arbitrary: fc.nat(100_000) },
);
const side: fc.Arbitrary<Side> = fc.record({
  sizes: fc.array(size, { maxLength: 5 }),
  end: fc.constantFrom("with data", "trailers", "bare"),
  resetAfter: fc.nat(30),
});
const story = fc.record({
  client: options,
  server: options,
  calls: fc.array(fc.tuple(side, side), { minLength: 1, maxLength: 8 }),
  chunks: fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 8 }),
  /** What happens next: octets move (0, 1), the client is blocked or not (2, 3), or one side goes on. */
  turns: fc.array(fc.nat(9), { minLength: 20, maxLength: 200, size: "max" }),
});

interface Plot {
  readonly client: ConnectionOptions;
  readonly server: ConnectionOptions;
  readonly calls: readonly (readonly [request: Side, answer: Side])[];
  readonly chunks: readonly number[];
}

type Connection = Pair["client"];

/** One direction of one call. */
class Sender {
  readonly stream: Stream<unknown>;
  readonly #connection: Connection;
  readonly #side: Side;
  readonly #parts: Buffer[] = [];
  #next = 0;
  #waits = false;
  #ended = false;

  constructor(connection: Connection, stream: Stream<unknown>, side: Side) {
    this.#connection = connection;
    this.stream = stream;
    this.#side = side;
  }

  get isDone(): boolean {
    return this.#ended || this.stream.isClosed;
  }

  /** Everything that was given to the engine. */
  get body(): Buffer {
    return Buffer.concat(this.#parts);
  }

  onRoom(): void {
    assert.ok(this.#waits, `room on stream ${this.stream.id} for nobody`);
    this.#waits = false;
  }

  /** Sends the next message, or the end, or the reset; nothing while it waits for room. */
  step(): void {
    if (this.isDone || this.#waits) return;
    const { sizes, end, resetAfter } = this.#side;
    if (this.#next === resetAfter) {
      this.#connection.reset(this.stream, 8, "as the story says");
      return;
    }
    if (this.#next === sizes.length) {
      this.#ended = true;
      if (end === "trailers") this.#connection.end(this.stream, HeaderList.of(...TRAILERS));
      else this.#connection.end(this.stream, undefined);
      return;
    }
    const message = Buffer.alloc(sizes[this.#next] as number);
    for (let i = 0; i < message.length; i++) message[i] = (i * 7 + this.#next * 31 + this.stream.id) & 0xff;
    this.#next += 1;
    this.#parts.push(message);
    const last = this.#next === sizes.length && end === "with data" && resetAfter !== this.#next;
    this.#ended = last;
    this.#waits = !sendData(this.#connection, this.stream, message, last);
  }
}

class Conversation {
  readonly pair: Pair;
  readonly fromClient = new Map<number, Sender>();
  readonly fromServer = new Map<number, Sender>();
  readonly #answers: readonly Side[];

  constructor({ client, server, calls, chunks }: Plot) {
    let next = 0;
    const cut: Cut = (octets) => {
      const parts: Buffer[] = [];
      for (let at = 0; at < octets.length; ) {
        const bytes = chunks[next++ % chunks.length] as number;
        parts.push(octets.subarray(at, at + bytes));
        at += bytes;
      }
      return parts;
    };
    this.pair = new Pair({ client, server, toClient: cut, toServer: cut });
    this.#answers = calls.map(([, answer]) => answer);
    this.#listen();
    this.pair.settle();
    for (const [request] of calls) {
      const stream = this.pair.client.openStream(undefined);
      this.pair.client.sendHeaders(stream, HeaderList.of(...REQUEST), false);
      this.fromClient.set(stream.id, new Sender(this.pair.client, stream, request));
    }
  }

  #listen(): void {
    const { client, server, clientSink, serverSink } = this.pair;
    clientSink.react.onData = (stream, _chunk, start, end) => client.consume(stream, end - start);
    serverSink.react.onData = (stream, _chunk, start, end) => server.consume(stream, end - start);
    clientSink.react.onRoom = (stream) => this.fromClient.get(stream.id)?.onRoom();
    serverSink.react.onRoom = (stream) => this.fromServer.get(stream.id)?.onRoom();
    serverSink.react.onHeaders = (stream) => {
      server.sendHeaders(stream, HeaderList.of(...RESPONSE), false);
      const answer = this.#answers[(stream.id - 1) / 2] as Side;
      this.fromServer.set(stream.id, new Sender(server, stream, answer));
    };
  }

  turn(what: number): void {
    if (what === 0) this.pair.clientToServer();
    else if (what === 1) this.pair.serverToClient();
    else if (what === 2) this.pair.client.setBlocked(true);
    else if (what === 3) this.pair.client.setBlocked(false);
    else for (const sender of (what % 2 === 0 ? this.fromClient : this.fromServer).values()) sender.step();
    this.#checkWindows();
  }

  finish(): void {
    this.pair.client.setBlocked(false);
    for (let i = 0; i < 20; i++) {
      for (const sender of [...this.fromClient.values(), ...this.fromServer.values()]) sender.step();
      this.pair.settle();
      this.#checkWindows();
    }
  }

  /** The peers' SETTINGS never change, so nothing makes a window negative. */
  #checkWindows(): void {
    for (const sender of [...this.fromClient.values(), ...this.fromServer.values()]) {
      assert.ok(sender.stream.sendWindow >= 0, `window of stream ${sender.stream.id}: ${sender.stream.sendWindow}`);
    }
  }
}

test("every octet of every conversation arrives in order, once, and both sides end without a stream", () => {
  fc.assert(
    fc.property(story, (plot) => {
      const conversation = new Conversation(plot);
      const { pair, fromClient, fromServer } = conversation;
      for (const what of plot.turns) conversation.turn(what);
      conversation.finish();
      assert.equal(pair.client.fatal ?? pair.server.fatal, undefined);
      assert.equal(pair.client.openStreams, 0, "the client's streams");
      assert.equal(pair.server.openStreams, 0, "the server's streams");
      for (const [senders, sink] of [
        [fromClient, pair.serverSink],
        [fromServer, pair.clientSink],
      ] as const) {
        for (const [id, sender] of senders) {
          const got = sink.body(id);
          const ended = sink.logOf(id).includes(`end ${id}`);
          assert.ok(sender.body.subarray(0, got.length).equals(got), `stream ${id}: what arrived is what was sent`);
          if (ended)
            assert.equal(got.length, sender.body.length, `stream ${id}: an orderly end comes after everything`);
          assert.equal(sink.logOf(id).at(-1), `closed ${id}`);
        }
      }
    }),
    { numRuns: 150 },
  );
});
