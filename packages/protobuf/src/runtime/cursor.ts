/**
 * The second results of the reading functions.
 *
 * A function that reads a value of unknown length returns the value and leaves the index behind it here, so that no pair
 * is allocated. It is valid until the next call of a reading function. Decoding never calls user code, so one is enough.
 */
export const cursor = {
  /** The index behind the value that was read last. */
  position: 0,
  /** The upper 32 bits of the 64-bit varint that was read last; the lower ones were returned. */
  high: 0,
};
