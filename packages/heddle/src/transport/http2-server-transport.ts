/** One connection of a server: the engine's sink, which turns streams into calls. */
import {
  Connection,
  ErrorCode,
  type HeaderList,
  type Http2Error,
  type Limits,
  type Sink,
  type Stream,
} from "@heddle/http2";
import type { Clock } from "../core/clock.js";
import type { ConnectionFailure } from "../core/connection-failure.js";
import type { Peer } from "../core/server-call.js";
import type { Compressions } from "../wire/compressions.js";
import { RequestHead } from "../wire/request-headers.js";
import type { AbandonedHandlers } from "./abandoned-handlers.js";
import { Driver } from "./driver.js";
import { HandlerTurns } from "./handler-turns.js";
import { Http2ServerStream } from "./http2-server-stream.js";
import type { Acceptor } from "./server-stream.js";
import type { Socket } from "./socket.js";

export interface ServerTransportOptions {
  readonly http2: Limits;
  /** Handlers that may run for one connection. */
  readonly maxConcurrentCalls: number;
  readonly receiveLimitBytes: number;
  readonly sendLimitBytes: number;
  readonly compressions: Compressions;
  readonly clock: Clock;
  readonly accept: Acceptor;
  /** The handlers of the server's lost connections. */
  readonly abandoned: AbandonedHandlers;
  /** The peer has failed at its HTTP/2 handshake; `onGone` follows. */
  readonly onFailed: (failure: ConnectionFailure) => void;
  /** The connection and its socket are gone. */
  readonly onGone: (transport: Http2ServerTransport) => void;
}

export class Http2ServerTransport implements Sink<Http2ServerStream> {
  readonly #connection: Connection<Http2ServerStream>;
  readonly #driver: Driver<Http2ServerStream>;
  readonly #options: ServerTransportOptions;
  readonly peer: Peer;
  readonly turns: HandlerTurns;
  /** Calls that have something to send, and wait until less is queued on the connection. */
  readonly #waitingForRoom = new Set<Http2ServerStream>();
  #drained = false;

  constructor(socket: Socket, options: ServerTransportOptions) {
    this.#options = options;
    this.turns = new HandlerTurns(options.maxConcurrentCalls, options.abandoned);
    this.peer = { address: socket.peerAddress, tls: socket.tls };
    this.#connection = new Connection<Http2ServerStream>("server", this, options.http2);
    this.#driver = new Driver(socket, this.#connection, {
      clock: options.clock,
      pausesReading: true,
      onGone: () => options.onGone(this),
    });
    this.#driver.open();
  }

  /** Takes no more calls, lets those that run end, then closes. */
  drain(): void {
    if (!this.#connection.isEstablished) {
      // Nobody has spoken HTTP/2 on it yet, so there is nothing to wait for.
      this.#driver.destroy();
      return;
    }
    this.#driver.tellTime();
    this.#connection.drain("the server is shutting down");
  }

  /** Ends all calls and the connection. */
  close(reason: string): void {
    this.#connection.close(ErrorCode.NO_ERROR, reason);
  }

  /** Closes the socket without waiting for anything. */
  destroy(): void {
    this.#driver.destroy();
  }

  get receiveLimitBytes(): number {
    return this.#options.receiveLimitBytes;
  }

  get compressions(): Compressions {
    return this.#options.compressions;
  }

  get sendLimitBytes(): number {
    return this.#options.sendLimitBytes;
  }

  /** Has `onRoom` of the stream called when less is queued on the connection. */
  awaitRoom(stream: Http2ServerStream): void {
    this.#waitingForRoom.add(stream);
  }

  onHeaders(stream: Stream<Http2ServerStream>, headers: HeaderList): void {
    // The head of a block that came out of the engine's cache has been read already.
    const head = headers.memo instanceof RequestHead ? headers.memo : new RequestHead(headers.fields);
    headers.memo = head;
    const call = new Http2ServerStream(this, this.#connection, stream, head);
    stream.context = call;
    if (head.refusal === undefined) this.#options.accept(call);
    else call.refuse(head.refusal);
  }

  onData(stream: Stream<Http2ServerStream>, chunk: Buffer, start: number, end: number): void {
    stream.context?.onData(chunk, start, end);
  }

  /** Trailers of a request mean nothing in gRPC. */
  onTrailers(): void {}

  onEnd(stream: Stream<Http2ServerStream>): void {
    stream.context?.onEnd();
  }

  onReset(stream: Stream<Http2ServerStream>, error: Http2Error): void {
    stream.context?.onReset(error);
  }

  onClosed(stream: Stream<Http2ServerStream>): void {
    const call = stream.context;
    if (call !== undefined) {
      this.turns.forget(call);
      this.#waitingForRoom.delete(call);
    }
    if (this.#drained) this.#closeIfIdle();
  }

  onRoom(stream: Stream<Http2ServerStream>): void {
    stream.context?.onRoom();
  }

  onSettings(): void {}

  onPingAck(): void {}

  onGoAway(): void {}

  onDrained(): void {
    this.#drained = true;
    this.#closeIfIdle();
  }

  onCapacity(): void {
    const waiting = [...this.#waitingForRoom];
    this.#waitingForRoom.clear();
    for (const stream of waiting) stream.onRoom();
  }

  onDue(dueMs: number): void {
    this.#driver.wakeAt(dueMs);
  }

  onFatal(error: Http2Error): void {
    this.turns.abandon();
    if (error.initiator === "library" && !this.#connection.isEstablished) {
      this.#options.onFailed({ peer: this.peer.address, message: error.reason, cause: undefined });
    }
    this.#driver.close();
  }

  onOutput(): void {
    this.#driver.schedule();
  }

  onOutputFull(): void {
    this.#driver.writeFinished();
  }

  #closeIfIdle(): void {
    if (this.#connection.openStreams === 0) this.#driver.close();
  }
}
