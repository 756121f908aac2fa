import assert from "node:assert/strict";
import test from "node:test";
import { create } from "@bufbuild/protobuf";
import { AnySchema, type Duration, DurationSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { checkDetails, detail, unpackDetails } from "./error-details.js";

test("a detail is packed with the type URL that all gRPC implementations use", () => {
  const packed = detail(DurationSchema, { seconds: 3n });
  assert.equal(packed.$typeName, "google.protobuf.Any");
  assert.equal(packed.typeUrl, "type.googleapis.com/google.protobuf.Duration");
  assert.deepEqual(packed.value, Uint8Array.of(0x08, 3));
});

test("a message made by create can be packed as well as a plain object", () => {
  assert.deepEqual(detail(DurationSchema, create(DurationSchema, { nanos: 5 })), detail(DurationSchema, { nanos: 5 }));
});

test("the details of a type are found among others, in their order", () => {
  const details = [
    detail(DurationSchema, { seconds: 1n }),
    detail(TimestampSchema, { seconds: 2n }),
    detail(DurationSchema, { seconds: 3n }),
  ];
  const durations: Duration[] = unpackDetails(details, DurationSchema);
  assert.deepEqual(
    durations.map(({ seconds }) => seconds),
    [1n, 3n],
  );
});

test("the type URL may have any prefix", () => {
  const foreign = create(AnySchema, {
    typeUrl: "example.com/types/google.protobuf.Duration",
    value: Uint8Array.of(0x08, 7),
  });
  assert.equal(unpackDetails([foreign], DurationSchema)[0]?.seconds, 7n);
});

test("a damaged detail is left out, and the others are not", () => {
  const damaged = create(AnySchema, {
    typeUrl: "type.googleapis.com/google.protobuf.Duration",
    value: Uint8Array.of(0x08),
  });
  const details = [damaged, create(AnySchema), detail(DurationSchema, { seconds: 1n })];
  assert.deepEqual(
    unpackDetails(details, DurationSchema).map(({ seconds }) => seconds),
    [1n],
  );
});

test("a message that is not packed is refused, and the error tells how to pack it", () => {
  const message = create(DurationSchema, { seconds: 1n });
  assert.throws(() => checkDetails([detail(DurationSchema, {}), message as never]), {
    name: "TypeError",
    message: "details[1] is a message of type google.protobuf.Duration; pack it with detail(schema, message).",
  });
  assert.throws(() => checkDetails([{ seconds: 1n } as never]), {
    name: "TypeError",
    message: /details\[0\] is no message/,
  });
  assert.throws(() => checkDetails([undefined as never]), { name: "TypeError", message: /details\[0\] is no message/ });
});
