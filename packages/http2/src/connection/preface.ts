/** The octets that a client's connection begins with. RFC 9113 section 3.4. */

export const PREFACE: Buffer = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** Checks the preface as it comes in, in any number of parts. */
export class PrefaceMatcher {
  #matched = 0;

  get isComplete(): boolean {
    return this.#matched === PREFACE.length;
  }

  /** Reads from `chunk` at `at`. Returns the index behind the last octet of the preface that was there, or -1 on a mismatch. */
  match(chunk: Buffer, at: number): number {
    let position = at;
    while (this.#matched < PREFACE.length && position < chunk.length) {
      if (chunk[position] !== PREFACE[this.#matched]) return -1;
      position += 1;
      this.#matched += 1;
    }
    return position;
  }
}
