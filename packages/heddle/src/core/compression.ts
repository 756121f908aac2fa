/**
 * Compression of messages, as users say it and as algorithms are plugged in.
 * Source: https://github.com/grpc/grpc/blob/master/doc/compression.md
 */

/** The name that stands for no compression. */
export const IDENTITY = "identity";

/** A way to compress messages. Each message is compressed by itself, with nothing kept from one to the next. */
export interface CompressionAlgorithm {
  /** Its name in `grpc-encoding`, such as `zstd`. */
  readonly name: string;
  /** Compresses a message. The octets are the algorithm's to keep. What it throws fails the call with INTERNAL. */
  compress(message: Buffer): Buffer | Promise<Buffer>;
  /**
   * Restores a message, which is not changed meanwhile. Gives `undefined` as soon as more than `maxBytes` octets come out, without
   * making them all. Throws (or rejects) when the octets are not what `compress` makes.
   */
  decompress(compressed: Buffer, maxBytes: number): Buffer | undefined | Promise<Buffer | undefined>;
}

/** What a server or a channel compresses, and with what. */
export interface CompressionOptions {
  /** Algorithms besides the built-in `gzip` and `deflate`; one of the same name takes the built-in one's place. */
  readonly algorithms?: readonly CompressionAlgorithm[] | undefined;
  /** The algorithm for messages that are sent, unless a call says otherwise. Default `identity`: none. */
  readonly send?: string | undefined;
  /** Messages smaller than this are sent as they are, in octets. Default 1024. */
  readonly minBytes?: number | undefined;
}
