/** A server: services, ports, connections, and an orderly end. */
import type { DescService } from "@bufbuild/protobuf";
import { formatAddress, parseAddress } from "../core/address.js";
import type { CompressionOptions } from "../core/compression.js";
import type { ConnectionFailure } from "../core/connection-failure.js";
import { DeadlineWheel } from "../core/deadline-wheel.js";
import { messageLimit } from "../core/message-limit.js";
import type { ServerCall } from "../core/server-call.js";
import type { ServiceHandlers } from "../core/service-types.js";
import { StatusCode } from "../core/status.js";
import type { ServerTls, ServerTlsOptions } from "../core/tls.js";
import { AbandonedHandlers } from "../transport/abandoned-handlers.js";
import { type Http2Options, http2Limits } from "../transport/http2-options.js";
import { Http2ServerTransport, type ServerTransportOptions } from "../transport/http2-server-transport.js";
import type { Listener, ListenTls, Platform } from "../transport/platform.js";
import type { ServerStream } from "../transport/server-stream.js";
import type { Socket } from "../transport/socket.js";
import { Compressions } from "../wire/compressions.js";
import { trailerFields } from "../wire/response-headers.js";
import { ConnectionReports } from "./connection-reports.js";
import { reportToConsole } from "./report.js";
import { Router } from "./router.js";
import { type CallHost, RunningCall } from "./running-call.js";

/** Options of a server; all of them are optional. */
export interface ServerOptions {
  /** The largest request message that is accepted, in octets; a larger one fails with RESOURCE_EXHAUSTED. Default 4 MiB. */
  readonly maxReceiveMessageBytes?: number | undefined;
  /**
   * The largest response message that is sent, in octets before compression; with a larger one the call fails with RESOURCE_EXHAUSTED,
   * and `onHandlerError` is told. No limit by default.
   */
  readonly maxSendMessageBytes?: number | undefined;
  /**
   * Calls that one connection may have open at a time; more are refused. As many handlers run for it at most: those that go on
   * after their caller has given up keep later ones waiting. Default 1000.
   */
  readonly maxConcurrentCalls?: number | undefined;
  /**
   * What one call may have under way to us before its messages are read, in octets (the HTTP/2 stream window). By default it begins
   * with 65,535, and grows up to 4 MiB where the path needs it; when it is set here it keeps its size.
   */
  readonly streamWindowBytes?: number | undefined;
  /** Compression of responses, and which compressions of requests are understood. By default responses are not compressed. */
  readonly compression?: CompressionOptions | undefined;
  /** Limits, budgets against abuse and time-outs of each connection; docs/limits.md has the table. */
  readonly http2?: Http2Options | undefined;
  /**
   * Told what a handler threw that was no `RpcError`, and what it gave that could not be serialised or was too large. The caller is
   * only told that the handler failed. By default it is written to the console.
   */
  readonly onHandlerError?: ((error: unknown, call: ServerCall) => void) | undefined;
  /**
   * Told of connections that came to nothing: they failed at their TLS or HTTP/2 handshake. By default they are written to the console,
   * ten in a minute at most. Who connects and leaves without having sent anything is not told.
   */
  readonly onConnectionFailed?: ((failure: ConnectionFailure) => void) | undefined;
}

/** Options of an address that a server listens on; all of them are optional. */
export interface ListenOptions {
  /** TLS, by options or made by `createServerTls`. Without it, connections are plain text. */
  readonly tls?: ServerTlsOptions | ServerTls | undefined;
}

/** Where a server listens. */
export interface ListeningAddress {
  /** `host:port` or `unix:path`, as a channel takes it. */
  readonly address: string;
  /** 0 for a Unix socket. */
  readonly port: number;
}

/** Options of a shutdown. */
export interface ShutdownOptions {
  /** How long calls in flight may take to end, in milliseconds. After that they are aborted. Default 30,000. */
  readonly graceMs?: number | undefined;
}

/** A gRPC server. */
export interface Server extends AsyncDisposable {
  /** Registers a service with one handler for each of its methods. Throws when a handler is missing or the service is there. */
  add<S extends DescService>(service: S, handlers: ServiceHandlers<S>): Server;
  /**
   * Begins to accept connections on `host:port`, `[ipv6]:port` or `:port` (every interface); port 0 takes a free one. Or on a Unix
   * socket: `unix:path` or `unix:///absolute/path`, whose file is removed at the shutdown; one that a dead server has left is replaced.
   * Rejects when the address cannot be bound, or the certificate cannot be used. May be called for several addresses.
   */
  listen(address: string, options?: ListenOptions): Promise<ListeningAddress>;
  /**
   * Stops in order: accepts no more connections, tells the peers (GOAWAY), lets the calls in flight end, and closes. After the
   * grace time the rest is aborted. Settles when everything is closed; calling it again gives the same promise.
   */
  shutdown(options?: ShutdownOptions): Promise<void>;
}

const DEFAULT_RECEIVE_LIMIT_BYTES = 4 * 1024 * 1024;
const DEFAULT_CONCURRENT_CALLS = 1000;
const DEFAULT_GRACE_MS = 30_000;

export class GrpcServer implements Server, CallHost {
  readonly #platform: Platform;
  readonly #router = new Router();
  readonly #wheel: DeadlineWheel;
  readonly #report: (error: unknown, call: ServerCall) => void;
  readonly #compressions: Compressions;
  readonly #onConnectionFailed: (failure: ConnectionFailure) => void;
  readonly #transportOptions: ServerTransportOptions;
  readonly #listeners = new Set<Listener>();
  readonly #transports = new Set<Http2ServerTransport>();
  #runningCalls = 0;
  #shutdown: Promise<void> | undefined = undefined;
  /** Wakes the shutdown when the last connection and the last handler are gone. */
  #onIdle: (() => void) | undefined = undefined;

  constructor(platform: Platform, options: ServerOptions) {
    const maxConcurrentCalls = options.maxConcurrentCalls ?? DEFAULT_CONCURRENT_CALLS;
    this.#platform = platform;
    this.#wheel = new DeadlineWheel(platform.clock);
    this.#report = options.onHandlerError ?? reportToConsole;
    this.#compressions = new Compressions(platform.compressions, options.compression);
    const reports = new ConnectionReports(platform.clock, options.onConnectionFailed);
    this.#onConnectionFailed = (failure) => reports.report(failure);
    this.#transportOptions = {
      http2: http2Limits("server", {
        ...options.http2,
        maxConcurrentStreams: maxConcurrentCalls,
        streamWindowBytes: options.streamWindowBytes,
      }),
      maxConcurrentCalls,
      receiveLimitBytes: messageLimit(
        "maxReceiveMessageBytes",
        options.maxReceiveMessageBytes,
        DEFAULT_RECEIVE_LIMIT_BYTES,
      ),
      sendLimitBytes: messageLimit("maxSendMessageBytes", options.maxSendMessageBytes, Number.POSITIVE_INFINITY),
      clock: platform.clock,
      compressions: this.#compressions,
      accept: (stream) => this.#accept(stream),
      onFailed: this.#onConnectionFailed,
      abandoned: new AbandonedHandlers(),
      onGone: (transport) => {
        this.#transports.delete(transport);
        this.#checkIdle();
      },
    };
  }

  add<S extends DescService>(service: S, handlers: ServiceHandlers<S>): this {
    this.#router.add(service, handlers);
    return this;
  }

  async listen(address: string, options: ListenOptions = {}): Promise<ListeningAddress> {
    const wanted = parseAddress(address);
    if (this.#shutdown !== undefined) throw new Error("the server was shut down");
    const listener = await this.#platform.listen(
      wanted,
      (socket) => this.#onSocket(socket),
      this.#listenTls(options.tls),
    );
    if (this.#shutdown !== undefined) {
      await listener.close();
      throw new Error("the server was shut down");
    }
    this.#listeners.add(listener);
    const bound = listener.address;
    return { address: formatAddress(bound), port: bound.kind === "tcp" ? bound.port : 0 };
  }

  shutdown(options: ShutdownOptions = {}): Promise<void> {
    this.#shutdown ??= this.#stop(options.graceMs ?? DEFAULT_GRACE_MS);
    return this.#shutdown;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  // What the calls need.

  setDeadline(call: RunningCall, timeoutMs: number): void {
    this.#wheel.schedule(call, this.#platform.clock.now() + timeoutMs);
  }

  clearDeadline(call: RunningCall): void {
    this.#wheel.cancel(call);
  }

  report(error: unknown, call: ServerCall): void {
    try {
      this.#report(error, call);
    } catch (failure) {
      reportToConsole(failure, call);
    }
  }

  onSettled(): void {
    this.#runningCalls -= 1;
    this.#checkIdle();
  }

  #listenTls(tls: ServerTlsOptions | ServerTls | undefined): ListenTls | undefined {
    if (tls === undefined) return undefined;
    const { handshakeTimeoutMs } = this.#transportOptions.http2;
    return { tls, handshakeTimeoutMs, onFailed: this.#onConnectionFailed };
  }

  #onSocket(socket: Socket): void {
    if (this.#shutdown !== undefined) {
      socket.destroy();
      return;
    }
    this.#transports.add(new Http2ServerTransport(socket, this.#transportOptions));
  }

  #accept(stream: ServerStream): void {
    const method = this.#router.find(stream.head.path);
    if (method === undefined) {
      const message = this.#router.explainMissing(stream.head.path);
      stream.finish(trailerFields({ code: StatusCode.UNIMPLEMENTED, message, details: [] }, undefined));
      return;
    }
    if (stream.unknownEncoding !== undefined) {
      const { accepted } = this.#compressions;
      const message = `this server cannot decompress grpc-encoding ${JSON.stringify(stream.unknownEncoding)}; it knows ${accepted}`;
      const fields = trailerFields({ code: StatusCode.UNIMPLEMENTED, message, details: [] }, undefined);
      stream.finish([...fields, "grpc-accept-encoding", accepted]);
      return;
    }
    this.#runningCalls += 1;
    const call = new RunningCall(stream, method, this);
    stream.receiver = call;
    const { invalidBinaryKey } = stream.head;
    if (invalidBinaryKey !== undefined) {
      const key = JSON.stringify(invalidBinaryKey);
      call.fail(StatusCode.INTERNAL, `the request's metadata ${key} has a value that is not base64`);
    } else {
      call.start();
    }
  }

  async #stop(graceMs: number): Promise<void> {
    const listeners = [...this.#listeners];
    // A listener's close waits for its connections too, so it is awaited after they have been told.
    const closed = listeners.map((listener) => listener.close());
    for (const transport of this.#transports) transport.drain();
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    this.#checkIdle();
    const timer = this.#platform.clock.setTimer(() => this.#abort(graceMs), graceMs);
    await idle;
    this.#platform.clock.clearTimer(timer);
    this.#wheel.clear();
    await Promise.all(closed);
  }

  /** The grace time is over: handlers are told by their signals, callers by the end of their connections. */
  #abort(graceMs: number): void {
    for (const transport of this.#transports) {
      transport.close(`the server was shut down, and its grace time of ${graceMs} ms is over`);
    }
    // A handler that ignores its signal cannot be waited for.
    this.#runningCalls = Number.NEGATIVE_INFINITY;
    this.#checkIdle();
  }

  #checkIdle(): void {
    if (this.#onIdle !== undefined && this.#runningCalls <= 0 && this.#transports.size === 0) this.#onIdle();
  }
}
