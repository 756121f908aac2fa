import assert from "node:assert/strict";
import { test } from "node:test";
import { HpackDecoder } from "./decoder.js";
import { HpackEncoder } from "./encoder.js";
import { HeaderList } from "./header-list.js";
import { decodeError, decodeList, encodeBlock, hex } from "./testing/codec.js";

interface Example {
  readonly section: string;
  /** The table size that the example is for. */
  readonly tableBytes?: number;
  readonly blocks: ReadonlyArray<readonly [octets: string, fields: readonly string[]]>;
  /** The dynamic table after each block, the newest entry first, and its size, as the RFC prints them. */
  readonly tables: ReadonlyArray<readonly [sizeBytes: number, ...fields: readonly string[]]>;
}

const REQUESTS = [
  [":method", "GET", ":scheme", "http", ":path", "/", ":authority", "www.example.com"],
  [":method", "GET", ":scheme", "http", ":path", "/", ":authority", "www.example.com", "cache-control", "no-cache"],
  [
    ...[":method", "GET", ":scheme", "https", ":path", "/index.html", ":authority", "www.example.com"],
    ...["custom-key", "custom-value"],
  ],
] as const;

const [AT_21, AT_22] = ["Mon, 21 Oct 2013 20:13:21 GMT", "Mon, 21 Oct 2013 20:13:22 GMT"] as const;
const LOCATION = "https://www.example.com";
const RESPONSES = [
  [":status", "302", "cache-control", "private", "date", AT_21, "location", LOCATION],
  [":status", "307", "cache-control", "private", "date", AT_21, "location", LOCATION],
  [
    ...[":status", "200", "cache-control", "private", "date", AT_22, "location", LOCATION, "content-encoding", "gzip"],
    ...["set-cookie", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"],
  ],
] as const;

const [AUTHORITY, NO_CACHE] = [[":authority", "www.example.com"] as const, ["cache-control", "no-cache"] as const];
const REQUEST_TABLES: Example["tables"] = [
  [57, ...AUTHORITY],
  [110, ...NO_CACHE, ...AUTHORITY],
  [164, "custom-key", "custom-value", ...NO_CACHE, ...AUTHORITY],
];
const PLACE = ["location", LOCATION, "date", AT_21, "cache-control", "private"] as const;
const RESPONSE_TABLES: Example["tables"] = [
  [222, ...PLACE, ":status", "302"],
  [222, ":status", "307", ...PLACE],
  [215, ...RESPONSES[2].slice(10, 12), "content-encoding", "gzip", "date", AT_22],
];

const EXAMPLES: readonly Example[] = [
  {
    section: "C.2.1 literal with indexing",
    blocks: [["400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", ["custom-key", "custom-header"]]],
    tables: [[55, "custom-key", "custom-header"]],
  },
  {
    section: "C.2.2 literal without indexing",
    blocks: [["040c 2f73 616d 706c 652f 7061 7468", [":path", "/sample/path"]]],
    tables: [[0]],
  },
  {
    section: "C.2.3 literal never indexed",
    blocks: [["1008 7061 7373 776f 7264 0673 6563 7265 74", ["password", "secret"]]],
    tables: [[0]],
  },
  { section: "C.2.4 indexed", blocks: [["82", [":method", "GET"]]], tables: [[0]] },
  {
    section: "C.3 requests without Huffman coding",
    tables: REQUEST_TABLES,
    blocks: [
      ["8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", REQUESTS[0]],
      ["8286 84be 5808 6e6f 2d63 6163 6865", REQUESTS[1]],
      ["8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65", REQUESTS[2]],
    ],
  },
  {
    section: "C.4 requests with Huffman coding",
    tables: REQUEST_TABLES,
    blocks: [
      ["8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", REQUESTS[0]],
      ["8286 84be 5886 a8eb 1064 9cbf", REQUESTS[1]],
      ["8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf", REQUESTS[2]],
    ],
  },
  {
    section: "C.5 responses without Huffman coding",
    tables: RESPONSE_TABLES,
    tableBytes: 256,
    blocks: [
      [
        `4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133
         2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d`,
        RESPONSES[0],
      ],
      ["4803 3330 37c1 c0bf", RESPONSES[1]],
      [
        `88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d
         54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049
         5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31`,
        RESPONSES[2],
      ],
    ],
  },
  {
    section: "C.6 responses with Huffman coding",
    tables: RESPONSE_TABLES,
    tableBytes: 256,
    blocks: [
      [
        `4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6
         2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3`,
        RESPONSES[0],
      ],
      ["4883 640e ffc1 c0bf", RESPONSES[1]],
      [
        `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab
         77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f
         9587 3160 65c0 03ed 4ee5 b106 3d50 07`,
        RESPONSES[2],
      ],
    ],
  },
];

/** A size update of the dynamic table to 256 octets, which the RFC's examples take as agreed on. */
const TO_256 = "3fe101";

for (const { section, tableBytes, blocks, tables } of EXAMPLES) {
  test(`RFC 7541 ${section}: decodes as printed`, () => {
    const decoder = new HpackDecoder();
    blocks.forEach(([octets, fields], i) => {
      const list = decodeList(decoder, hex(tableBytes === 256 && i === 0 ? TO_256 + octets : octets));
      assert.deepEqual(list.fields, fields);
      assert.deepEqual(list.sensitive, section.includes("never indexed") ? [0] : undefined);
    });
  });

  test(`RFC 7541 ${section}: the dynamic table is as printed after each block`, () => {
    tables.forEach(([sizeBytes, ...fields], last) => {
      const decoder = new HpackDecoder();
      blocks.slice(0, last + 1).forEach(([octets], i) => {
        decodeList(decoder, hex(tableBytes === 256 && i === 0 ? TO_256 + octets : octets));
      });
      const count = fields.length / 2;
      const whole = decodeList(decoder, Buffer.from(Array.from({ length: count }, (_, i) => 0x80 + 62 + i)));
      assert.deepEqual(whole.fields, fields);
      assert.equal(whole.size, sizeBytes);
      assert.match(
        decodeError(decoder, Buffer.from([0x80 + 62 + count])),
        new RegExp(`the last one is ${61 + count}$`),
      );
    });
  });

  test(`RFC 7541 ${section}: the fields survive our encoder, which needs fewer octets from the third time on`, () => {
    const encoder = new HpackEncoder();
    if (tableBytes !== undefined) encoder.setPeerTableSize(tableBytes);
    const decoder = new HpackDecoder();
    const sensitive = section.includes("never indexed") ? [0] : undefined;
    for (let round = 0; round < 4; round++) {
      for (const [octets, fields] of blocks) {
        const block = encodeBlock(encoder, new HeaderList(fields, sensitive));
        const list = decodeList(decoder, block);
        assert.deepEqual([list.fields, list.sensitive], [fields, sensitive]);
        if (round >= 2 && tableBytes === undefined && sensitive === undefined) {
          assert.equal(block.length, fields.length / 2, octets);
        }
      }
    }
  });
}
