/** The digests of what the programs send: each side makes the bytes by itself, and only digests are compared. */
import { createHash } from "node:crypto";

/** Of a file whose byte at i is i modulo 251. */
export function fileDigest(sizeBytes: number): string {
  return createHash("sha256")
    .update(Uint8Array.from({ length: sizeBytes }, (_, i) => i % 251))
    .digest("hex");
}

/** Of the bodies of numbered messages, one after the other: each byte of message n is n modulo 256. */
export function numberedDigest(messages: number, bodyBytes: number): string {
  const digest = createHash("sha256");
  for (let number = 0; number < messages; number++) digest.update(Buffer.alloc(bodyBytes, number % 256));
  return digest.digest("hex");
}
