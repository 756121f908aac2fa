/**
 * The header block and the trailers of a response: what a server writes and what a client reads.
 * Source: "Responses" in https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
import type { Any } from "@bufbuild/protobuf/wkt";
import { appendHeaderFields, findInvalidBinary, Metadata, type MetadataInit } from "../core/metadata.js";
import { StatusCode } from "../core/status.js";
import { decodeGrpcMessage, encodeGrpcMessage } from "./grpc-message.js";
import { type HttpRefusal, isGrpcContentType } from "./request-headers.js";
import { decodeStatusDetails, encodeStatusDetails } from "./status-details.js";
import { statusFromHttp } from "./status-mapping.js";

/** The first fields of every response. */
export const RESPONSE_FIELDS: readonly string[] = [":status", "200", "content-type", "application/grpc"];

/** The trailers of a call that succeeded and has nothing else to say. */
export const OK_TRAILERS: readonly string[] = ["grpc-status", "0"];

const NO_DETAILS: readonly Any[] = [];

/** How a call ended. */
export interface CallStatus {
  readonly code: StatusCode;
  readonly message: string;
  readonly details: readonly Any[];
}

/** The fields of trailers: status, message, details, then the metadata. */
export function trailerFields(status: CallStatus, metadata: MetadataInit | undefined): string[] {
  const fields = ["grpc-status", String(status.code)];
  if (status.message !== "") fields.push("grpc-message", encodeGrpcMessage(status.message));
  const details = encodeStatusDetails(status);
  if (details !== undefined) fields.push("grpc-status-details-bin", details);
  if (metadata !== undefined) appendHeaderFields(metadata, fields);
  return fields;
}

/**
 * The answer to what is no gRPC request, in two parts: the head in the terms of HTTP, and for callers that are gRPC all the same, the
 * status that it means to them, with the reason.
 */
export function refusalFields({ httpStatus, reason }: HttpRefusal): { head: string[]; status: string[] } {
  const head = [":status", String(httpStatus), "content-type", "application/grpc"];
  // RFC 9110 section 15.5.6.
  if (httpStatus === 405) head.push("allow", "POST");
  const code = statusFromHttp(httpStatus);
  return { head, status: trailerFields({ code, message: reason, details: NO_DETAILS }, undefined) };
}

/** A response's header block, read once for all calls that have the same one. */
export class ResponseHead {
  readonly fields: readonly string[];
  /** What the block says instead of being gRPC's; `undefined` when it is in order. */
  readonly fault: CallStatus | undefined;
  readonly encoding: string | undefined;

  constructor(fields: readonly string[]) {
    this.fields = fields;
    let status = "";
    let contentType: string | undefined;
    let encoding: string | undefined;
    for (let i = 0; i < fields.length; i += 2) {
      const value = fields[i + 1] as string;
      if (fields[i] === ":status") status = value;
      else if (fields[i] === "content-type") contentType = value;
      else if (fields[i] === "grpc-encoding") encoding = value;
    }
    this.encoding = encoding;
    this.fault = headFault(status, contentType) ?? binaryFault(fields);
  }

  metadata(): Metadata {
    return Metadata.fromHeaderFields(this.fields);
  }
}

function headFault(status: string, contentType: string | undefined): CallStatus | undefined {
  if (status === "200" && isGrpcContentType(contentType)) return undefined;
  const code = statusFromHttp(Number(status));
  const type = contentType === undefined ? "without a content-type" : `with content-type ${contentType}`;
  const message = `the server answered with HTTP status ${status} ${type}, which is not gRPC`;
  return { code, message, details: [] };
}

/** What is wrong with a block that has bytes which cannot be read. */
function binaryFault(fields: readonly string[]): CallStatus | undefined {
  const key = findInvalidBinary(fields);
  if (key === undefined) return undefined;
  const message = `the server sent metadata ${JSON.stringify(key)} with a value that is not base64`;
  return { code: StatusCode.INTERNAL, message, details: NO_DETAILS };
}

/** The trailers of a response, or the header block of one that has only trailers. */
export class TrailersHead {
  readonly #fields: readonly string[];
  /** The status; `undefined` when `grpc-status` is missing. */
  readonly status: CallStatus | undefined;

  constructor(fields: readonly string[]) {
    this.#fields = fields;
    let code: string | undefined;
    let message = "";
    let details: string | undefined;
    for (let i = 0; i < fields.length; i += 2) {
      const value = fields[i + 1] as string;
      if (fields[i] === "grpc-status") code = value;
      else if (fields[i] === "grpc-message") message = value;
      else if (fields[i] === "grpc-status-details-bin") details = value;
    }
    const status = code === undefined ? undefined : readStatus(code, message, details);
    // A failure stays what it is: its own status says more than that it was told badly.
    this.status = status?.code === StatusCode.OK ? (binaryFault(fields) ?? status) : status;
  }

  metadata(): Metadata {
    return Metadata.fromHeaderFields(this.#fields);
  }
}

function readStatus(code: string, message: string, details: string | undefined): CallStatus {
  const number = /^[0-9]{1,2}$/.test(code) ? Number(code) : -1;
  const text = decodeGrpcMessage(message);
  if (number < 0 || number > StatusCode.UNAUTHENTICATED) {
    const shown = `the server sent grpc-status ${JSON.stringify(code)}, which is no status code`;
    return { code: StatusCode.UNKNOWN, message: text === "" ? shown : text, details: NO_DETAILS };
  }
  return {
    code: number as StatusCode,
    message: text,
    details: details === undefined ? NO_DETAILS : decodeStatusDetails(details),
  };
}
