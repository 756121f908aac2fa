/**
 * The header block of a request: what a client writes and what a server reads.
 * Source: "Requests" in https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
import { findInvalidBinary, Metadata } from "../core/metadata.js";
import { parseTimeout } from "./timeout.js";
import { USER_AGENT } from "./user-agent.js";

/** `https` over TLS. */
export type Scheme = "http" | "https";

/** The request's pseudo-headers, which are the same for every call of a method. */
export function requestPseudoHeaders(path: string, authority: string, scheme: Scheme): string[] {
  return [":method", "POST", ":scheme", scheme, ":path", path, ":authority", authority];
}

/** What follows the pseudo-headers and `grpc-timeout` in every request; custom metadata comes last. */
export function requestFields(acceptEncoding: string): string[] {
  return [
    "te",
    "trailers",
    "content-type",
    "application/grpc",
    "grpc-accept-encoding",
    acceptEncoding,
    "user-agent",
    USER_AGENT,
  ];
}

/** Why a request gets an HTTP answer instead of a gRPC one. */
export interface HttpRefusal {
  readonly httpStatus: number;
  readonly reason: string;
}

/** A request's header block, read once for all calls that have the same one. */
export class RequestHead {
  readonly path: string;
  readonly authority: string;
  /** `undefined` when the caller sets none. */
  readonly timeoutMs: number | undefined;
  /** The compression of the request's messages; `undefined` or `identity` for none. */
  readonly encoding: string | undefined;
  /** The compressions that the caller understands, as it has written them. */
  readonly acceptEncoding: string | undefined;
  /** Not a gRPC request, or a malformed one. */
  readonly refusal: HttpRefusal | undefined;
  /** The first `-bin` key with a value that is not base64. */
  readonly invalidBinaryKey: string | undefined;
  readonly #fields: readonly string[];

  constructor(fields: readonly string[]) {
    this.#fields = fields;
    let path = "";
    let authority = "";
    let method = "";
    let contentType: string | undefined;
    let timeout: string | undefined;
    let encoding: string | undefined;
    let acceptEncoding: string | undefined;
    for (let i = 0; i < fields.length; i += 2) {
      const value = fields[i + 1] as string;
      switch (fields[i]) {
        case ":path":
          path = value;
          break;
        case ":authority":
          authority = value;
          break;
        case ":method":
          method = value;
          break;
        case "content-type":
          contentType = value;
          break;
        case "grpc-timeout":
          timeout = value;
          break;
        case "grpc-encoding":
          encoding = value;
          break;
        case "grpc-accept-encoding":
          acceptEncoding = acceptEncoding === undefined ? value : `${acceptEncoding},${value}`;
          break;
      }
    }
    this.path = path;
    this.authority = authority;
    this.timeoutMs = timeout === undefined ? undefined : parseTimeout(timeout);
    this.encoding = encoding;
    this.acceptEncoding = acceptEncoding;
    this.refusal = refusalOf(method, contentType, timeout, this.timeoutMs);
    this.invalidBinaryKey = findInvalidBinary(fields);
  }

  /** The custom metadata; new for each caller, who may change it. */
  metadata(): Metadata {
    return Metadata.fromHeaderFields(this.#fields);
  }
}

function refusalOf(
  method: string,
  contentType: string | undefined,
  timeout: string | undefined,
  timeoutMs: number | undefined,
): HttpRefusal | undefined {
  if (method !== "POST") return { httpStatus: 405, reason: `gRPC requests are POST, not ${method}` };
  if (!isGrpcContentType(contentType)) {
    return { httpStatus: 415, reason: `the content-type is ${contentType ?? "missing"}, not application/grpc` };
  }
  if (timeout !== undefined && timeoutMs === undefined) {
    return {
      httpStatus: 400,
      reason: `grpc-timeout is ${JSON.stringify(timeout)}; up to 8 digits and one of HMSmun are allowed`,
    };
  }
  return undefined;
}

/** `application/grpc`, alone or with `+proto` or `;parameters`. `application/grpc-web` is another protocol. */
export function isGrpcContentType(contentType: string | undefined): boolean {
  if (contentType === undefined) return false;
  if (contentType === "application/grpc") return true;
  return /^application\/grpc(?:\+|\s*(?:;|$))/i.test(contentType);
}
