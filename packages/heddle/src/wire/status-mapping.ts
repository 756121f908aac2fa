/**
 * What a failure told in the terms of HTTP means as a gRPC status.
 *
 * Only for responses that carry no `grpc-status` of their own; one that does is taken at its word, whatever HTTP says.
 */
import { StatusCode } from "../core/status.js";

/** https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md */
const statusByHttpStatus: ReadonlyMap<number, StatusCode> = new Map([
  [400, StatusCode.INTERNAL],
  [401, StatusCode.UNAUTHENTICATED],
  [403, StatusCode.PERMISSION_DENIED],
  [404, StatusCode.UNIMPLEMENTED],
  [429, StatusCode.UNAVAILABLE],
  [431, StatusCode.INTERNAL],
  [502, StatusCode.UNAVAILABLE],
  [503, StatusCode.UNAVAILABLE],
  [504, StatusCode.UNAVAILABLE],
]);

/**
 * By error code of RFC 9113, section 7; the right-hand side is the table under "Errors" in
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
const statusByHttp2Error: readonly StatusCode[] = [
  /* 0x0 NO_ERROR            */ StatusCode.INTERNAL,
  /* 0x1 PROTOCOL_ERROR      */ StatusCode.INTERNAL,
  /* 0x2 INTERNAL_ERROR      */ StatusCode.INTERNAL,
  /* 0x3 FLOW_CONTROL_ERROR  */ StatusCode.INTERNAL,
  /* 0x4 SETTINGS_TIMEOUT    */ StatusCode.INTERNAL,
  /* 0x5 STREAM_CLOSED       */ StatusCode.INTERNAL,
  /* 0x6 FRAME_SIZE_ERROR    */ StatusCode.INTERNAL,
  /* 0x7 REFUSED_STREAM      */ StatusCode.UNAVAILABLE,
  /* 0x8 CANCEL              */ StatusCode.CANCELLED,
  /* 0x9 COMPRESSION_ERROR   */ StatusCode.INTERNAL,
  /* 0xa CONNECT_ERROR       */ StatusCode.INTERNAL,
  /* 0xb ENHANCE_YOUR_CALM   */ StatusCode.RESOURCE_EXHAUSTED,
  /* 0xc INADEQUATE_SECURITY */ StatusCode.PERMISSION_DENIED,
  /* 0xd HTTP_1_1_REQUIRED   */ StatusCode.INTERNAL,
];

/** The status of a response that has an HTTP status but no `grpc-status`. 200 is UNKNOWN too: an answer, but not gRPC's. */
export function statusFromHttp(httpStatus: number): StatusCode {
  return statusByHttpStatus.get(httpStatus) ?? StatusCode.UNKNOWN;
}

/** The status of a call whose stream the peer ended by RST_STREAM. Codes that HTTP/2 does not know count as INTERNAL_ERROR. */
export function statusFromHttp2Error(errorCode: number): StatusCode {
  return statusByHttp2Error[errorCode] ?? StatusCode.INTERNAL;
}
