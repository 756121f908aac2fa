/**
 * The entry point `heddle/errors`: the messages of google.rpc that are commonly put into the details of an error.
 *
 * ```ts
 * throw new RpcError(StatusCode.RESOURCE_EXHAUSTED, "too many orders", {
 *   details: [detail(ErrorInfoSchema, { reason: "ORDERS_PER_DAY", domain: "shop.example.com" })],
 * });
 * // … and in the caller:
 * const [info] = error.detailsOf(ErrorInfoSchema);
 * ```
 *
 * The messages are generated from `protos/google/rpc`; `npm run generate` does it again.
 */
export { detail } from "../core/error-details.js";
export { Code, CodeSchema } from "./gen/google/rpc/code_pb.js";
export {
  type BadRequest,
  type BadRequest_FieldViolation,
  BadRequest_FieldViolationSchema,
  BadRequestSchema,
  type DebugInfo,
  DebugInfoSchema,
  type ErrorInfo,
  ErrorInfoSchema,
  type Help,
  type Help_Link,
  Help_LinkSchema,
  HelpSchema,
  type LocalizedMessage,
  LocalizedMessageSchema,
  type PreconditionFailure,
  type PreconditionFailure_Violation,
  PreconditionFailure_ViolationSchema,
  PreconditionFailureSchema,
  type QuotaFailure,
  type QuotaFailure_Violation,
  QuotaFailure_ViolationSchema,
  QuotaFailureSchema,
  type RequestInfo,
  RequestInfoSchema,
  type ResourceInfo,
  ResourceInfoSchema,
  type RetryInfo,
  RetryInfoSchema,
} from "./gen/google/rpc/error_details_pb.js";
export { type Status, StatusSchema } from "./gen/google/rpc/status_pb.js";
