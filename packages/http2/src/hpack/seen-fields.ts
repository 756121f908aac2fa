/**
 * Remembers which fields were sent lately, to tell those that recur from those that are one of a kind.
 *
 * It keeps hashes, and only so many: a field may be forgotten, or in rare cases taken for another one. Both cost a few octets
 * on the wire and nothing else.
 */

/** Fields are remembered in sets, by their hash. */
const SET_BITS = 5;
/** How many fields a set holds. With one only, two fields of the same list that share a set would displace each other for ever. */
const SET_SIZE = 4;

export class SeenFields {
  /** The hashes of the last fields of each set, the latest one first; 0 for none. */
  readonly #hashes = new Int32Array(SET_SIZE << SET_BITS);

  /** Whether the field is remembered; from now on it is. */
  remember(name: string, value: string): boolean {
    const hashes = this.#hashes;
    const hash = hashText(hashText(name.length, name), value);
    const first = (Math.imul(hash, 0x9e37_79b1) >>> (32 - SET_BITS)) * SET_SIZE;
    const end = first + SET_SIZE;
    for (let i = first; i < end; i++) if (hashes[i] === hash) return true;
    for (let i = end - 1; i > first; i--) hashes[i] = hashes[i - 1] as number;
    hashes[first] = hash;
    return false;
  }
}

/** FNV-1a, going on from `seed`. */
function hashText(seed: number, text: string): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193);
  return hash;
}
