/**
 * Lets the interop client tell a response that came compressed from one that did not.
 *
 * A server's handler can ask its call; a client gets the message alone. So the client brings a gzip of its own, which appends an
 * unknown field to whatever it restores: a message that has the field was compressed.
 */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { Message } from "@bufbuild/protobuf";
import type { CompressionAlgorithm, CompressionOptions } from "heddle";

/** No message of the tests has a field of this number. */
const MARK_FIELD = 1999;
/** The field with the varint 1. */
const MARK = Buffer.from([((MARK_FIELD << 3) & 0x7f) | 0x80, (MARK_FIELD << 3) >> 7, 1]);

const deflateAll = promisify(gzip);
const inflateAll = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);

const markingGzip: CompressionAlgorithm = {
  name: "gzip",
  compress: (message) => deflateAll(message),
  async decompress(compressed, maxBytes) {
    try {
      return Buffer.concat([await inflateAll(compressed, { maxOutputLength: maxBytes }), MARK]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return undefined;
      throw error;
    }
  },
};

/** What a channel needs for {@link wasCompressed}. Nothing is compressed unless a call says so. */
export const observedCompression: CompressionOptions = { algorithms: [markingGzip] };

/** Whether a response came with the flag "compressed". */
export function wasCompressed(message: Message): boolean {
  return message.$unknown?.some(({ no }) => no === MARK_FIELD) ?? false;
}
