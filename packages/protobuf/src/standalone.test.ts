/** How codecs come to be. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codecOf } from "./codec-of.js";
import { decode, encode } from "./standalone.js";
import { OrderSchema, TreeSchema } from "./testing/gen/proto3_pb.js";

describe("codecOf", () => {
  it("gives one codec for each schema", () => {
    assert.equal(codecOf(OrderSchema), codecOf(OrderSchema));
    assert.notEqual(codecOf(OrderSchema), codecOf(TreeSchema));
  });
});

describe("encode and decode", () => {
  it("go on after an error", () => {
    assert.throws(() => encode(OrderSchema, { id: "written before the error", quantity: 0.5 }));
    assert.deepStrictEqual(encode(OrderSchema, { quantity: 1 }), Uint8Array.of(0x10, 1));
    assert.throws(() => decode(OrderSchema, Uint8Array.of(0x10)));
    assert.equal(decode(OrderSchema, Uint8Array.of(0x10, 1)).quantity, 1);
  });

  it("take a view of a larger ArrayBuffer", () => {
    const bytes = Uint8Array.of(9, 9, 0x10, 1, 9).subarray(2, 4);
    assert.equal(decode(OrderSchema, bytes).quantity, 1);
  });

  it("give and take messages larger than any buffer that is kept", () => {
    const id = "x".repeat(1_000_000);
    assert.equal(decode(OrderSchema, encode(OrderSchema, { id })).id, id);
    assert.equal(encode(OrderSchema, { quantity: 1 }).length, 2);
  });
});
