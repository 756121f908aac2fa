/** Octets to strings and back, one character per octet, each by the means that is faster for the length. */

/** Methods that every Node.js `Buffer` has had for years and that its types leave out. */
interface Latin1Methods {
  latin1Slice(start: number, end: number): string;
  latin1Write(text: string, offset: number, length: number): number;
}

/** Up to here, adding up single characters is faster than a call into native code (about 60 ns, whatever the length). */
const SHORT_READ_BYTES = 8;

/** Up to here, storing octets one by one is faster than a call into native code (about 60 ns, whatever the length). */
const SHORT_WRITE_BYTES = 24;

/** The octets `buffer[start…end)` as a string. */
export function readLatin1(buffer: Buffer, start: number, end: number): string {
  if (end - start > SHORT_READ_BYTES) return (buffer as unknown as Latin1Methods).latin1Slice(start, end);
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCharCode(buffer[i] as number);
  return text;
}

/** Writes the characters' low octets and gives the position after them. There must be room. */
export function writeLatin1(buffer: Buffer, position: number, text: string): number {
  const length = text.length;
  if (length > SHORT_WRITE_BYTES) {
    (buffer as unknown as Latin1Methods).latin1Write(text, position, length);
  } else {
    for (let i = 0; i < length; i++) buffer[position + i] = text.charCodeAt(i);
  }
  return position + length;
}
