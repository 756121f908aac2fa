/**
 * Reads decisions from an input, so that any octets at all are a valid input: past the end everything is zero.
 * It knows no format; each target has its own.
 */

export class OctetReader {
  readonly #octets: Buffer;
  #position = 0;

  /** The octets are not copied and must not change. */
  constructor(octets: Uint8Array) {
    this.#octets = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  }

  get position(): number {
    return this.#position;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#octets.length;
  }

  octet(): number {
    const value = this.#octets[this.#position] ?? 0;
    this.#position = Math.min(this.#position + 1, this.#octets.length);
    return value;
  }

  /** Two octets in network order. */
  uint16(): number {
    return this.octet() * 0x100 + this.octet();
  }

  /** Four octets in network order. */
  uint32(): number {
    return this.uint16() * 0x1_0000 + this.uint16();
  }

  /** As many octets as are left, up to `count`. */
  take(count: number): Buffer {
    const taken = this.#octets.subarray(this.#position, this.#position + count);
    this.#position += taken.length;
    return taken;
  }

  /** One of the given values. */
  pick<T>(values: readonly T[]): T {
    return values[this.octet() % values.length] as T;
  }
}
