/**
 * Reads UTF-8 strings: short ones character by character, long ones by the runtime.
 *
 * Where a string is not plain ASCII the result is exactly that of `TextDecoder`, which `@bufbuild/protobuf` uses: a byte
 * order mark at the start is dropped, and invalid UTF-8 is an error or becomes U+FFFD, as the field's features say.
 */
import { Fault } from "./fault.js";
import type { NativeBuffer } from "./native-buffer.js";

/** Up to here collecting the characters is faster than a call into the runtime (measured on Node 20). */
const SHORT_STRING_BYTES = 24;

/** Where the characters of a short string are collected: one array for each length, all of them always full. */
const characters: readonly number[][] = Array.from({ length: SHORT_STRING_BYTES + 1 }, (_, length) =>
  new Array<number>(length).fill(0),
);

const strict = new TextDecoder("utf-8", { fatal: true });
const lenient = new TextDecoder("utf-8");

/** Reads a string of a field that verifies UTF-8. */
export function readString(buffer: Buffer, start: number, end: number): string {
  return end - start <= SHORT_STRING_BYTES ? readShort(buffer, start, end, true) : readLong(buffer, start, end, true);
}

/** Reads a string of a field that takes any bytes; those that are not UTF-8 are replaced. */
export function readUnverifiedString(buffer: Buffer, start: number, end: number): string {
  return end - start <= SHORT_STRING_BYTES ? readShort(buffer, start, end, false) : readLong(buffer, start, end, false);
}

function readShort(buffer: Buffer, start: number, end: number, verify: boolean): string {
  const codes = characters[end - start] as number[];
  for (let i = start; i < end; i++) {
    const byte = buffer[i] as number;
    if (byte > 127) return readLong(buffer, start, end, verify);
    codes[i - start] = byte;
  }
  return String.fromCharCode.apply(String, codes);
}

function readLong(buffer: Buffer, start: number, end: number, verify: boolean): string {
  const text = (buffer as NativeBuffer).utf8Slice(start, end);
  // A byte order mark or a replacement character, which may also have been in the data: let the slow way decide.
  if (text.charCodeAt(0) !== 0xfeff && !text.includes("\ufffd")) return text;
  const bytes = buffer.subarray(start, end);
  if (!verify) return lenient.decode(bytes);
  try {
    return strict.decode(bytes);
  } catch {
    throw new Fault(`a string of ${end - start} bytes is not valid UTF-8`, start);
  }
}
