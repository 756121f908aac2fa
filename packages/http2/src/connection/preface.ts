/** What each side's octets begin with. RFC 9113 section 3.4. */
import type { Role } from "./options.js";

/** The octets that a client begins with, before its SETTINGS. */
export const PREFACE: Buffer = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** A server begins with SETTINGS, whose length does not reach into its highest octet. Neither TLS nor any text begins so. */
const BEGINNING_OF_SETTINGS: Buffer = Buffer.of(0);

/** Checks what the peer begins with as it comes in, in any number of parts. */
export class PrefaceMatcher {
  readonly #expected: Buffer;
  /** The preface is done with; the beginning of SETTINGS belongs to the frame. */
  readonly #isSkipped: boolean;
  #matched = 0;

  /** `role` is ours. */
  constructor(role: Role) {
    this.#expected = role === "server" ? PREFACE : BEGINNING_OF_SETTINGS;
    this.#isSkipped = role === "server";
  }

  get isComplete(): boolean {
    return this.#matched === this.#expected.length;
  }

  /** Reads from `chunk` at its beginning. Returns the index at which frames begin, or -1 on a mismatch. */
  match(chunk: Buffer): number {
    let position = 0;
    while (this.#matched < this.#expected.length && position < chunk.length) {
      if (chunk[position] !== this.#expected[this.#matched]) return -1;
      position += 1;
      this.#matched += 1;
    }
    return this.#isSkipped ? position : 0;
  }
}

/** Whether octets look like a record of TLS: a handshake message or an alert, of any version. RFC 8446 section 5.1. */
export function looksLikeTls(octets: Buffer): boolean {
  return (octets[0] === 0x15 || octets[0] === 0x16) && octets[1] === 3;
}
