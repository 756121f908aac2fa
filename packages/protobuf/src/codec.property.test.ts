/**
 * The codecs do what `toBinary` and `fromBinary` do, for every message type and any content.
 *
 * The environment variable PROPERTY_RUNS says how many inputs each property is tried with; 100 by default.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { codecOf } from "./codec-of.js";
import { DecodeError } from "./decode-error.js";
import { EncodeError } from "./encode-error.js";
import { decode, encode } from "./standalone.js";
import { initOf } from "./testing/message-arbitrary.js";
import { MovingSink } from "./testing/moving-sink.js";
import { schemas } from "./testing/schemas.js";

const numRuns = Number(process.env.PROPERTY_RUNS ?? 100);

/** The result, or `undefined` if there is an error of the expected kind. */
function attempt<T>(action: () => T, expected: new (...input: never[]) => Error): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof expected) return undefined;
    throw error;
  }
}

/** Replaces each NaN by the usual one: whether the others keep their bits when they are stored is up to the machine code. */
function plainNaNs(value: object): void {
  for (const [key, inner] of Object.entries(value)) {
    if (Number.isNaN(inner)) Reflect.set(value, key, Number.NaN);
    else if (typeof inner === "object" && inner !== null && !(inner instanceof Uint8Array)) plainNaNs(inner);
  }
}

/** Both accept the bytes, with equal messages that are encoded again to equal bytes, or both reject them. */
function assertSameReading(schema: DescMessage, bytes: Uint8Array): void {
  const theirs = attempt(() => fromBinary(schema, bytes), Error);
  const ours = attempt(() => decode(schema, bytes), DecodeError);
  assert.deepStrictEqual(ours, theirs);
  if (ours === undefined || theirs === undefined) return;
  plainNaNs(ours);
  plainNaNs(theirs);
  const again = attempt(() => encode(schema, ours), EncodeError);
  assert.deepStrictEqual(
    again,
    attempt(() => toBinary(schema, theirs), Error),
  );
}

/** A valid encoding, changed somewhere. */
function damaged(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const truncated = fc.nat(bytes.length).map((length) => bytes.slice(0, length));
  const flipped = fc.array(fc.tuple(fc.nat(Math.max(0, bytes.length - 1)), fc.nat(7)), { minLength: 1, maxLength: 4 });
  const swapped = fc.tuple(fc.nat(bytes.length), fc.nat(bytes.length), fc.uint8Array({ maxLength: 4 }));
  return fc.oneof(
    truncated,
    flipped.map((flips) => {
      const copy = bytes.slice();
      for (const [index, bit] of flips) copy[index] = (copy[index] ?? 0) ^ (1 << bit);
      return copy;
    }),
    swapped.map(([start, end, inserted]) =>
      Uint8Array.from([...bytes.slice(0, start), ...inserted, ...bytes.slice(end)]),
    ),
  );
}

for (const schema of schemas) {
  describe(schema.typeName, () => {
    it("is encoded to the bytes of toBinary, as a message and as an init object", () => {
      fc.assert(
        fc.property(initOf(schema), (init) => {
          const message = create(schema, init);
          const expected = toBinary(schema, message);
          assert.deepStrictEqual(encode(schema, message), expected);
          assert.deepStrictEqual(encode(schema, init), expected);
        }),
        { numRuns },
      );
    });

    it("is encoded to the same bytes when the sink moves them at every reserve", () => {
      fc.assert(
        fc.property(initOf(schema), (init) => {
          const sink = new MovingSink();
          codecOf(schema).encode(init, sink);
          assert.deepStrictEqual(sink.bytes(), toBinary(schema, create(schema, init)));
        }),
        { numRuns },
      );
    });

    it("is decoded to the message of fromBinary, from anywhere in a buffer", () => {
      fc.assert(
        fc.property(initOf(schema), fc.uint8Array(), fc.uint8Array(), (init, before, after) => {
          const bytes = toBinary(schema, create(schema, init));
          const buffer = Buffer.concat([before, bytes, after]);
          const message = codecOf(schema).decode(buffer, before.length, before.length + bytes.length);
          buffer.fill(0);
          assert.deepStrictEqual(message, fromBinary(schema, bytes));
        }),
        { numRuns },
      );
    });

    it("merges what occurs twice as fromBinary does", () => {
      fc.assert(
        fc.property(initOf(schema), initOf(schema), (first, second) => {
          const halves = [first, second].map((init) => toBinary(schema, create(schema, init)));
          const bytes = new Uint8Array(Buffer.concat(halves));
          assert.deepStrictEqual(decode(schema, bytes), fromBinary(schema, bytes));
        }),
        { numRuns },
      );
    });

    it("is accepted or rejected as by fromBinary when the bytes are damaged", () => {
      const input = initOf(schema).chain((init) => damaged(toBinary(schema, create(schema, init))));
      fc.assert(
        fc.property(input, (bytes) => assertSameReading(schema, bytes)),
        { numRuns },
      );
    });

    it("is accepted or rejected as by fromBinary when the bytes are random", () => {
      const tag = fc
        .constantFrom(...schema.fields.map((field) => field.number), 77)
        .chain((number) => fc.nat(7).map((wireType) => tagBytes(number, wireType)));
      const parts = fc.oneof(fc.uint8Array({ maxLength: 12 }), tag);
      const input = fc.array(parts, { maxLength: 12 }).map((list) => new Uint8Array(Buffer.concat(list)));
      fc.assert(
        fc.property(input, (bytes) => assertSameReading(schema, bytes)),
        { numRuns },
      );
    });
  });
}

function tagBytes(number: number, wireType: number): Uint8Array {
  const bytes: number[] = [];
  let rest = ((number << 3) | wireType) >>> 0;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Uint8Array.from([...bytes, rest]);
}
