/** Copies bytes out of a buffer, so that they outlive it. */

/** Up to here a loop is faster than a call into the runtime (measured on Node 20). */
const SHORT_COPY_BYTES = 48;

/** From here on, memory that is not zeroed first is worth the detour by a `Buffer`. */
const UNZEROED_BYTES = 4096;

/** A copy of `buffer[start, end)` with memory of its own. */
export function copyBytes(buffer: Buffer, start: number, end: number): Uint8Array {
  const length = end - start;
  // `allocUnsafeSlow` gives memory of its own, never a part of Node's pool.
  const bytes =
    length < UNZEROED_BYTES ? new Uint8Array(length) : new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
  if (length > SHORT_COPY_BYTES) {
    bytes.set(buffer.subarray(start, end));
  } else {
    for (let i = 0; i < length; i++) bytes[i] = buffer[start + i] as number;
  }
  return bytes;
}
