/**
 * The Huffman code of RFC 7541 appendix B, and the tables made of it when the module is loaded.
 *
 * The code is canonical: codes of one length are consecutive numbers in the order of their symbols, and follow the shorter
 * ones. So the lengths say it all, and no table of codes has to be kept or generated.
 */

/** The symbol that stands for the end of a string. It is never sent; its first bits (all ones) are the padding. */
export const EOS = 256;

/** The length of the longest codes, in bits. */
const MAX_LENGTH = 30;

/** Code lengths in bits of the symbols 0 to 255 and of EOS. */
const LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
  28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6,
  5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23,
  22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22,
  23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26,
  20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27,
  27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27,
  27, 27, 27, 26, 30,
];

/** Code lengths in bits, by symbol. */
export const CODE_LENGTHS: Uint8Array = Uint8Array.from(LENGTHS);

/** Codes, right-aligned, by symbol. */
export const CODES: Uint32Array = canonicalCodes(CODE_LENGTHS);

/** Set in an entry of {@link TRANSITIONS} when a symbol is complete; the symbol is the entry's low octet. */
export const EMITS = 0x100;
/** Set in an entry of {@link TRANSITIONS} when the string may end here: all bits since the last symbol are valid padding. */
export const MAY_END = 0x200;
/** An entry that is this: the four bits complete EOS, which a string must not contain. */
export const CONTAINS_EOS = -1;
/** `entry >>> NEXT_ROW_SHIFT` is where the next state's row begins. */
export const NEXT_ROW_SHIFT = 16;

/**
 * A state machine that takes four bits at a time: `TRANSITIONS[row + bits]`, the first row being 0. Its 256 states are the
 * inner nodes of the code tree, that is, what is known of the next symbol. No code is shorter than five bits, so four bits
 * complete one symbol at most.
 */
export const TRANSITIONS: Int32Array = transitions();

function canonicalCodes(lengths: Uint8Array): Uint32Array {
  const counts = new Uint32Array(MAX_LENGTH + 1);
  for (const bits of lengths) counts[bits] = (counts[bits] as number) + 1;
  const next = new Uint32Array(MAX_LENGTH + 1);
  for (let bits = 1; bits <= MAX_LENGTH; bits++) {
    next[bits] = 2 * ((next[bits - 1] as number) + (counts[bits - 1] as number));
  }
  return Uint32Array.from(lengths, (bits) => (next[bits] as number)++);
}

/** The code tree: `tree[2 * node + bit]` is the next node, or `-1 - symbol` for a leaf. Node 0 is the root. */
function codeTree(): Int32Array {
  const tree = new Int32Array(2 * EOS);
  let nodes = 1;
  for (let symbol = 0; symbol <= EOS; symbol++) {
    const code = CODES[symbol] as number;
    let node = 0;
    for (let bit = (CODE_LENGTHS[symbol] as number) - 1; bit > 0; bit--) {
      const branch = 2 * node + ((code >>> bit) & 1);
      if (tree[branch] === 0) tree[branch] = nodes++;
      node = tree[branch] as number;
    }
    tree[2 * node + (code & 1)] = -1 - symbol;
  }
  return tree;
}

function transitions(): Int32Array {
  const tree = codeTree();
  const ends = endStates(tree);
  const table = new Int32Array(EOS * 16);
  for (let state = 0; state < EOS; state++) {
    for (let bits = 0; bits < 16; bits++) {
      let node = state;
      let symbol = -1;
      for (let shift = 3; shift >= 0 && symbol !== EOS; shift--) {
        node = tree[2 * node + ((bits >>> shift) & 1)] as number;
        if (node < 0) {
          symbol = -1 - node;
          node = 0;
        }
      }
      const emitted = symbol >= 0 ? EMITS | symbol : 0;
      const mayEnd = ends.has(node) ? MAY_END : 0;
      table[state * 16 + bits] = symbol === EOS ? CONTAINS_EOS : ((node * 16) << NEXT_ROW_SHIFT) | mayEnd | emitted;
    }
  }
  return table;
}

/** The states after nothing but zero to seven ones since the last symbol. RFC 7541 section 5.2. */
function endStates(tree: Int32Array): Set<number> {
  const ends = new Set([0]);
  let node = 0;
  for (let ones = 1; ones <= 7; ones++) {
    node = tree[2 * node + 1] as number;
    ends.add(node);
  }
  return ends;
}
