/** One connection of a client: the engine's sink, which turns calls into streams. */
import {
  Connection,
  ErrorCode,
  errorCodeName,
  type GoAway,
  type HeaderList,
  type Http2Error,
  type Limits,
  type Sink,
  type Stream,
} from "@heddle/http2";
import type { Clock } from "../core/clock.js";
import type { Compressions } from "../wire/compressions.js";
import { ResponseHead, TrailersHead } from "../wire/response-headers.js";
import type { OutgoingCall } from "./client-stream.js";
import { Driver } from "./driver.js";
import { Http2ClientStream } from "./http2-client-stream.js";
import type { Socket } from "./socket.js";

export interface ClientTransportOptions {
  readonly http2: Limits;
  readonly receiveLimitBytes: number;
  readonly sendLimitBytes: number;
  readonly compressions: Compressions;
  readonly clock: Clock;
}

/** What happens to the connection, told to its owner. */
export interface ClientTransportOwner {
  /** The server has sent its SETTINGS: calls may be started. */
  onReady(): void;
  /**
   * No more calls can be started on it, because the server said so or because it is gone; the open ones go on if they can.
   * `unsent` are calls that were started and wait for a free stream: they have not been sent, and belong to the owner again.
   * Called once, also when the connection ends before it was ready.
   */
  onRetired(reason: string, unsent: readonly OutgoingCall[]): void;
  /** The socket is gone. The last call. */
  onGone(): void;
}

export class Http2ClientTransport implements Sink<Http2ClientStream> {
  readonly peerAddress: string;
  /** Whether nobody in between can read what is sent. */
  readonly isSecure: boolean;
  readonly #connection: Connection<Http2ClientStream>;
  readonly #driver: Driver<Http2ClientStream>;
  readonly #socket: Socket;
  readonly #owner: ClientTransportOwner;
  readonly #options: ClientTransportOptions;
  /** Calls that wait because the server's limit of streams is reached, in their order. */
  readonly #waiting = new Set<OutgoingCall>();
  #state: "connecting" | "ready" | "retired" = "connecting";

  constructor(socket: Socket, options: ClientTransportOptions, owner: ClientTransportOwner) {
    this.peerAddress = socket.peerAddress;
    this.isSecure = socket.tls !== undefined;
    this.#socket = socket;
    this.#owner = owner;
    this.#options = options;
    this.#connection = new Connection<Http2ClientStream>("client", this, options.http2);
    this.#driver = new Driver(socket, this.#connection, {
      clock: options.clock,
      pausesReading: false,
      onGone: () => owner.onGone(),
    });
    this.#driver.open();
  }

  get receiveLimitBytes(): number {
    return this.#options.receiveLimitBytes;
  }

  get sendLimitBytes(): number {
    return this.#options.sendLimitBytes;
  }

  get compressions(): Compressions {
    return this.#options.compressions;
  }

  /** Sends a call, now or when the server's limit of concurrent streams allows. Only between `onReady` and `onRetired`. */
  start(call: OutgoingCall): void {
    if (this.#connection.canOpenStream && this.#waiting.size === 0) this.#open(call);
    else this.#waiting.add(call);
  }

  /** Forgets a call that waits for a free stream. */
  forget(call: OutgoingCall): void {
    this.#waiting.delete(call);
  }

  /** Starts no more calls; closes when the open ones have ended. */
  retire(reason: string): void {
    if (this.#state === "retired") return;
    this.#state = "retired";
    const unsent = [...this.#waiting];
    this.#waiting.clear();
    this.#owner.onRetired(reason, unsent);
    this.#closeIfIdle();
  }

  /** Ends the open calls and the connection. */
  close(reason: string): void {
    this.#connection.close(ErrorCode.NO_ERROR, reason);
  }

  /** Whether the connection keeps the process alive. */
  setReferenced(referenced: boolean): void {
    this.#socket.setReferenced(referenced);
  }

  onHeaders(stream: Stream<Http2ClientStream>, headers: HeaderList, endStream: boolean): void {
    // The head of a block that came out of the engine's cache has been read already.
    const head = headers.memo instanceof ResponseHead ? headers.memo : new ResponseHead(headers.fields);
    headers.memo = head;
    stream.context?.onHeaders(head, endStream);
  }

  onData(stream: Stream<Http2ClientStream>, chunk: Buffer, start: number, end: number): void {
    stream.context?.onData(chunk, start, end);
  }

  onTrailers(stream: Stream<Http2ClientStream>, trailers: HeaderList): void {
    const head = trailers.memo instanceof TrailersHead ? trailers.memo : new TrailersHead(trailers.fields);
    trailers.memo = head;
    stream.context?.onTrailers(head);
  }

  onEnd(stream: Stream<Http2ClientStream>): void {
    stream.context?.onEnd();
  }

  onReset(stream: Stream<Http2ClientStream>, error: Http2Error): void {
    stream.context?.onReset(error);
  }

  onClosed(): void {
    this.#openWaiting();
    this.#closeIfIdle();
  }

  onRoom(stream: Stream<Http2ClientStream>): void {
    stream.context?.onRoom();
  }

  onSettings(): void {
    if (this.#state === "connecting") {
      this.#state = "ready";
      this.#owner.onReady();
    } else {
      // The limit of streams may have been raised.
      this.#openWaiting();
    }
  }

  onPingAck(): void {}

  onDrained(): void {}

  onGoAway(goAway: GoAway): void {
    const debug = goAway.debug === "" ? "" : `: ${goAway.debug}`;
    this.retire(`the server sent GOAWAY (${errorCodeName(goAway.code)})${debug}`);
  }

  onCapacity(): void {
    this.#openWaiting();
  }

  onDue(dueMs: number): void {
    this.#driver.wakeAt(dueMs);
  }

  onFatal(error: Http2Error): void {
    this.retire(error.reason);
    this.#driver.close();
  }

  onOutput(): void {
    this.#driver.schedule();
  }

  onOutputFull(): void {
    this.#driver.writeFinished();
  }

  #open(call: OutgoingCall): void {
    new Http2ClientStream(this, this.#connection, call).open();
    if (this.#connection.isExhausted) this.retire("all stream ids of the connection have been used");
  }

  #openWaiting(): void {
    while (this.#waiting.size > 0 && this.#connection.canOpenStream) {
      const [next] = this.#waiting;
      this.#waiting.delete(next as OutgoingCall);
      this.#open(next as OutgoingCall);
    }
  }

  #closeIfIdle(): void {
    if (this.#state === "retired" && this.#connection.openStreams === 0) this.#driver.close();
  }
}
