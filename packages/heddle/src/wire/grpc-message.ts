/**
 * The text of the `grpc-message` trailer: a status message in UTF-8, percent-coded.
 *
 * Neither direction ever throws or drops text: a damaged message is worth more than none. `encodeURI` and `decodeURI` do neither.
 * Source: "Status-Message" in https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */

const PERCENT = 0x25;

/** Everything but the printable ASCII characters, and `%` itself. */
const needsEncoding = /[^\x20-\x24\x26-\x7e]/;
/** What the decoder has to look at: escapes, and bytes that a careless peer sent without escaping them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is what the grammar of HTTP field values leaves
const needsDecoding = /[^\x00-\x24\x26-\x7f]/;

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

/** `%00` to `%FF`, by byte; printable ASCII other than `%` stands for itself. */
const encodedByByte: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return needsEncoding.test(character) ? `%${byte.toString(16).toUpperCase().padStart(2, "0")}` : character;
});

/** Encodes a status message for the wire. A lone surrogate, which UTF-8 cannot express, is sent as U+FFFD. */
export function encodeGrpcMessage(message: string): string {
  if (!needsEncoding.test(message)) return message;
  let text = "";
  for (const byte of utf8Encoder.encode(message)) text += encodedByByte[byte];
  return text;
}

/**
 * Decodes a received `grpc-message`. A `%` that does not begin a complete escape stays as it is, and bytes that are not UTF-8
 * become U+FFFD. Unescaped characters from U+0080 to U+00FF are taken for the raw bytes that they were on the wire.
 */
export function decodeGrpcMessage(text: string): string {
  if (!needsDecoding.test(text)) return text;
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) return text; // no header field holds it: not from the wire, so there is nothing to undo
    const escaped = code === PERCENT ? escapedByte(text, i) : -1;
    bytes[length++] = escaped < 0 ? code : escaped;
    if (escaped >= 0) i += 2;
  }
  return utf8Decoder.decode(bytes.subarray(0, length));
}

/** The byte that the escape at `index` stands for; -1 when it is not one. */
function escapedByte(text: string, index: number): number {
  const high = hexDigit(text.charCodeAt(index + 1));
  const low = hexDigit(text.charCodeAt(index + 2));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/** The value of a hexadecimal digit in either case; -1 for anything else, also for the NaN behind the end of a text. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x41 && code <= 0x46) return code - 0x41 + 10;
  if (code >= 0x61 && code <= 0x66) return code - 0x61 + 10;
  return -1;
}
