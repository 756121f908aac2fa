/**
 * Receives a file in pieces and answers with its size and hash.
 *
 * Nothing is kept: a piece is hashed and forgotten, so that an upload costs the server the same memory whatever its size.
 */
import { createHash } from "node:crypto";
import { RpcError, type ServiceHandlers, StatusCode } from "heddle";
import type { FileInfo, Upload } from "./gen/upload_pb.js";

/** The largest file that the server takes if it is not told otherwise: 64 MiB. */
export const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/**
 * The handlers of the upload service. A file above `maxBytes` is refused with RESOURCE_EXHAUSTED as soon as it is
 * announced; pieces that do not add up to what was announced are refused with INVALID_ARGUMENT.
 */
export function createUploadHandlers(maxBytes: number): ServiceHandlers<typeof Upload> {
  return {
    async uploadFile(requests) {
      const hash = createHash("sha256");
      let info: FileInfo | undefined;
      let received = 0;

      for await (const { part } of requests) {
        if (part.case === "info") {
          if (info) throw invalid("The file was announced twice.");
          info = accepted(part.value, maxBytes);
        } else if (part.case === "chunk") {
          if (!info) throw invalid("A chunk came before the file was announced; the first message must be the info.");
          received += part.value.length;
          if (received > info.sizeBytes) throw invalid(`More than the announced ${info.sizeBytes} bytes came.`);
          hash.update(part.value);
        } else {
          throw invalid("A message was neither info nor chunk.");
        }
      }

      if (!info) throw invalid("The upload is empty; the first message must be the info.");
      if (BigInt(received) !== info.sizeBytes) {
        throw invalid(`The file was announced with ${info.sizeBytes} bytes, but ${received} came.`);
      }
      return { sizeBytes: info.sizeBytes, sha256: hash.digest("hex") };
    },
  };
}

function accepted(info: FileInfo, maxBytes: number): FileInfo {
  if (info.sizeBytes <= maxBytes) return info;
  throw new RpcError(
    StatusCode.RESOURCE_EXHAUSTED,
    `The file has ${info.sizeBytes} bytes; this server takes ${maxBytes} at most.`,
  );
}

function invalid(message: string): RpcError {
  return new RpcError(StatusCode.INVALID_ARGUMENT, message);
}
