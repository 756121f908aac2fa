/** Reads the scalars that are more than a 32-bit varint: 64-bit integers and floating point numbers. Little-endian. */
import { cursor } from "./cursor.js";
import { readVarint64 } from "./read-varint.js";

const scratch = new DataView(new ArrayBuffer(8));

/** The bigint of two signed halves, as a signed 64-bit integer. */
function signed64(low: number, high: number): bigint {
  scratch.setInt32(0, low, true);
  scratch.setInt32(4, high, true);
  return scratch.getBigInt64(0, true);
}

/** The bigint of two signed halves, as an unsigned 64-bit integer. */
function unsigned64(low: number, high: number): bigint {
  scratch.setInt32(0, low, true);
  scratch.setInt32(4, high, true);
  return scratch.getBigUint64(0, true);
}

export function readInt64(buffer: Buffer, position: number): bigint {
  const low = readVarint64(buffer, position);
  return signed64(low, cursor.high);
}

export function readUint64(buffer: Buffer, position: number): bigint {
  const low = readVarint64(buffer, position);
  return unsigned64(low, cursor.high);
}

export function readSint64(buffer: Buffer, position: number): bigint {
  const low = readVarint64(buffer, position);
  const high = cursor.high;
  const sign = -(low & 1);
  return signed64(((low >>> 1) | ((high & 1) << 31)) ^ sign, (high >>> 1) ^ sign);
}

/** A bool is a 64-bit varint of which any bit is set. */
export function readBool(buffer: Buffer, position: number): boolean {
  const low = readVarint64(buffer, position);
  return (low | cursor.high) !== 0;
}

export function readFixed32(buffer: Buffer, position: number): number {
  return readSfixed32(buffer, position) >>> 0;
}

export function readSfixed32(buffer: Buffer, position: number): number {
  return (
    (buffer[position] as number) |
    ((buffer[position + 1] as number) << 8) |
    ((buffer[position + 2] as number) << 16) |
    ((buffer[position + 3] as number) << 24)
  );
}

export function readFixed64(buffer: Buffer, position: number): bigint {
  return unsigned64(readSfixed32(buffer, position), readSfixed32(buffer, position + 4));
}

export function readSfixed64(buffer: Buffer, position: number): bigint {
  return signed64(readSfixed32(buffer, position), readSfixed32(buffer, position + 4));
}

export function readFloat(buffer: Buffer, position: number): number {
  scratch.setInt32(0, readSfixed32(buffer, position), true);
  return scratch.getFloat32(0, true);
}

export function readDouble(buffer: Buffer, position: number): number {
  scratch.setInt32(0, readSfixed32(buffer, position), true);
  scratch.setInt32(4, readSfixed32(buffer, position + 4), true);
  return scratch.getFloat64(0, true);
}
