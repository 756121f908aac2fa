/** RST_STREAM: the immediate end of one stream. RFC 9113 section 6.4. */

import type { ByteSink } from "../byte-sink.js";
import type { ErrorCode } from "../error.js";
import { FrameType, putUint32, writeFrameHeader } from "./frame-header.js";

export const RST_STREAM_BYTES = 4;

export function writeRstStream(out: ByteSink, streamId: number, code: ErrorCode): void {
  writeFrameHeader(out, RST_STREAM_BYTES, FrameType.RST_STREAM, 0, streamId);
  putUint32(out.buffer, out.position, code);
  out.position += RST_STREAM_BYTES;
}
