/**
 * The seventeen status codes with which a gRPC call can end.
 *
 * Numbers and names are those of https://grpc.io/docs/guides/status-codes/ (google.rpc.Code has the same).
 * How foreign statuses (HTTP, RST_STREAM) become one of these is told in `wire/status-mapping.ts`.
 */

/** The codes by name. `StatusCode.NOT_FOUND` is the number 5 that travels as `grpc-status`. */
export const StatusCode = {
  /** The call succeeded. An `RpcError` never has this code. */
  OK: 0,
  /** The caller no longer wants the answer. heddle reports it to both sides when a signal aborts or a stream is left early. */
  CANCELLED: 1,
  /** Something failed and nothing better is known: a handler threw an ordinary error, or the peer sent a status that is no status. */
  UNKNOWN: 2,
  /** The request is wrong whatever state the system is in: a malformed name, a missing field. Repeating it is useless. */
  INVALID_ARGUMENT: 3,
  /** The time given to the call has passed. The server may have done the work all the same. */
  DEADLINE_EXCEEDED: 4,
  /** The thing asked for is not there, or is hidden from everybody alike. */
  NOT_FOUND: 5,
  /** The thing to be created is there already. */
  ALREADY_EXISTS: 6,
  /** The caller is known, and may not do this. Use UNAUTHENTICATED for a caller who is not known. */
  PERMISSION_DENIED: 7,
  /** A quota or a limit is used up: rate, disk, message size. heddle uses it for messages over the configured limits. */
  RESOURCE_EXHAUSTED: 8,
  /** The system must be brought into another state first: the directory to be removed is not empty. Do not just repeat the call. */
  FAILED_PRECONDITION: 9,
  /** Lost against a concurrent call: begin again with the whole sequence, for instance read, change and write. */
  ABORTED: 10,
  /** Past the end of something that may grow: reading behind the last page. Unlike INVALID_ARGUMENT, it may be right later. */
  OUT_OF_RANGE: 11,
  /** The server does not offer this method, or a feature that the call needs. */
  UNIMPLEMENTED: 12,
  /** An invariant is broken: the protocol was violated, a message cannot be parsed. Somebody should look at it. */
  INTERNAL: 13,
  /** The server cannot be reached or does not take calls now. The call may be tried again, after a pause. */
  UNAVAILABLE: 14,
  /** Data is lost or damaged for good. */
  DATA_LOSS: 15,
  /** The caller has not proved who it is: credentials are missing, wrong or expired. */
  UNAUTHENTICATED: 16,
} as const;

/** One of the numbers 0 to 16. */
export type StatusCode = (typeof StatusCode)[keyof typeof StatusCode];

const namesByCode: readonly string[] = Object.keys(StatusCode);

/** Whether `value` is one of the codes 0 to 16. A status number from the network that is none of them means UNKNOWN. */
export function isStatusCode(value: unknown): value is StatusCode {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < namesByCode.length;
}

/** The name of a code, `"NOT_FOUND"` for 5; `"CODE_42"` for a number that is no status code, so that logs keep the number. */
export function statusName(code: number): string {
  return namesByCode[code] ?? `CODE_${code}`;
}
