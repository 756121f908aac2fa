/**
 * Reads varints (protobuf encoding, "Base 128 Varints").
 *
 * None of these knows where the data ends: bytes past it are read as whatever they are, or as zero, and the caller
 * compares the position with the limit before it uses the result.
 */
import { cursor } from "./cursor.js";
import { Fault } from "./fault.js";

/** The longest varint: 64 bits in groups of seven. */
const MAX_VARINT_BYTES = 10;

/** Reads the lower 32 bits of a varint of up to ten bytes, unsigned. */
export function readUint32(buffer: Buffer, start: number): number {
  let position = start;
  let byte = buffer[position++] as number;
  let value = byte & 0x7f;
  if ((byte & 0x80) !== 0) {
    byte = buffer[position++] as number;
    value |= (byte & 0x7f) << 7;
    if ((byte & 0x80) !== 0) {
      byte = buffer[position++] as number;
      value |= (byte & 0x7f) << 14;
      if ((byte & 0x80) !== 0) {
        byte = buffer[position++] as number;
        value |= (byte & 0x7f) << 21;
        if ((byte & 0x80) !== 0) {
          byte = buffer[position++] as number;
          value |= (byte & 0x0f) << 28;
          while ((byte & 0x80) !== 0) {
            if (position - start === MAX_VARINT_BYTES) throw new Fault("a varint is longer than 10 bytes", start);
            byte = buffer[position++] as number;
          }
        }
      }
    }
  }
  cursor.position = position;
  return value >>> 0;
}

/** Reads a varint of up to ten bytes: returns the lower 32 bits, signed, and leaves the upper ones in the cursor. */
export function readVarint64(buffer: Buffer, start: number): number {
  let position = start;
  let byte = 0;
  let low = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    byte = buffer[position++] as number;
    low |= (byte & 0x7f) << shift;
    if ((byte & 0x80) === 0) {
      cursor.position = position;
      cursor.high = 0;
      return low;
    }
  }
  byte = buffer[position++] as number;
  low |= (byte & 0x0f) << 28;
  let high = (byte & 0x70) >> 4;
  for (let shift = 3; (byte & 0x80) !== 0; shift += 7) {
    if (shift > 31) throw new Fault("a varint is longer than 10 bytes", start);
    byte = buffer[position++] as number;
    high |= (byte & 0x7f) << shift;
  }
  cursor.position = position;
  cursor.high = high;
  return low;
}

/** Reads a tag: a field number and a wire type in at most 32 bits, which take five bytes. */
export function readTag(buffer: Buffer, start: number): number {
  const tag = readUint32(buffer, start);
  const bytes = cursor.position - start;
  if (bytes > 5 || (bytes === 5 && (buffer[start + 4] as number) > 0x0f)) {
    throw new Fault("a tag does not fit in 32 bits", start);
  }
  return tag;
}

/**
 * Judges a tag whose field number is 0 or whose wire type is 4 or more: true for the end of the group that is being read,
 * false for a field, an error for a tag that cannot be. `group` is the number of the group, 0 outside of groups.
 */
export function endsGroup(tag: number, group: number, position: number): boolean {
  const number = tag >>> 3;
  const wireType = tag & 7;
  if (number === 0) throw new Fault("a tag has the field number 0", position);
  if (wireType > 5) throw new Fault(`a tag of field number ${number} has the unknown wire type ${wireType}`, position);
  if (wireType !== 4 || group === 0) return false;
  if (number !== group) throw new Fault(`group ${group} is closed by the end tag of group ${number}`, position);
  return true;
}
