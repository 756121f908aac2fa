/** The sink that grows. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codecOf } from "./codec-of.js";
import { OrderSchema } from "./testing/gen/proto3_pb.js";
import { Writer } from "./writer.js";

describe("a Writer", () => {
  it("keeps what was written when it grows", () => {
    const writer = new Writer(1);
    for (let i = 0; i < 300; i++) {
      writer.reserve(1);
      writer.buffer[writer.position++] = i & 255;
    }
    assert.deepStrictEqual(
      [...writer.finish()],
      Array.from({ length: 300 }, (_, i) => i & 255),
    );
  });

  it("makes room for more than twice its size at once", () => {
    const writer = new Writer(8);
    writer.reserve(1000);
    assert.ok(writer.buffer.length >= 1000);
    assert.equal(writer.position, 0);
  });

  it("does not replace the buffer while there is room", () => {
    const writer = new Writer(8);
    const { buffer } = writer;
    writer.reserve(8);
    assert.equal(writer.buffer, buffer);
  });

  it("holds several messages, gives them away as a copy and is empty then", () => {
    const writer = new Writer();
    const codec = codecOf(OrderSchema);
    codec.encode({ quantity: 1 }, writer);
    codec.encode({ paid: true }, writer);
    const bytes = writer.finish();
    codec.encode({ quantity: 2 }, writer);
    assert.deepStrictEqual(bytes, Uint8Array.of(0x10, 1, 0x28, 1));
    assert.deepStrictEqual(writer.finish(), Uint8Array.of(0x10, 2));
  });
});
