import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { StatusCode } from "../core/status.js";
import { MessageAssembler, PREFIX_BYTES } from "./message-assembler.js";

const LIMIT_BYTES = 300_000;

function framed(message: Uint8Array, flags = 0): Buffer {
  return Buffer.concat([prefix(message.length, flags), message]);
}

function prefix(length: number, flags = 0): Buffer {
  const octets = Buffer.alloc(PREFIX_BYTES);
  octets[0] = flags;
  octets.writeUInt32BE(length, 1);
  return octets;
}

function createAssembler(limitBytes = LIMIT_BYTES, wanted = Number.POSITIVE_INFINITY) {
  const messages: Buffer[] = [];
  const buffers: Buffer[] = [];
  const assembler = new MessageAssembler(
    {
      onMessage: (buffer, start, end, wireBytes) => {
        assert.equal(wireBytes, end - start + PREFIX_BYTES);
        messages.push(Buffer.from(buffer.subarray(start, end)));
        buffers.push(buffer);
        return messages.length < wanted;
      },
    },
    limitBytes,
  );
  return { assembler, messages, buffers };
}

/** Cuts octets at these positions, given as shares of the whole. */
function cut(octets: Buffer, shares: readonly number[]): Buffer[] {
  const positions = [0, ...shares.map((share) => Math.floor(share * octets.length)), octets.length];
  positions.sort((a, b) => a - b);
  return positions.slice(1).map((end, index) => Buffer.from(octets.subarray(positions[index], end)));
}

test("any messages cut into any chunks come out as they went in", () => {
  const message = fc.oneof(
    { weight: 20, arbitrary: fc.uint8Array({ maxLength: 40 }) },
    // Larger than the first buffer, so that it has to grow.
    {
      weight: 1,
      arbitrary: fc.integer({ min: 60_000, max: LIMIT_BYTES }).map((bytes) => new Uint8Array(bytes).fill(bytes)),
    },
  );
  const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), shares, (sent, cuts) => {
      const { assembler, messages } = createAssembler();
      let received = 0;
      for (const chunk of cut(Buffer.concat(sent.map((one) => framed(one))), cuts)) {
        // The chunk lies within a larger buffer, and is spoilt afterwards.
        const around = Buffer.concat([Buffer.alloc(3, 0xee), chunk, Buffer.alloc(3, 0xee)]);
        assert.equal(assembler.push(around, 3, 3 + chunk.length), undefined);
        around.fill(0xdd);
        received += chunk.length;
        const complete = messages.reduce((sum, one) => sum + one.length + PREFIX_BYTES, 0);
        assert.equal(assembler.partialBytes, received - complete);
        assert.equal(assembler.truncation === undefined, received === complete);
      }
      assert.ok(messages.length === sent.length && sent.every((one, index) => messages[index]?.equals(one)));
    }),
    { numRuns: 300 },
  );
});

test("octet by octet, too", () => {
  const { assembler, messages } = createAssembler();
  const sent = ["", "a", "", "hello", "x".repeat(300)].map((text) => Buffer.from(text));
  for (const octet of Buffer.concat(sent.map((one) => framed(one)))) assembler.push(Buffer.from([octet]), 0, 1);
  assert.deepEqual(messages, sent);
});

test("a message that lies within a chunk is passed on where it lies", () => {
  const { assembler, buffers } = createAssembler();
  const chunk = Buffer.concat([framed(Buffer.from("a")), framed(Buffer.from("b"))]);
  assembler.push(chunk, 0, chunk.length);
  assert.deepEqual(
    buffers.map((buffer) => buffer === chunk),
    [true, true],
  );
});

test("a message of the limit is accepted, one more octet is refused as soon as the prefix is there", () => {
  const { assembler, messages } = createAssembler(10);
  assert.equal(assembler.push(framed(Buffer.alloc(10)), 0, 15), undefined);
  assert.equal(messages.length, 1);
  for (const cutAt of [1, PREFIX_BYTES]) {
    const fresh = createAssembler(10).assembler;
    const octets = prefix(11);
    const faults = [
      fresh.push(octets, 0, cutAt),
      cutAt < PREFIX_BYTES ? fresh.push(octets, cutAt, PREFIX_BYTES) : undefined,
    ];
    assert.deepEqual(
      faults.filter((fault) => fault !== undefined),
      [{ code: StatusCode.RESOURCE_EXHAUSTED, message: "a message of 11 octets exceeds the receive limit of 10" }],
    );
  }
});

test("a length with its highest bit set is a large one, not a negative one", () => {
  const fault = createAssembler().assembler.push(prefix(0xffff_ffff), 0, PREFIX_BYTES);
  assert.match(fault?.message ?? "", /a message of 4294967295 octets/);
});

test("a prefix that claims much takes no memory for what has not come", () => {
  const before = process.memoryUsage().arrayBuffers;
  const assemblers = Array.from({ length: 100 }, () => {
    const { assembler } = createAssembler(1 << 30);
    assert.equal(assembler.push(Buffer.concat([prefix(1 << 30), Buffer.alloc(1)]), 0, PREFIX_BYTES + 1), undefined);
    return assembler;
  });
  const grownBytes = process.memoryUsage().arrayBuffers - before;
  assert.ok(assemblers.every((one) => one.partialBytes === PREFIX_BYTES + 1));
  assert.ok(grownBytes < 100 * 100_000, `${grownBytes} octets for 100 messages of which one octet each has come`);
});

test("compressed messages and unknown flags are refused", () => {
  const compressed = createAssembler().assembler.push(framed(Buffer.alloc(1), 1), 0, 6);
  assert.equal(compressed?.code, StatusCode.INTERNAL);
  assert.match(compressed?.message ?? "", /marked as compressed/);
  const unknown = createAssembler().assembler.push(framed(Buffer.alloc(1), 0x82), 0, 6);
  assert.equal(unknown?.code, StatusCode.INTERNAL);
  assert.match(unknown?.message ?? "", /begins with 130; 0 and 1 are the only flags/);
});

test("what is missing at the end is told in octets", () => {
  const at = (bytes: number): string | undefined => {
    const { assembler } = createAssembler();
    assembler.push(framed(Buffer.from("hello")), 0, bytes);
    return assembler.truncation?.message;
  };
  assert.equal(at(0), undefined);
  assert.equal(at(3), "the stream ended after 3 of the 5 octets of a message's prefix");
  assert.equal(at(5), "the stream ended after 0 of the 5 octets of a message");
  assert.equal(at(9), "the stream ended after 4 of the 5 octets of a message");
  assert.equal(at(10), undefined);
});

test("a receiver that has enough gets no more of the chunk", () => {
  for (const cutAt of [0, 1]) {
    const { assembler, messages } = createAssembler(LIMIT_BYTES, 1);
    const octets = Buffer.concat([framed(Buffer.from("a")), framed(Buffer.from("b"))]);
    // The first message lies in one chunk, or in two.
    assembler.push(octets, 0, cutAt);
    assembler.push(octets, cutAt, octets.length);
    assert.deepEqual(messages, [Buffer.from("a")]);
  }
});
