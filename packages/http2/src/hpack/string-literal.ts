/** Writes string literals. RFC 7541 section 5.2. */
import { huffmanBytes, writeHuffman } from "./huffman.js";
import { writeInteger } from "./integer.js";
import { writeLatin1 } from "./latin1.js";

const HUFFMAN = 0x80;
const LENGTH_MASK = 0x7f;

/**
 * Shorter strings are sent as they are. The Huffman code would save a fifth of them, a few octets, and cost several times
 * what it costs to copy them, here and again at the peer. What is sent often is in the tables anyway.
 */
export const MIN_HUFFMAN_BYTES = 64;

/**
 * Writes a string, in the Huffman code if it is long and that makes it shorter, and gives the position after it.
 * It takes no more than the string's length and six octets.
 */
export function writeString(buffer: Buffer, position: number, text: string): number {
  if (text.length >= MIN_HUFFMAN_BYTES) {
    const bytes = huffmanBytes(text);
    if (bytes < text.length) {
      return writeHuffman(buffer, writeInteger(buffer, position, HUFFMAN, LENGTH_MASK, bytes), text);
    }
  }
  return writeLatin1(buffer, writeInteger(buffer, position, 0, LENGTH_MASK, text.length), text);
}
