/**
 * Integers that begin in the low bits of an octet and go on, seven bits at a time. RFC 7541 section 5.1.
 *
 * The prefix is given as its mask: 0x7f for a prefix of seven bits. Nothing here checks for room: who writes has reserved it.
 */

/** The largest integer that is read or written; nothing in HPACK has use for more. */
export const MAX_INTEGER = 0x7fff_ffff;

/** {@link readInteger} found the end of the block inside the integer. */
export const INTEGER_TRUNCATED = -1;
/** {@link readInteger} found more than {@link MAX_INTEGER}, or more octets than that needs. */
export const INTEGER_TOO_LARGE = -2;

/** MAX_INTEGER fits in five octets of seven bits. More of them could only be zeros, sent to keep a decoder busy. */
const MAX_CONTINUATION_OCTETS = 5;

/** A place in a block that is being read. */
export interface BlockCursor {
  block: Buffer;
  position: number;
  end: number;
}

/**
 * Reads the integer whose prefix is in the octet at `cursor.position`, and moves the cursor past it.
 * Gives {@link INTEGER_TRUNCATED} or {@link INTEGER_TOO_LARGE}, both negative, when there is none.
 */
export function readInteger(cursor: BlockCursor, prefixMask: number): number {
  if (cursor.position >= cursor.end) return INTEGER_TRUNCATED;
  const prefix = (cursor.block[cursor.position++] as number) & prefixMask;
  return prefix < prefixMask ? prefix : readContinuation(cursor, prefixMask);
}

function readContinuation(cursor: BlockCursor, prefixMask: number): number {
  const { block, end } = cursor;
  let value = prefixMask;
  let weight = 1;
  for (let octets = 0; octets < MAX_CONTINUATION_OCTETS; octets++) {
    if (cursor.position >= end) return INTEGER_TRUNCATED;
    const octet = block[cursor.position++] as number;
    // A product, as a shift would wrap at 32 bits.
    value += (octet & 0x7f) * weight;
    if (value > MAX_INTEGER) return INTEGER_TOO_LARGE;
    if (octet < 0x80) return value;
    weight *= 128;
  }
  return INTEGER_TOO_LARGE;
}

/**
 * Writes `value` (0 to {@link MAX_INTEGER}) in at most six octets, with `pattern` in the bits of the first one that the prefix
 * leaves free. Gives the position after it.
 */
export function writeInteger(
  buffer: Buffer,
  position: number,
  pattern: number,
  prefixMask: number,
  value: number,
): number {
  let at = position;
  if (value < prefixMask) {
    buffer[at++] = pattern | value;
    return at;
  }
  buffer[at++] = pattern | prefixMask;
  let rest = value - prefixMask;
  while (rest >= 0x80) {
    buffer[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buffer[at++] = rest;
  return at;
}
