/**
 * `gzip` and `deflate` by `node:zlib`. Small messages are done at once; for larger ones a thread of the pool does it, since they
 * would hold up everything else. "deflate" is the zlib format, as in HTTP. RFC 1950 and RFC 1952.
 */
import {
  deflate,
  deflateSync,
  gunzip,
  gunzipSync,
  gzip,
  gzipSync,
  type InputType,
  inflate,
  inflateSync,
  type ZlibOptions,
} from "node:zlib";
import type { CompressionAlgorithm } from "../core/compression.js";

/** Up to this size a message is compressed at once: some 100 µs of work, which is what going to another thread costs. */
const INLINE_BYTES = 4096;
/** Up to this size of the result a message is restored at once. */
const INLINE_RESULT_BYTES = 65_536;

type Async = (buffer: InputType, options: ZlibOptions, done: (error: Error | null, result: Buffer) => void) => void;
type Sync = (buffer: InputType, options?: ZlibOptions) => Buffer;

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

class ZlibCompression implements CompressionAlgorithm {
  readonly name: string;
  readonly #compress: Async;
  readonly #compressSync: Sync;
  readonly #decompress: Async;
  readonly #decompressSync: Sync;

  constructor(name: string, compress: Async, compressSync: Sync, decompress: Async, decompressSync: Sync) {
    this.name = name;
    this.#compress = compress;
    this.#compressSync = compressSync;
    this.#decompress = decompress;
    this.#decompressSync = decompressSync;
  }

  compress(message: Buffer): Buffer | Promise<Buffer> {
    if (message.length <= INLINE_BYTES) return this.#compressSync(message);
    return new Promise((resolve, reject) => {
      this.#compress(message, {}, (error, result) => {
        if (error === null) resolve(result);
        else reject(error);
      });
    });
  }

  decompress(compressed: Buffer, maxBytes: number): Buffer | undefined | Promise<Buffer | undefined> {
    if (compressed.length <= INLINE_BYTES) {
      try {
        return this.#decompressSync(compressed, {
          maxOutputLength: atLeastOne(Math.min(maxBytes, INLINE_RESULT_BYTES)),
        });
      } catch (error) {
        if (!isTooLarge(error)) throw error;
        if (maxBytes <= INLINE_RESULT_BYTES) return undefined;
      }
    }
    return new Promise((resolve, reject) => {
      this.#decompress(compressed, { maxOutputLength: atLeastOne(maxBytes) }, (error, result) => {
        if (error === null) resolve(result);
        else if (isTooLarge(error)) resolve(undefined);
        else reject(error);
      });
    });
  }
}

/** zlib takes no limit of 0. */
function atLeastOne(bytes: number): number {
  return Math.max(bytes, 1);
}

/** The algorithms that every server and channel knows. */
export const zlibCompressions: readonly CompressionAlgorithm[] = [
  new ZlibCompression("gzip", gzip, gzipSync, gunzip, gunzipSync),
  new ZlibCompression("deflate", deflate, deflateSync, inflate, inflateSync),
];
