/**
 * Base64 as `-bin` metadata uses it: the standard alphabet, sent without padding, accepted with and without.
 *
 * It says no to the URL alphabet, to white space and to padding in the wrong place, which the decoder beneath it would take.
 * Source: "Binary-Header" in https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";

const alphabetThenPadding = /^[A-Za-z0-9+/]*={0,2}$/;

/** Encodes without padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return base64Encode(bytes, "std_raw");
}

/** Whether `decodeBase64` takes the text. Linear in its length. The empty text stands for no bytes. */
export function isBase64(text: string): boolean {
  if (!alphabetThenPadding.test(text)) return false;
  const padded = text.endsWith("=");
  return padded ? text.length % 4 === 0 : text.length % 4 !== 1;
}

/** Decodes a text that {@link isBase64} has accepted. The bytes are new and belong to the caller. */
export function decodeBase64(text: string): Uint8Array {
  return base64Decode(text);
}
