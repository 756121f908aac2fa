/**
 * One call on the client, from its options to its end: it finds a connection, keeps the deadline, listens to the signal, and
 * ends exactly once. What the request and the response consist of is for the classes that extend it.
 */
import { type AbortTarget, listenForAbort, stopListeningForAbort } from "../core/abort-listeners.js";
import type { CallOptions } from "../core/call-options.js";
import type { CompressionAlgorithm } from "../core/compression.js";
import { DeadlineEntry } from "../core/deadline-wheel.js";
import { textOf } from "../core/error-text.js";
import { appendHeaderFields } from "../core/metadata.js";
import { createRpcErrorWithoutStack, type RpcError, type RpcErrorOrigin } from "../core/rpc-error.js";
import { StatusCode } from "../core/status.js";
import type { CallOutcome, ClientStream } from "../transport/client-stream.js";
import type { RequestTemplate } from "../transport/request-template.js";
import { sendFailure } from "../transport/send-message.js";
import type { ResponseHead, TrailersHead } from "../wire/response-headers.js";
import type { ClientMethod } from "./client-method.js";
import type { ConnectorCall } from "./connector.js";
import { CredentialsRequest, type CredentialsTaker } from "./credentials-request.js";

const NO_FIELDS: readonly string[] = [];
const NO_OPTIONS: CallOptions = {};

/** Where the call is. Its stream exists from "sent" on. */
type Phase = "connecting" | "authorizing" | "sent" | "answered" | "over";

const AWAITED = {
  connecting: "a connection",
  authorizing: "its credentials",
  sent: "the response headers",
  answered: "the end of the response",
  over: "nothing",
} as const;

export abstract class ClientCall extends DeadlineEntry implements ConnectorCall, AbortTarget, CredentialsTaker {
  readonly method: ClientMethod;
  readonly compression: CompressionAlgorithm | undefined;
  metadataFields: readonly string[];
  readonly #options: CallOptions;
  /** In the channel's time; `Infinity` without a deadline. */
  #deadlineMs = Number.POSITIVE_INFINITY;
  #phase: Phase = "connecting";
  #stream: ClientStream | undefined = undefined;
  /** Until the credentials are there; `undefined` for a call without any. */
  #credentials: CredentialsRequest | undefined;

  constructor(method: ClientMethod, options: CallOptions = NO_OPTIONS) {
    super();
    this.method = method;
    this.#options = options;
    this.metadataFields = options.metadata === undefined ? NO_FIELDS : fieldsOf(options.metadata);
    const { compressions } = method.channel;
    this.compression =
      options.compression === undefined ? compressions.standard : compressions.select(options.compression);
    this.#credentials = CredentialsRequest.of(method.channel.callCredentials, options.callCredentials, this);
  }

  /** A message of the response. False stops the delivery. */
  protected abstract onResponse(message: unknown, owedBytes: number): boolean;
  /** The call may send. */
  abstract onOpen(stream: ClientStream): void;
  abstract onRoom(): void;
  abstract get wantsMore(): boolean;
  abstract get isFull(): boolean;
  /** The call is over: with OK (`undefined`) or with the error. Called exactly once. */
  protected abstract onSettled(error: RpcError | undefined): void;

  get template(): RequestTemplate {
    return this.method.template;
  }

  get isOver(): boolean {
    return this.#phase === "over";
  }

  protected get stream(): ClientStream | undefined {
    return this.#stream;
  }

  /** Sets out: to the connection, unless the call is over before it began. */
  protected start(): void {
    const { signal } = this.#options;
    const { channel } = this.method;
    const leftMs = timeLeftMs(this.#options);
    channel.connector.addCall();
    if (signal?.aborted) {
      this.onAbort(signal.reason);
    } else if (leftMs <= 0) {
      this.#settleLocally(StatusCode.DEADLINE_EXCEEDED, "the deadline had passed before the call began");
    } else {
      if (leftMs !== Number.POSITIVE_INFINITY) {
        this.#deadlineMs = channel.clock.now() + leftMs;
        channel.wheel.schedule(this, this.#deadlineMs);
      }
      if (signal !== undefined) listenForAbort(signal, this);
      channel.connector.start(this);
    }
  }

  get needsCredentials(): boolean {
    return this.#credentials !== undefined;
  }

  askCredentials(isSecure: boolean): void {
    const { channel } = this.method;
    this.#phase = "authorizing";
    this.#credentials?.ask(channel.authority, this.template.path, isSecure || channel.allowInsecureCallCredentials);
  }

  onCredentials(fields: readonly string[]): void {
    this.#credentials = undefined;
    this.metadataFields = [...this.metadataFields, ...fields];
    this.#phase = "connecting";
    this.method.channel.connector.resume(this);
  }

  onCredentialsFailed(code: StatusCode, message: string, cause: unknown): void {
    this.#settleLocally(code, message, cause);
  }

  remainingMs(): number | undefined {
    if (this.#deadlineMs === Number.POSITIVE_INFINITY) return undefined;
    return Math.max(this.#deadlineMs - this.method.channel.clock.now(), 0);
  }

  /** Remembers the stream; to be called first by {@link onOpen}. */
  protected opened(stream: ClientStream): void {
    this.#stream = stream;
    this.#phase = "sent";
  }

  onHeaders(head: ResponseHead): void {
    if (this.#phase === "sent") this.#phase = "answered";
    const { onHeaders } = this.#options;
    if (onHeaders === undefined) return;
    this.#callBack(() => onHeaders(head.metadata()));
  }

  onMessage(buffer: Buffer, start: number, end: number, owedBytes: number): boolean {
    if (this.isOver) return false;
    let message: unknown;
    try {
      message = this.method.responseDecoder.decode(buffer, start, end);
    } catch (cause) {
      this.giveUp(StatusCode.INTERNAL, `a response could not be decoded: ${textOf(cause)}`, cause);
      return false;
    }
    return this.onResponse(message, owedBytes);
  }

  onClose(outcome: CallOutcome): void {
    if (this.isOver) return;
    const { trailers, status } = outcome;
    if (trailers !== undefined && this.#options.onTrailers !== undefined) this.#tellTrailers(trailers);
    if (status.code === StatusCode.OK) this.settle(undefined);
    else if (status.code === StatusCode.CANCELLED && this.remainingMs() === 0) this.onDeadline();
    else this.settle(this.#errorOf(outcome));
  }

  onUnsent(reason: string, closed: boolean): void {
    this.#settleLocally(closed ? StatusCode.CANCELLED : StatusCode.UNAVAILABLE, reason);
  }

  override onDeadline(): void {
    if (this.isOver) return;
    const awaited = AWAITED[this.#phase];
    this.giveUp(StatusCode.DEADLINE_EXCEEDED, `the deadline passed while the call waited for ${awaited}`);
  }

  /** The caller's signal has aborted. */
  onAbort(reason: unknown): void {
    if (isTimeout(reason)) {
      this.giveUp(StatusCode.DEADLINE_EXCEEDED, "the call's signal timed out", reason);
    } else {
      this.giveUp(StatusCode.CANCELLED, "the call was cancelled by its signal", reason);
    }
  }

  /** Ends the call from this side, for a reason that the caller is told; the server is told that it was cancelled. */
  giveUp(code: StatusCode, message: string, cause?: unknown): void {
    if (this.isOver) return;
    const stream = this.#stream;
    this.#settleLocally(code, message, cause);
    stream?.cancel(message);
  }

  /** Ends the call because its request cannot be sent. */
  protected giveUpUnsent(cause: unknown): void {
    const { code, message } = sendFailure(cause, "the request");
    this.giveUp(code, code === StatusCode.INTERNAL ? `${message}: ${textOf(cause)}` : message, cause);
  }

  /** Cancels the call on the caller's behalf. */
  protected cancelBy(reason: unknown): void {
    this.giveUp(StatusCode.CANCELLED, "the call was cancelled by its caller", reason);
  }

  /** Ends the call. */
  protected settle(error: RpcError | undefined): void {
    if (this.isOver) return;
    const { channel } = this.method;
    if (this.#phase === "connecting" || this.#phase === "authorizing") channel.connector.forget(this);
    this.#phase = "over";
    this.#credentials?.drop();
    if (this.#deadlineMs !== Number.POSITIVE_INFINITY) channel.wheel.cancel(this);
    const { signal } = this.#options;
    if (signal !== undefined) stopListeningForAbort(signal, this);
    channel.connector.removeCall();
    this.onSettled(error);
  }

  #settleLocally(code: StatusCode, message: string, cause?: unknown): void {
    if (!this.isOver) this.settle(this.localError(code, message, cause));
  }

  /** An error that heddle itself decides on, with what the call is waiting for at the moment. */
  protected localError(code: StatusCode, message: string, cause?: unknown): RpcError {
    return createRpcErrorWithoutStack(code, message, { cause, origin: this.#origin("local") });
  }

  #errorOf(outcome: CallOutcome): RpcError {
    const { status, trailers, side } = outcome;
    const metadata = trailers?.metadata();
    return createRpcErrorWithoutStack(status.code, status.message, {
      metadata,
      details: status.details,
      origin: this.#origin(side),
    });
  }

  #origin(side: "local" | "remote"): RpcErrorOrigin {
    const peer = this.#stream?.peerAddress ?? this.method.channel.target;
    const awaited = side === "local" ? AWAITED[this.#phase] : undefined;
    return { side, peer, path: this.template.path, attempt: 1, awaited };
  }

  #tellTrailers(trailers: TrailersHead): void {
    this.#callBack(() => this.#options.onTrailers?.(trailers.metadata()));
  }

  /** What a callback of the caller throws fails the call, and nothing else. */
  #callBack(callback: () => void): void {
    try {
      callback();
    } catch (cause) {
      this.giveUp(StatusCode.CANCELLED, "a callback of the call threw", cause);
    }
  }
}

function fieldsOf(init: NonNullable<CallOptions["metadata"]>): readonly string[] {
  const fields: string[] = [];
  appendHeaderFields(init, fields);
  return fields;
}

/** The time that the options leave; `Infinity` when they set no limit. */
function timeLeftMs({ timeoutMs, deadline }: CallOptions): number {
  if (timeoutMs === undefined && deadline === undefined) return Number.POSITIVE_INFINITY;
  const untilDeadlineMs = deadline === undefined ? Number.POSITIVE_INFINITY : Number(deadline) - Date.now();
  const leftMs = Math.min(timeoutMs ?? Number.POSITIVE_INFINITY, untilDeadlineMs);
  if (Number.isNaN(leftMs)) {
    throw new TypeError(`timeoutMs (${String(timeoutMs)}) or deadline (${String(deadline)}) is not a time`);
  }
  return leftMs;
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === "TimeoutError";
}
