/** Writes and reads the bytes of `grpc-status-details-bin` with a google.rpc.BadRequest in it. */
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";

const BAD_REQUEST_URL = "type.googleapis.com/google.rpc.BadRequest";

const root = protobuf.loadSync(fileURLToPath(new URL("google-rpc.proto", import.meta.url)));
const Status = root.lookupType("google.rpc.Status");
const BadRequest = root.lookupType("google.rpc.BadRequest");

/** The bytes of a google.rpc.Status whose one detail names these violations. */
export function encodeBadRequest(code, message, fieldViolations) {
  const value = BadRequest.encode({ fieldViolations }).finish();
  return Buffer.from(Status.encode({ code, message, details: [{ typeUrl: BAD_REQUEST_URL, value }] }).finish());
}

/** The violations in the bytes of a google.rpc.Status; throws when another kind of detail is there. */
export function decodeViolations(bytes) {
  return Status.decode(bytes).details.flatMap(({ typeUrl, value }) => {
    if (typeUrl !== BAD_REQUEST_URL)
      throw new Error(`a detail of the error is not a google.rpc.BadRequest but ${typeUrl}`);
    return BadRequest.decode(value).fieldViolations.map(({ field, description }) => ({ field, description }));
  });
}
