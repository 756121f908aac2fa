/**
 * One connection to one address, made when a call needs it and made anew after it was lost.
 *
 *     IDLE ── a call ──▶ CONNECTING ── SETTINGS received ──▶ READY ── GOAWAY or loss ──▶ IDLE
 *                            └───────── failed or timed out ────────────────────────────▶ IDLE
 *     any ── close ──▶ SHUTDOWN
 */
import { type Address, formatAddress } from "../core/address.js";
import type { TimerHandle } from "../core/clock.js";
import type { OutgoingCall } from "../transport/client-stream.js";
import {
  type ClientTransportOptions,
  type ClientTransportOwner,
  Http2ClientTransport,
} from "../transport/http2-client-transport.js";
import type { ClientTls, ConnectHandler, Platform } from "../transport/platform.js";
import type { Socket } from "../transport/socket.js";

/** A call that can be told that there is no connection for it. */
export interface ConnectorCall extends OutgoingCall {
  readonly isOver: boolean;
  /** Whether it has to ask for credentials before it can be sent. */
  readonly needsCredentials: boolean;
  /** There is a connection: the call asks for its credentials, and comes back by {@link Connector.resume} when they are there. */
  askCredentials(isSecure: boolean): void;
  /** No connection could be made, or the channel was closed. Nothing was sent. */
  onUnsent(reason: string, closed: boolean): void;
}

type State =
  | { readonly kind: "idle" }
  | { readonly kind: "connecting"; readonly attempt: Attempt; readonly queue: Set<ConnectorCall> }
  | { readonly kind: "ready"; readonly transport: Http2ClientTransport }
  | { readonly kind: "shutdown" };

const IDLE: State = { kind: "idle" };

/** One attempt: a socket, then the server's SETTINGS, within one time-out. */
interface Attempt {
  giveUp: (reason: string) => void;
  /** What the server has not done yet. */
  awaited: string;
  timer: TimerHandle;
}

export interface ConnectorOptions {
  readonly platform: Platform;
  readonly address: Address;
  readonly tls: ClientTls | undefined;
  readonly connectTimeoutMs: number;
  readonly transport: ClientTransportOptions;
}

export class Connector {
  readonly #options: ConnectorOptions;
  #state: State = IDLE;
  /** Transports that take no more calls but still have some, and the one that does. */
  readonly #live = new Set<Http2ClientTransport>();
  /** Calls that wait for their credentials. */
  readonly #unauthorized = new Set<ConnectorCall>();
  /** Wakes `close` when the last socket is gone. */
  #onGone: (() => void) | undefined = undefined;
  #closed: Promise<void> | undefined = undefined;
  #calls = 0;

  constructor(options: ConnectorOptions) {
    this.#options = options;
  }

  /** Sends a call as soon as there is a connection; tells it when none can be made. */
  start(call: ConnectorCall): void {
    const state = this.#state;
    switch (state.kind) {
      case "ready":
        if (call.needsCredentials) this.#authorize(call, state.transport);
        else state.transport.start(call);
        return;
      case "connecting":
        state.queue.add(call);
        return;
      case "idle":
        this.#connect().add(call);
        return;
      case "shutdown":
        call.onUnsent("the channel is closed", true);
        return;
      default:
        state satisfies never;
    }
  }

  /** Goes on with a call that has its credentials now. */
  resume(call: ConnectorCall): void {
    this.#unauthorized.delete(call);
    this.start(call);
  }

  /** Forgets a call that has not been sent. */
  forget(call: ConnectorCall): void {
    const state = this.#state;
    this.#unauthorized.delete(call);
    if (state.kind === "connecting") state.queue.delete(call);
    else if (state.kind === "ready") state.transport.forget(call);
  }

  /** Counts the calls in flight: only while there are some does the connection keep the process alive. */
  addCall(): void {
    if (this.#calls++ === 0) this.#setReferenced(true);
  }

  removeCall(): void {
    if (--this.#calls === 0) this.#setReferenced(false);
  }

  /** Ends everything; settles when the sockets are gone. Calling it again gives the same promise. */
  close(reason: string): Promise<void> {
    this.#closed ??= this.#close(reason);
    return this.#closed;
  }

  async #close(reason: string): Promise<void> {
    const state = this.#state;
    this.#state = { kind: "shutdown" };
    if (state.kind === "connecting") {
      this.#endAttempt(state.attempt);
      state.attempt.giveUp(reason);
      for (const call of state.queue) call.onUnsent(reason, true);
    }
    for (const call of this.#unauthorized) call.onUnsent(reason, true);
    for (const transport of this.#live) {
      // Who awaits this may have nothing else that keeps the process alive.
      transport.setReferenced(true);
      transport.close(reason);
    }
    if (this.#live.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onGone = resolve;
    });
  }

  #connect(): Set<ConnectorCall> {
    const { platform, address, tls, connectTimeoutMs } = this.#options;
    const queue = new Set<ConnectorCall>();
    const name = formatAddress(address);
    const attempt: Attempt = {
      giveUp: () => {},
      awaited: tls === undefined ? "the connection" : "the connection and its TLS handshake",
      timer: platform.clock.setTimer(() => {
        const reason = `no HTTP/2 connection to ${name} within ${connectTimeoutMs} ms: ${attempt.awaited} did not come`;
        this.#fail(attempt, reason);
        attempt.giveUp(reason);
      }, connectTimeoutMs),
    };
    this.#state = { kind: "connecting", attempt, queue };
    const handler: ConnectHandler = {
      onConnected: (socket) => this.#handshake(attempt, socket, name),
      onFailed: (error) => this.#fail(attempt, `could not connect to ${name}: ${error.message}`),
    };
    attempt.giveUp = platform.connect(address, handler, tls);
    return queue;
  }

  #handshake(attempt: Attempt, socket: Socket, name: string): void {
    const owner: ClientTransportOwner = {
      onReady: () => this.#ready(attempt, transport),
      onRetired: (reason, unsent) => this.#retired(attempt, transport, `${name}: ${reason}`, unsent),
      onGone: () => this.#gone(transport),
    };
    const transport = new Http2ClientTransport(socket, this.#options.transport, owner);
    this.#live.add(transport);
    attempt.awaited = "the server's SETTINGS";
    attempt.giveUp = (reason) => transport.close(reason);
  }

  #authorize(call: ConnectorCall, transport: Http2ClientTransport): void {
    this.#unauthorized.add(call);
    call.askCredentials(transport.isSecure);
  }

  #ready(attempt: Attempt, transport: Http2ClientTransport): void {
    const state = this.#state;
    if (state.kind !== "connecting" || state.attempt !== attempt) return;
    this.#endAttempt(attempt);
    this.#state = { kind: "ready", transport };
    transport.setReferenced(this.#calls > 0);
    for (const call of state.queue) {
      // The credentials of one call may have ended another.
      if (!call.isOver) this.start(call);
    }
  }

  /** A transport takes no more calls. Those that it had not sent go to the next connection. */
  #retired(attempt: Attempt, transport: Http2ClientTransport, reason: string, unsent: readonly OutgoingCall[]): void {
    const state = this.#state;
    if (state.kind === "connecting" && state.attempt === attempt) {
      const hint =
        this.#options.tls === undefined ? "; if the server expects TLS, give the channel the option tls" : "";
      this.#fail(attempt, `the connection ended in its handshake with ${reason}${hint}`);
      return;
    }
    if (state.kind === "ready" && state.transport === transport) this.#state = IDLE;
    for (const call of unsent) this.start(call as ConnectorCall);
  }

  #gone(transport: Http2ClientTransport): void {
    this.#live.delete(transport);
    if (this.#live.size === 0) this.#onGone?.();
  }

  #fail(attempt: Attempt, reason: string): void {
    const state = this.#state;
    if (state.kind !== "connecting" || state.attempt !== attempt) return;
    this.#endAttempt(attempt);
    this.#state = IDLE;
    for (const call of state.queue) call.onUnsent(reason, false);
  }

  #endAttempt(attempt: Attempt): void {
    this.#options.platform.clock.clearTimer(attempt.timer);
  }

  #setReferenced(referenced: boolean): void {
    for (const transport of this.#live) transport.setReferenced(referenced);
  }
}
