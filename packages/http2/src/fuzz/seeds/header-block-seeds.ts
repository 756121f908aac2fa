/** Seeds for the target "header-blocks". The first ones are the examples of RFC 7541 appendix C. */
import { hex } from "../../hpack/testing/codec.js";
import { writeBlock, writeBlockProgram, writeTableSize } from "../header-blocks/program.js";
import type { Seed } from "./seed.js";

/** The indices of limits that a program begins with. */
const DEFAULTS = [0, 0, 0];
const LIST_OF_100_OCTETS = [4, 0, 0];
const LIST_OF_NOTHING = [1, 0, 0];

const seed = (name: string, about: string, ...blocks: readonly string[]): Seed => ({
  name,
  about,
  octets: writeBlockProgram(DEFAULTS, ...blocks.map((digits) => writeBlock(hex(digits)))),
});

export const HEADER_BLOCK_SEEDS: readonly Seed[] = [
  seed(
    "rfc-requests",
    "RFC 7541 C.3: requests without Huffman code.",
    "828684410f7777772e6578616d706c652e636f6d",
    "828684be58086e6f2d6361636865",
    "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
  ),
  seed(
    "rfc-requests-huffman",
    "RFC 7541 C.4: requests with Huffman code.",
    "828684418cf1e3c2e5f23a6ba0ab90f4ff",
    "828684be5886a8eb10649cbf",
    "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
  ),
  seed(
    "rfc-responses-huffman",
    "RFC 7541 C.6: responses with Huffman code and evictions, in a table of 256 octets.",
    "3fe101488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3",
    "4883640effc1c0bf",
  ),
  seed("index-zero", "Index 0 stands for nothing.", "80"),
  seed("index-past-the-tables", "An index past the tables' end, and one that is far past.", "be", "ffffffffff07"),
  seed("endless-integer", "An integer whose octets never end.", "ffffffffffffffffffffffffffffffff"),
  seed("integer-of-zeros", "An integer with more octets than it needs.", "ff8080808000", "ff80808080808000"),
  seed("string-of-4-gibibytes", "A literal that says it is 4 GiB long.", "007f80ffffff0f"),
  seed("string-of-2-gibibytes", "A literal of 2^31-1 octets, in Huffman code.", "00ff80ffffff07"),
  seed("string-past-the-end", "A literal that is one octet longer than the block.", "0003616201"),
  seed("eos-in-a-string", "Huffman code that contains EOS.", "0084ffffffff00"),
  seed(
    "padding-of-eight-bits",
    "Huffman code with too much padding, and with padding that is not all ones.",
    "00821fff00",
    "00811800",
  ),
  seed("size-update-over-the-limit", "A size update to 4097.", "3fe21f82"),
  seed("size-update-behind-a-field", "A size update that does not come first.", "823f01"),
  seed("three-size-updates", "Many size updates at the beginning.", "203f01203fe11f82"),
  seed(
    "entry-larger-than-the-table",
    "A field that is larger than the table empties it.",
    "400161013f",
    "3f0140016101627f",
    "be",
  ),
  seed(
    "name-that-is-evicted",
    "A literal with indexing takes its name from the entry that it evicts.",
    "3f213e",
    "3f2140016101627e0163",
    "be7e01647e0165be",
  ),
  seed(
    "same-block-after-eviction",
    "A block that was cached means something else after the table has changed.",
    "4001610162",
    "be",
    "4001630164",
    "be",
    "20",
    "be",
  ),
  seed(
    "never-indexed",
    "Sensitive literals are kept nowhere, twice the same.",
    "100870617373776f726406736563726574",
    "100870617373776f726406736563726574",
  ),
  seed("empty-block", "Blocks of no octets.", "", "82", ""),
  {
    name: "missing-size-update",
    about: "The limit shrinks and grows again; a block must begin with a size update to the smallest one.",
    octets: writeBlockProgram(
      DEFAULTS,
      writeBlock(hex("4001610162")),
      writeTableSize(33),
      writeTableSize(4096),
      writeBlock(hex("be")),
      writeBlock(hex("3f033fe11f82")),
    ),
  },
  {
    name: "update-that-is-too-large",
    about: "After the limit has shrunk, the size update is not small enough.",
    octets: writeBlockProgram(
      DEFAULTS,
      writeTableSize(100),
      writeBlock(hex("3f4682")),
      writeTableSize(100),
      writeBlock(hex("3f4582")),
    ),
  },
  {
    name: "oversized-list-with-indexing",
    about: "A list over the limit, whose fields go into the table all the same, and are named by the next blocks.",
    octets: writeBlockProgram(
      LIST_OF_100_OCTETS,
      writeBlock(Buffer.concat([hex("400161"), hex("7f09"), Buffer.alloc(136, 0x62), hex("4001630164")])),
      writeBlock(hex("be")),
      writeBlock(hex("bf")),
      writeBlock(hex("bebe")),
    ),
  },
  {
    name: "list-limit-of-nothing",
    about: "No field is small enough, but the table is kept.",
    octets: writeBlockProgram(
      LIST_OF_NOTHING,
      writeBlock(hex("4001610162")),
      writeBlock(hex("be")),
      writeBlock(hex("")),
    ),
  },
  {
    name: "list-bomb",
    about: "One large entry, named very often.",
    octets: writeBlockProgram(
      DEFAULTS,
      writeBlock(Buffer.concat([hex("4001617fe906"), Buffer.alloc(1000, 0x62)])),
      writeBlock(Buffer.alloc(1000, 0xbe)),
      writeBlock(hex("be")),
    ),
  },
  {
    name: "templates-and-table-sizes",
    about: "An encoder with lists that it remembers, while the peer changes the size of its table.",
    octets: writeBlockProgram(
      DEFAULTS,
      hex("250203040005050025020304000505000700000d0203040005050001060b0007003c25020304000505000710002502030400050500"),
    ),
  },
];
