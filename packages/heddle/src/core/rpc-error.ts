/**
 * The one error that users of heddle see: a call that ended with another status than OK.
 *
 * Handlers throw it to choose the status of their call, and calls reject with it. Errors inside of the engines are values of
 * their own; they are turned into this one at the boundary.
 * Source: "Responses" in https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { checkDetails, unpackDetails } from "./error-details.js";
import { Metadata, type MetadataInit } from "./metadata.js";
import { isStatusCode, StatusCode, statusName } from "./status.js";

/** Where an error came from. heddle fills in what it knows. */
export interface RpcErrorOrigin {
  /** Who decided on the status: `local` is heddle in this process (a deadline, a lost connection), `remote` is the peer's answer. */
  readonly side: "local" | "remote";
  /** The peer's address: `127.0.0.1:50051`, `[::1]:50051` or `unix:/path`. */
  readonly peer?: string | undefined;
  /** The method, as it is on the wire: `/product.ProductService/GetProduct`. */
  readonly path?: string | undefined;
  /** The number of the attempt that failed; the first is 1. Set for calls that a client made. */
  readonly attempt?: number | undefined;
  /** What the call was waiting for when it failed: `a connection`, `the response headers`. */
  readonly awaited?: string | undefined;
}

/** What an `RpcError` may carry beside its code and message. */
export interface RpcErrorOptions {
  /** Sent as trailers by a server. It is copied, and a key or value that cannot be sent throws a `TypeError` here. */
  readonly metadata?: MetadataInit | undefined;
  /** Messages that say more, for programs to read. Each is packed with its schema: `detail(BadRequestSchema, { … })`. */
  readonly details?: readonly Any[] | undefined;
  /** The error behind this one. It stays in this process; a peer never sees it. */
  readonly cause?: unknown;
  /** Where the error came from; not set for an error that a handler makes. */
  readonly origin?: RpcErrorOrigin | undefined;
}

type Inspect = (value: unknown, options: object) => string;

/** Found on the errors of every copy and version of this package that a process has loaded. */
const brand = Symbol.for("heddle.RpcError");
const noDetails: readonly Any[] = Object.freeze([]);
const noOptions: RpcErrorOptions = Object.freeze({});

/** A call that failed. `instanceof RpcError` also holds for errors of another copy of the package. */
export class RpcError extends Error {
  /** The status, never OK. */
  readonly code: StatusCode;
  /** Where the error came from; `undefined` for one that was made by an application. */
  readonly origin: RpcErrorOrigin | undefined;
  #metadata: Metadata | undefined;
  readonly #details: readonly Any[];

  static {
    // On the prototype, so that an error does not have to be given them when it is made.
    Object.defineProperty(RpcError.prototype, "name", { value: "RpcError", writable: true, configurable: true });
    Object.defineProperty(RpcError.prototype, brand, { value: true });
  }

  /**
   * `message` is the status message; a server sends it to its caller, so it should hold nothing that the caller may not know.
   * Throws a `RangeError` for a code outside of 1 to 16.
   */
  constructor(code: StatusCode, message: string, options: RpcErrorOptions = noOptions) {
    super(message, options);
    if (code === StatusCode.OK || !isStatusCode(code)) {
      throw new RangeError(`An RpcError takes a code from 1 to 16 (see StatusCode), but got ${String(code)}.`);
    }
    this.code = code;
    this.origin = options.origin;
    this.#metadata = options.metadata === undefined ? undefined : Metadata.from(options.metadata);
    this.#details = options.details ?? noDetails;
    checkDetails(this.#details);
  }

  /** The trailers that came with the status, or that will leave with it. Empty for an error that was made without any. */
  get metadata(): Metadata {
    this.#metadata ??= new Metadata();
    return this.#metadata;
  }

  /** The details as they travel, packed. {@link RpcError.detailsOf} unpacks them. */
  get details(): readonly Any[] {
    return this.#details;
  }

  /** The details of one type, in their order. Details of other types, and such as cannot be decoded, are left out. */
  detailsOf<Schema extends DescMessage>(schema: Schema): MessageShape<Schema>[] {
    return unpackDetails(this.#details, schema);
  }

  /** `RpcError: NOT_FOUND: no such product (from 127.0.0.1:50051, /product.ProductService/GetProduct)` */
  override toString(): string {
    return headline(this.code, this.message, this.origin);
  }

  /** What `console.log` shows: the headline, the stack if there is one, the types of the details, and the cause. */
  [Symbol.for("nodejs.util.inspect.custom")](_depth: number, options: object, inspect: Inspect): string {
    const lines = [this.toString(), ...framesOf(this)];
    for (const { typeUrl } of this.#details) lines.push(`    detail ${typeUrl}`);
    if (this.cause !== undefined) lines.push(`    cause: ${inspect(this.cause, options).replaceAll("\n", "\n    ")}`);
    return lines.join("\n");
  }

  /**
   * Makes an `RpcError` of anything that was thrown: one that is an `RpcError` already stays what it is, an `AbortError` becomes
   * CANCELLED, a `TimeoutError` DEADLINE_EXCEEDED, and anything else UNKNOWN. The original is the `cause`. Its text is not
   * taken over, since the new message may be sent to a peer who should not read it.
   */
  static from(thrown: unknown): RpcError {
    if (thrown instanceof RpcError) return thrown;
    const name = thrown instanceof Error ? thrown.name : undefined;
    const options = { cause: thrown };
    if (name === "AbortError") return new RpcError(StatusCode.CANCELLED, "The operation was aborted.", options);
    if (name === "TimeoutError") return new RpcError(StatusCode.DEADLINE_EXCEEDED, "The operation timed out.", options);
    return new RpcError(StatusCode.UNKNOWN, "The operation failed unexpectedly.", options);
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass inherits this function, and must not claim every RpcError
    if (this !== RpcError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && brand in value;
  }
}

/**
 * For heddle's own errors: one without a stack, which would only show the socket's callback and makes the error several times as
 * dear (3.7 against 0.8 µs on Node 20). Its `stack` is the headline, so that a log that prints the stack tells code and origin.
 * @internal
 */
export function createRpcErrorWithoutStack(code: StatusCode, message: string, options: RpcErrorOptions): RpcError {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    const error = new RpcError(code, message, options);
    error.stack = headline(code, message, options.origin);
    return error;
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function headline(code: StatusCode, message: string, origin: RpcErrorOrigin | undefined): string {
  const text = message === "" ? `RpcError: ${statusName(code)}` : `RpcError: ${statusName(code)}: ${message}`;
  return origin === undefined ? text : `${text} (${describeOrigin(origin)})`;
}

function describeOrigin(origin: RpcErrorOrigin): string {
  const remote = origin.side === "remote";
  let text = origin.peer === undefined ? origin.side : `${remote ? "from" : "local, peer"} ${origin.peer}`;
  if (origin.path !== undefined) text += `, ${origin.path}`;
  if (origin.attempt !== undefined && origin.attempt > 1) text += `, attempt ${origin.attempt}`;
  if (origin.awaited !== undefined) text += `, awaiting ${origin.awaited}`;
  return text;
}

/** The lines of the stack behind its headline, which may take several lines itself. */
function framesOf(error: RpcError): string[] {
  const lines = (error.stack ?? "").split("\n");
  const first = lines.findIndex((line) => line.startsWith("    at "));
  return first < 0 ? [] : lines.slice(first);
}
