/** The contract between what serialises (frames, HPACK, message codecs) and the buffer that it writes into. */

/**
 * A growing buffer that is written in place.
 *
 * A writer calls `reserve`, stores at `buffer[position…]`, and moves `position` on. `reserve` may replace `buffer` and
 * change `position` (what belongs to the unfinished frame moves along), so both must be read again after it.
 */
export interface ByteSink {
  buffer: Buffer;
  position: number;
  /** Makes sure that `bytes` octets fit after `position`. */
  reserve(bytes: number): void;
}
