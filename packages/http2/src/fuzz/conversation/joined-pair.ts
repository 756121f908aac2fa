/** Two engines of which each reads what the other has written, in chunks of a given size, with both directions watched. */
import type { Connection } from "../../connection/connection.js";
import { HeaderList } from "../../hpack/header-list.js";
import type { Stream } from "../../stream/stream.js";
import { REQUEST } from "../../testing/engine.js";
import { type Cut, chunksOf, Pair } from "../../testing/pair.js";
import type { Context } from "../../testing/recording-sink.js";
import { CallOrderSink } from "../testing/call-order-sink.js";
import { WireChecker } from "../testing/wire-checker.js";
import type { ConversationProgram } from "./program.js";

/** At most so many chunks at a time. */
const MAX_CHUNKS = 2000;

interface Watched {
  readonly sink: CallOrderSink;
  readonly checker: WireChecker;
  readonly unread: Map<Stream<Context>, number>;
}

export class JoinedPair {
  readonly #pair: Pair;
  readonly #client: Watched = watch("client");
  readonly #server: Watched = watch("server");

  constructor(program: ConversationProgram) {
    this.#pair = new Pair({
      client: program.client.connection,
      server: program.server.connection,
      clientSink: this.#client.sink,
      serverSink: this.#server.sink,
      toClient: passOn(this.#server, this.#client, program.chunkBytesToClient),
      toServer: passOn(this.#client, this.#server, program.chunkBytesToServer),
    });
    this.#listen(this.#client, this.client, program.client.consumesAtOnce);
    this.#listen(this.#server, this.server, program.server.consumesAtOnce);
  }

  get client(): Connection<Context> {
    return this.#pair.client;
  }

  get server(): Connection<Context> {
    return this.#pair.server;
  }

  get clientSink(): CallOrderSink {
    return this.#client.sink;
  }

  get serverSink(): CallOrderSink {
    return this.#server.sink;
  }

  toServer(): void {
    this.#pair.clientToServer();
  }

  toClient(): void {
    this.#pair.serverToClient();
  }

  settle(): void {
    this.#pair.settle();
  }

  /** A request without an end. Only when the client may. */
  openStream(): Stream<Context> {
    const stream = this.client.openStream(undefined);
    this.clientSink.opened(stream);
    this.client.sendHeaders(stream, HeaderList.of(...REQUEST), false);
    return stream;
  }

  /** Consumes everything that one side has received. Gives whether that was anything. */
  consume(side: "client" | "server"): boolean {
    const { unread } = side === "client" ? this.#client : this.#server;
    const streams = [...unread];
    unread.clear();
    for (const [stream, bytes] of streams) this[side].consume(stream, bytes);
    return streams.length > 0;
  }

  /** Exchanges and consumes until nothing is left. */
  settleAndConsume(): void {
    do this.settle();
    while ([this.consume("client"), this.consume("server")].includes(true));
  }

  #listen({ sink, unread }: Watched, connection: Connection<Context>, consumesAtOnce: boolean): void {
    sink.react.onData = (stream, _chunk, start, end) => {
      if (consumesAtOnce) connection.consume(stream, end - start);
      else unread.set(stream, (unread.get(stream) ?? 0) + end - start);
    };
  }

  /** Only after {@link settleAndConsume}. */
  checkNothingIsOwed(): void {
    this.#client.checker.checkNothingIsOwed();
    this.#server.checker.checkNothingIsOwed();
  }
}

function watch(role: "client" | "server"): Watched {
  const watched: Watched = { sink: new CallOrderSink(), checker: new WireChecker(role), unread: new Map() };
  watched.sink.onDelivered = (streamId, bytes) => watched.checker.granted.delivered(streamId, bytes);
  return watched;
}

/** What `from` has written, all of it, is shown to both checkers on its way. */
function passOn(from: Watched, to: Watched, chunkBytes: number): Cut {
  return (octets) => {
    from.checker.engineSent(octets);
    from.checker.settle();
    to.checker.peerSent(octets);
    return chunksOf(Math.max(chunkBytes, Math.ceil(octets.length / MAX_CHUNKS)))(octets);
  };
}
