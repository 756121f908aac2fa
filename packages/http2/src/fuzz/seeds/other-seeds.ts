/** Seeds for the targets "integers-and-huffman" and "conversation". */
import { hex } from "../../hpack/testing/codec.js";
import { Turn } from "../conversation/program.js";
import { simpleHuffmanEncode } from "../testing/simple-hpack.js";
import type { Seed } from "./seed.js";

const octets = (name: string, about: string, digits: string): Seed => ({ name, about, octets: hex(digits) });

export const INTEGER_AND_HUFFMAN_SEEDS: readonly Seed[] = [
  octets("rfc-integer", "RFC 7541 C.1.2: 1337 with a prefix of five bits.", "1f9a0a"),
  octets("largest-integer", "2^31-1 with a prefix of seven bits.", "ff80ffffff07"),
  octets("integer-one-too-large", "2^31 with a prefix of seven bits.", "ff81ffffff07"),
  octets("integer-with-zeros", "An integer with octets that add nothing.", "ff808080808000"),
  octets("integer-without-an-end", "An integer whose last octet is missing.", "ffffff"),
  octets("only-ones", "Thirty-two ones: EOS, and padding.", "ffffffff"),
  octets("seven-bits-of-padding", "The most padding that is allowed, and one bit more.", "07ff"),
  octets("nothing", "No octets.", ""),
  {
    name: "every-octet-in-huffman-code",
    about: "The codes of all 256 octets.",
    octets: simpleHuffmanEncode(Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString("latin1")),
  },
];

/** Options of both sides, sizes of chunks, and turns. */
const talk = (
  name: string,
  about: string,
  header: readonly number[],
  ...turns: readonly (readonly number[])[]
): Seed => ({
  name,
  about,
  octets: Buffer.from([...header, ...turns.flatMap(([what = 0, value = 0, call = 0]) => [what | (call << 4), value])]),
});

const LARGE = 13;

export const CONVERSATION_SEEDS: readonly Seed[] = [
  talk(
    "large-messages-through-tiny-windows",
    "150,000 octets each way through windows of 20 and 1000 octets, in chunks of one octet and of seven.",
    [1, 2, 1, 2],
    [Turn.OPEN],
    [Turn.CLIENT_SENDS, 11],
    [Turn.SETTLE],
    [Turn.SERVER_ANSWERS],
    [Turn.SERVER_SENDS, 11],
    [Turn.CONSUME, 0],
    [Turn.CONSUME, 1],
  ),
  talk(
    "windows-that-grow",
    "Both sides send much and read at once, so that their windows grow.",
    [5 | 0x80, 5 | 0x80, 0, 6],
    [Turn.OPEN],
    [Turn.CLIENT_SENDS, LARGE],
    [Turn.SETTLE],
    [Turn.SERVER_ANSWERS],
    [Turn.SERVER_SENDS, LARGE],
    [Turn.SETTLE],
    [Turn.CLIENT_SENDS, LARGE],
    [Turn.SERVER_SENDS, LARGE],
  ),
  talk(
    "both-reset",
    "Both sides reset the call at once.",
    [0, 0, 0, 0],
    [Turn.OPEN],
    [Turn.TO_SERVER],
    [Turn.SERVER_RESETS, 5],
    [Turn.CLIENT_RESETS, 8],
  ),
  talk(
    "answer-before-the-request-ends",
    "The server ends its answer while the request goes on.",
    [1, 1, 3, 3],
    [Turn.OPEN],
    [Turn.CLIENT_SENDS, 8],
    [Turn.TO_SERVER],
    [Turn.SERVER_ANSWERS],
    [Turn.SERVER_ENDS, 1],
    [Turn.CLIENT_SENDS, 5],
    [Turn.SETTLE],
  ),
  talk(
    "drain-under-way",
    "The server leaves while calls begin.",
    [0, 0, 0, 0],
    [Turn.OPEN],
    [Turn.TO_SERVER],
    [Turn.DRAIN, 0],
    [Turn.OPEN],
    [Turn.DRAIN, 1],
    [Turn.OPEN],
    [Turn.TO_SERVER],
    [Turn.TO_CLIENT],
    [Turn.OPEN],
  ),
  talk(
    "blocked-with-too-much",
    "A blocked client with more in its queues than it may have.",
    [6, 6, 0, 0],
    [Turn.OPEN],
    [Turn.OPEN],
    [Turn.BLOCK, 2],
    [Turn.CLIENT_SENDS, 9, 0],
    [Turn.CLIENT_SENDS, 9, 1],
    [Turn.OPEN],
    [Turn.BLOCK, 0],
    [Turn.SETTLE],
    [Turn.OPEN],
  ),
  talk(
    "nobody-reads",
    "More arrives than may lie unread.",
    [7, 7, 0, 0],
    [Turn.OPEN],
    [Turn.OPEN],
    [Turn.OPEN],
    [Turn.CLIENT_SENDS, LARGE, 0],
    [Turn.CLIENT_SENDS, LARGE, 1],
    [Turn.CLIENT_SENDS, LARGE, 2],
    [Turn.SETTLE],
    [Turn.CONSUME, 1],
    [Turn.SETTLE],
  ),
  talk(
    "two-at-a-time",
    "A server that takes two streams, and resets one for a third to begin.",
    [0, 8, 0, 0],
    [Turn.OPEN],
    [Turn.OPEN],
    [Turn.OPEN],
    [Turn.TO_SERVER],
    [Turn.SERVER_RESETS, 2],
    [Turn.TO_CLIENT],
    [Turn.OPEN],
    [Turn.SETTLE],
  ),
];
