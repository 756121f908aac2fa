/**
 * Credentials of calls: metadata that proves who is calling, asked for anew for each call. They go over TLS only.
 * Source: https://grpc.io/docs/guides/auth/, and https://github.com/grpc/proposal/blob/master/A54-restrict-control-plane-statuses.md
 */
import { Metadata, type MetadataInit } from "./metadata.js";
import { RpcError } from "./rpc-error.js";
import { StatusCode, statusName } from "./status.js";

/** For which call credentials are asked. */
export interface CallCredentialsContext {
  /** The audience of a token: `https://host/package.Service`, with the port unless it is 443. */
  readonly serviceUrl: string;
  /** The method, as it is on the wire: `/package.Service/Method`. */
  readonly methodPath: string;
  /** Aborts when the call is over before the credentials are there. */
  readonly signal: AbortSignal;
}

/**
 * Gives the metadata that is added to a call, for example `{ authorization: "Bearer …" }`. It is called once for each call, when there
 * is a connection for it; keep a token that several calls can use. The call waits, and its deadline and signal count. An `RpcError` that it
 * throws is the call's error, anything else fails the call with UNAUTHENTICATED.
 */
export type CallCredentials = (context: CallCredentialsContext) => MetadataInit | Promise<MetadataInit>;

/** Several credentials as one: all are asked at the same time, and their metadata are added in this order. */
export function combineCallCredentials(...all: readonly CallCredentials[]): CallCredentials {
  return async (context) => {
    const parts = await Promise.all(all.map(async (credentials) => credentials(context)));
    return parts.flatMap((part) => [...Metadata.from(part)]);
  };
}

/** Codes that only the application may give; coming from credentials they would look like the server's. gRFC A54. */
const CODES_OF_APPLICATIONS: ReadonlySet<StatusCode> = new Set([
  StatusCode.INVALID_ARGUMENT,
  StatusCode.NOT_FOUND,
  StatusCode.ALREADY_EXISTS,
  StatusCode.FAILED_PRECONDITION,
  StatusCode.ABORTED,
  StatusCode.OUT_OF_RANGE,
  StatusCode.DATA_LOSS,
]);

/** With which code and message a call ends whose credentials failed. */
export function credentialsFailure(thrown: unknown): { readonly code: StatusCode; readonly message: string } {
  if (!(thrown instanceof RpcError)) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return { code: StatusCode.UNAUTHENTICATED, message: `the call's credentials failed: ${text}` };
  }
  if (!CODES_OF_APPLICATIONS.has(thrown.code)) return { code: thrown.code, message: thrown.message };
  const name = statusName(thrown.code);
  return {
    code: StatusCode.INTERNAL,
    message: `the call's credentials failed with ${name}, which only the server may answer: ${thrown.message}`,
  };
}
