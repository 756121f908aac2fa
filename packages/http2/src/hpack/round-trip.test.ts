import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HpackDecoder } from "./decoder.js";
import { HpackEncoder } from "./encoder.js";
import { HeaderList } from "./header-list.js";
import { decodeList, encodeBlock } from "./testing/codec.js";

const octets = (maxLength: number) =>
  fc.uint8Array({ maxLength, size: "max" }).map((bytes) => Buffer.from(bytes).toString("latin1"));

const name = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(":path", ":status", "content-type", "te", "x-a", "x-b", "__proto__", "") },
  { weight: 1, arbitrary: octets(70) },
);
const value = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.constantFrom("", "/", "200", "trailers", "application/grpc", "v".repeat(100), "w".repeat(300)),
  },
  { weight: 2, arbitrary: octets(130) },
  { weight: 1, arbitrary: octets(1500) },
);
const list = fc
  .tuple(fc.array(fc.tuple(name, value, fc.nat(9)), { maxLength: 8 }), fc.boolean())
  .map(([fields, template]) => {
    const sensitive = fields.flatMap(([, , chance], i) => (chance === 0 ? [2 * i] : []));
    const flat = fields.flatMap((field) => field.slice(0, 2) as string[]);
    const marks = sensitive.length > 0 ? sensitive : undefined;
    return template ? HeaderList.template(flat, marks) : new HeaderList(flat, marks);
  });

/** A story of one connection: a pool of lists, the order in which they are sent, and changes of the table's size. */
const story = fc.tuple(
  fc.array(list, { minLength: 1, maxLength: 8 }),
  fc.array(
    fc.oneof(
      { weight: 20, arbitrary: fc.record({ send: fc.array(fc.nat(7), { minLength: 1, maxLength: 3 }) }) },
      { weight: 1, arbitrary: fc.record({ tableBytes: fc.constantFrom(0, 60, 200, 1000, 4096, 10_000) }) },
    ),
    { maxLength: 150, size: "max" },
  ),
);

test("whatever is sent in whatever order over one context arrives as it was", () => {
  fc.assert(
    fc.property(story, ([pool, steps]) => {
      const encoder = new HpackEncoder();
      const decoder = new HpackDecoder({ maxHeaderListBytes: 100_000, maxTableSizeBytes: 10_000 });
      for (const step of steps) {
        if ("tableBytes" in step) {
          encoder.setPeerTableSize(step.tableBytes);
          decoder.setMaxTableSize(step.tableBytes);
          continue;
        }
        const lists = step.send.map((i) => pool[i % pool.length] as HeaderList);
        const decoded = decodeList(decoder, encodeBlock(encoder, ...lists));
        assert.deepEqual(
          decoded.fields,
          lists.flatMap((sent) => sent.fields),
        );
        assert.equal(
          decoded.size,
          lists.reduce((sum, sent) => sum + sent.size, 0),
        );
        const marks = lists.flatMap((sent, i) => {
          const before = lists.slice(0, i).reduce((sum, earlier) => sum + earlier.fields.length, 0);
          return (sent.sensitive ?? []).map((position) => before + position);
        });
        assert.deepEqual(decoded.sensitive ?? [], marks);
      }
    }),
    { numRuns: 300 },
  );
});

test("a decoder with a small limit stays in step with the encoder", () => {
  fc.assert(
    fc.property(story, fc.integer({ min: 0, max: 600 }), ([pool, steps], maxHeaderListBytes) => {
      const encoder = new HpackEncoder();
      const decoder = new HpackDecoder({ maxHeaderListBytes });
      for (const step of steps) {
        if (!("send" in step)) continue;
        const sent = pool[(step.send[0] as number) % pool.length] as HeaderList;
        const block = encodeBlock(encoder, sent);
        const result = decoder.decode(block, 0, block.length);
        assert.ok("size" in result);
        assert.equal(result.size, sent.size);
        assert.equal(result.count, sent.count);
        assert.equal(result instanceof HeaderList, sent.size <= maxHeaderListBytes);
        if (result instanceof HeaderList) assert.deepEqual(result.fields, sent.fields);
      }
    }),
    { numRuns: 200 },
  );
});
