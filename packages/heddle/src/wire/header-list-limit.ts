/**
 * What happens when a header block is larger than its receiver says that it accepts (SETTINGS_MAX_HEADER_LIST_SIZE). Sent all the
 * same, most receivers would reset the call, or drop the connection with all other calls on it; so the call is told the truth
 * before: a request fails here with RESOURCE_EXHAUSTED, and a response leaves without what is too much.
 *
 * The limit is advisory (RFC 9113 section 6.5.2), and a hostile peer can set it to anything. A limit under which no call would
 * fit, with no metadata at all, is taken for nonsense and ignored: failing every call because of it would do the peer's work, and
 * resetting calls instead of answering them would be a flood of resets at the peer's wish. So metadata can exceed a limit, and
 * gRPC's own fields never do.
 */
import { StatusCode } from "../core/status.js";
import { decodeGrpcMessage, encodeGrpcMessage } from "./grpc-message.js";

/** What RFC 9113 section 6.5.2 counts for each field beside its name and value. */
const FIELD_OVERHEAD_BYTES = 32;

/** The size of header fields, given as name, value, name, value, …, as the limit counts it. RFC 9113 section 6.5.2. */
export function headerListBytes(fields: readonly string[]): number {
  let bytes = (fields.length / 2) * FIELD_OVERHEAD_BYTES;
  for (const text of fields) bytes += text.length;
  return bytes;
}

/**
 * Why metadata cannot be sent to a peer that accepts `limitBytes`; `undefined` when it can. `ownBytes` are the fields of gRPC and
 * HTTP/2 in the same block.
 */
export function metadataExcess(
  metadataFields: readonly string[],
  ownBytes: number,
  limitBytes: number,
): string | undefined {
  if (metadataFields.length === 0 || ownBytes > limitBytes) return undefined;
  const metadataBytes = headerListBytes(metadataFields);
  const bytes = ownBytes + metadataBytes;
  if (bytes <= limitBytes) return undefined;
  return `take ${bytes} octets, ${metadataBytes} of them metadata; the peer accepts ${limitBytes} (its SETTINGS_MAX_HEADER_LIST_SIZE)`;
}

/**
 * Trailers that a peer that accepts `limitBytes` takes: as they are, or without metadata and details. A failure keeps its code and as
 * much of its message as fits; a success becomes RESOURCE_EXHAUSTED, since it would not be one without its trailers. `fields` begin
 * with `grpc-status` and, if there is one, `grpc-message`; `otherBytes` are other fields in the same block.
 */
export function fitTrailers(fields: readonly string[], otherBytes: number, limitBytes: number): readonly string[] {
  const bytes = otherBytes + headerListBytes(fields);
  if (bytes <= limitBytes) return fields;
  const ownMessage = fields[2] === "grpc-message" ? (fields[3] as string) : "";
  const sizes = `${bytes} octets with its trailers, and the peer accepts ${limitBytes} (its SETTINGS_MAX_HEADER_LIST_SIZE)`;
  const isOk = fields[1] === String(StatusCode.OK);
  const remark = isOk
    ? `the call succeeded, but its status takes ${sizes}`
    : `${ownMessage === "" ? "" : " "}(without details and trailers: the status takes ${sizes})`;
  const bare = ["grpc-status", isOk ? String(StatusCode.RESOURCE_EXHAUSTED) : (fields[1] as string)];
  const leftBytes = limitBytes - otherBytes - headerListBytes([...bare, "grpc-message", remark]);
  if (leftBytes >= 0) return [...bare, "grpc-message", cutMessage(ownMessage, leftBytes) + remark];
  return otherBytes + headerListBytes(bare) <= limitBytes ? bare : fields;
}

/** As much of a percent-coded message as fits, cut between two characters. */
function cutMessage(encoded: string, bytes: number): string {
  if (encoded.length <= bytes) return encoded;
  const whole = encoded.slice(0, bytes).replace(/%.?$/, "");
  return encodeGrpcMessage(decodeGrpcMessage(whole).replace(/\uFFFD$/, ""));
}
