/** Strings in the Huffman code, both ways. RFC 7541 section 5.2. */
import { CODE_LENGTHS, CODES, CONTAINS_EOS, EMITS, MAY_END, NEXT_ROW_SHIFT, TRANSITIONS } from "./huffman-code.js";

/** {@link decodeHuffman} found EOS in the string. */
export const HUFFMAN_EOS = -1;
/** {@link decodeHuffman} found that the string ends in something other than zero to seven ones. */
export const HUFFMAN_BAD_PADDING = -2;

/** No code is shorter than five bits: how many octets `encodedBytes` octets decode to, at most. */
export function maxDecodedBytes(encodedBytes: number): number {
  return Math.floor((encodedBytes * 8) / 5);
}

/**
 * Decodes `block[start…end)` into `out`, of which it fills `capacity` octets at most. Gives the length of the decoded string,
 * which may be more than `capacity` (what is over it is checked and counted, but not stored), or {@link HUFFMAN_EOS} or
 * {@link HUFFMAN_BAD_PADDING}, both negative.
 */
export function decodeHuffman(block: Buffer, start: number, end: number, out: Buffer, capacity: number): number {
  let entry = MAY_END;
  let length = 0;
  for (let i = start; i < end; i++) {
    const octet = block[i] as number;
    entry = TRANSITIONS[(entry >>> NEXT_ROW_SHIFT) | (octet >>> 4)] as number;
    if (entry === CONTAINS_EOS) return HUFFMAN_EOS;
    if ((entry & EMITS) !== 0) {
      if (length < capacity) out[length] = entry;
      length++;
    }
    entry = TRANSITIONS[(entry >>> NEXT_ROW_SHIFT) | (octet & 0xf)] as number;
    if (entry === CONTAINS_EOS) return HUFFMAN_EOS;
    if ((entry & EMITS) !== 0) {
      if (length < capacity) out[length] = entry;
      length++;
    }
  }
  return (entry & MAY_END) !== 0 ? length : HUFFMAN_BAD_PADDING;
}

/** The number of octets that `text` has in the Huffman code. */
export function huffmanBytes(text: string): number {
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits += CODE_LENGTHS[text.charCodeAt(i) & 0xff] as number;
  return (bits + 7) >>> 3;
}

/** Writes `text` in the Huffman code, padded with ones, and gives the position after it. */
export function writeHuffman(buffer: Buffer, position: number, text: string): number {
  let at = position;
  // The low `pending` bits of `bits` are still to be written; they are seven at most before each symbol.
  let bits = 0;
  let pending = 0;
  for (let i = 0; i < text.length; i++) {
    const symbol = text.charCodeAt(i) & 0xff;
    const code = CODES[symbol] as number;
    let length = CODE_LENGTHS[symbol] as number;
    if (length > 24) {
      // With what is pending this may be more than 32 bits, so the code's upper part goes first.
      length -= 16;
      bits = (bits << length) | (code >>> 16);
      for (pending += length; pending >= 8; pending -= 8) buffer[at++] = bits >>> (pending - 8);
      length = 16;
    }
    bits = (bits << length) | (code & ((1 << length) - 1));
    for (pending += length; pending >= 8; pending -= 8) buffer[at++] = bits >>> (pending - 8);
  }
  if (pending > 0) buffer[at++] = (bits << (8 - pending)) | (0xff >>> pending);
  return at;
}
