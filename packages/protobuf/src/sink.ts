/**
 * What an encoder writes into: a buffer, a position in it, and a way to get more room.
 *
 * The output buffer of an HTTP/2 connection is one; `Writer` of this package is another.
 */
export interface ByteSink {
  /** Where to write. */
  buffer: Buffer;
  /** The index of the next free byte of `buffer`. */
  position: number;
  /**
   * Makes sure that `bytes` more bytes fit after `position`.
   *
   * It may replace `buffer` and it may change `position`, so both are to be read again afterwards. The bytes that were
   * written since the encoder was called are kept, directly before the new position.
   */
  reserve(bytes: number): void;
}
