/**
 * Writes scalars where the caller made room, and returns the next index. Little-endian.
 *
 * The values have been checked, except for 64-bit integers: those are checked here because that is where they are split.
 */
import type { DescField } from "@bufbuild/protobuf";
import { halves, splitInt64, splitSint64, splitUint64 } from "./check-value.js";
import { writeVarint64 } from "./write-varint.js";

export function writeFixed32(buffer: Buffer, start: number, value: number): number {
  buffer[start] = value;
  buffer[start + 1] = value >>> 8;
  buffer[start + 2] = value >>> 16;
  buffer[start + 3] = value >>> 24;
  return start + 4;
}

/** Writes the halves of a 64-bit integer that was just split as 8 bytes. */
export function writeHalves(buffer: Buffer, start: number): number {
  return writeFixed32(buffer, writeFixed32(buffer, start, halves.low), halves.high);
}

/** Writes the halves of a 64-bit integer that was just split as a varint. */
export function writeVarintHalves(buffer: Buffer, start: number): number {
  return writeVarint64(buffer, start, halves.low, halves.high);
}

export function writeInt64(buffer: Buffer, start: number, value: unknown, field: DescField): number {
  splitInt64(value, field);
  return writeVarintHalves(buffer, start);
}

export function writeUint64(buffer: Buffer, start: number, value: unknown, field: DescField): number {
  splitUint64(value, field);
  return writeVarintHalves(buffer, start);
}

export function writeSint64(buffer: Buffer, start: number, value: unknown, field: DescField): number {
  splitSint64(value, field);
  return writeVarintHalves(buffer, start);
}

export function writeFixed64(buffer: Buffer, start: number, value: unknown, field: DescField): number {
  splitUint64(value, field);
  return writeHalves(buffer, start);
}

export function writeSfixed64(buffer: Buffer, start: number, value: unknown, field: DescField): number {
  splitInt64(value, field);
  return writeHalves(buffer, start);
}

export function writeFloat(buffer: Buffer, start: number, value: number): number {
  return buffer.writeFloatLE(value, start);
}

export function writeDouble(buffer: Buffer, start: number, value: number): number {
  return buffer.writeDoubleLE(value, start);
}
