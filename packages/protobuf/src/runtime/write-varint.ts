/**
 * Writes varints (protobuf encoding, "Base 128 Varints") where the caller made room, and returns the next index.
 */

/** Writes an unsigned 32-bit integer: at most 5 bytes. */
export function writeUint32(buffer: Buffer, start: number, value: number): number {
  let position = start;
  let rest = value;
  while (rest > 127) {
    buffer[position++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  buffer[position++] = rest;
  return position;
}

/** Writes a signed 32-bit integer: a negative one is extended to 64 bits and takes 10 bytes. */
export function writeInt32(buffer: Buffer, start: number, value: number): number {
  if (value >= 0) return writeUint32(buffer, start, value);
  buffer[start] = (value & 127) | 128;
  buffer[start + 1] = ((value >>> 7) & 127) | 128;
  buffer[start + 2] = ((value >>> 14) & 127) | 128;
  buffer[start + 3] = ((value >>> 21) & 127) | 128;
  buffer[start + 4] = (value >> 28) | 128;
  buffer[start + 5] = 255;
  buffer[start + 6] = 255;
  buffer[start + 7] = 255;
  buffer[start + 8] = 255;
  buffer[start + 9] = 1;
  return start + 10;
}

/** Writes a signed 32-bit integer in zigzag form: at most 5 bytes. */
export function writeSint32(buffer: Buffer, start: number, value: number): number {
  return writeUint32(buffer, start, ((value << 1) ^ (value >> 31)) >>> 0);
}

/** Writes 64 bits given as two halves: at most 10 bytes. */
export function writeVarint64(buffer: Buffer, start: number, low: number, high: number): number {
  let position = start;
  let lowRest = low >>> 0;
  let highRest = high >>> 0;
  while (highRest !== 0) {
    buffer[position++] = (lowRest & 127) | 128;
    lowRest = ((lowRest >>> 7) | (highRest << 25)) >>> 0;
    highRest >>>= 7;
  }
  return writeUint32(buffer, position, lowRest);
}

/** How many bytes an unsigned 32-bit integer takes as a varint. */
export function varintBytes(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
}
