/** Reproducible randomness for tests whose order of events is not theirs: the seed belongs into the message of what fails. */

/** A source of numbers from 0 (inclusive) to 1. The generator is mulberry32, in the public domain. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Octets in which a lost, doubled or displaced part shows. */
export function createBody(bytes: number, random: () => number): Buffer {
  const body = Buffer.allocUnsafe(bytes);
  for (let i = 0; i < bytes; i++) body[i] = (random() * 256) | 0;
  return body;
}
