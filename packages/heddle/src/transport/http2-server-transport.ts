/** One connection of a server: the engine's sink, which turns streams into calls. */
import {
  Connection,
  type ConnectionOptions,
  ErrorCode,
  type HeaderList,
  type Http2Error,
  type Sink,
  type Stream,
} from "@heddle/http2";
import type { Clock, TimerHandle } from "../core/clock.js";
import type { Peer } from "../core/server-call.js";
import { RequestHead } from "../wire/request-headers.js";
import { Driver } from "./driver.js";
import { Http2ServerStream } from "./http2-server-stream.js";
import type { Acceptor } from "./server-stream.js";
import type { Socket } from "./socket.js";

/** How long the peer may take to answer the PING of an orderly leave. */
const DRAIN_PING_MS = 5_000;

export interface ServerTransportOptions {
  readonly http2: ConnectionOptions;
  readonly receiveLimitBytes: number;
  readonly clock: Clock;
  readonly accept: Acceptor;
  /** The connection and its socket are gone. */
  readonly onGone: (transport: Http2ServerTransport) => void;
}

export class Http2ServerTransport implements Sink<Http2ServerStream> {
  readonly #connection: Connection<Http2ServerStream>;
  readonly #driver: Driver<Http2ServerStream>;
  readonly #options: ServerTransportOptions;
  readonly #peer: Peer;
  #drainTimer: TimerHandle | undefined = undefined;
  #drained = false;

  constructor(socket: Socket, options: ServerTransportOptions) {
    this.#options = options;
    this.#peer = { address: socket.peerAddress };
    this.#connection = new Connection<Http2ServerStream>("server", this, options.http2);
    this.#driver = new Driver(socket, this.#connection, options.clock, () => this.#onSocketGone());
    this.#driver.open();
  }

  /** Takes no more calls, lets those that run end, then closes. */
  drain(): void {
    if (this.#drainTimer !== undefined || this.#connection.fatal !== undefined) return;
    if (!this.#connection.isEstablished) {
      // Nobody has spoken HTTP/2 on it yet, so there is nothing to wait for.
      this.#driver.destroy();
      return;
    }
    this.#connection.drain("the server is shutting down");
    this.#drainTimer = this.#options.clock.setTimer(() => this.#connection.finishDrain(), DRAIN_PING_MS);
  }

  /** Ends all calls and the connection. */
  close(reason: string): void {
    this.#connection.close(ErrorCode.NO_ERROR, reason);
  }

  /** Closes the socket without waiting for anything. */
  destroy(): void {
    this.#driver.destroy();
  }

  onHeaders(stream: Stream<Http2ServerStream>, headers: HeaderList): void {
    // The head of a block that came out of the engine's cache has been read already.
    const head = headers.memo instanceof RequestHead ? headers.memo : new RequestHead(headers.fields);
    headers.memo = head;
    const call = new Http2ServerStream(this.#connection, stream, head, this.#peer, this.#options.receiveLimitBytes);
    stream.context = call;
    if (head.refusal === undefined) this.#options.accept(call);
    else call.refuse(head.refusal.httpStatus);
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

  onClosed(): void {
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

  onFatal(): void {
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

  #onSocketGone(): void {
    if (this.#drainTimer !== undefined) this.#options.clock.clearTimer(this.#drainTimer);
    this.#options.onGone(this);
  }
}
