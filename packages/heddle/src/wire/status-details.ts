/**
 * The trailer `grpc-status-details-bin`: a `google.rpc.Status` with the details of an error, in base64.
 *
 * It does not decide the status: `grpc-status` and `grpc-message` do, and the copies of them in here are not looked at.
 * Sources: "Responses" in https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md; `protos/google/rpc/status.proto`.
 */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { decodeBase64, encodeBase64, isBase64 } from "../core/base64.js";
import type { RpcError } from "../core/rpc-error.js";
import { StatusSchema } from "../errors/gen/google/rpc/status_pb.js";

/** The value of the trailer for an error; `undefined` when the error has no details, for then the trailer is not sent. */
export function encodeStatusDetails(error: Pick<RpcError, "code" | "message" | "details">): string | undefined {
  const { code, message, details } = error;
  if (details.length === 0) return undefined;
  const status = create(StatusSchema, { code, message, details: [...details] });
  return encodeBase64(toBinary(StatusSchema, status));
}

/**
 * The details in a received trailer. A trailer that cannot be decoded gives none: what matters more, the status itself, is known
 * without it.
 */
export function decodeStatusDetails(value: string): Any[] {
  if (!isBase64(value)) return [];
  try {
    return fromBinary(StatusSchema, decodeBase64(value)).details;
  } catch {
    return [];
  }
}
