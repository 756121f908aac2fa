import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { decodeGrpcMessage, encodeGrpcMessage } from "./grpc-message.js";
import { fitTrailers, headerListBytes, metadataExcess } from "./header-list-limit.js";

test("a header list counts its names, its values, and 32 for each field", () => {
  assert.equal(headerListBytes([]), 0);
  assert.equal(headerListBytes(["name", "value", "n", ""]), 9 + 32 + 1 + 32);
});

test("metadata is too much when the block is larger than the limit, to the octet, and the sizes are told", () => {
  const metadata = ["a", "x".repeat(67)];
  assert.equal(metadataExcess(metadata, 400, 500), undefined);
  assert.match(
    metadataExcess(metadata, 400, 499) ?? "",
    /^take 500 octets, 100 of them metadata; the peer accepts 499/,
  );
});

test("a limit under which not even gRPC's own fields fit is ignored, and so is any limit without metadata", () => {
  assert.equal(metadataExcess(["a", "b"], 400, 399), undefined);
  assert.equal(metadataExcess([], 400, 400), undefined);
  assert.equal(metadataExcess([], 400, 0), undefined);
});

test("trailers that fit are sent as they are", () => {
  const fields = ["grpc-status", "5", "grpc-message", "gone", "x", "y"];
  assert.equal(fitTrailers(fields, 100, 100 + headerListBytes(fields)), fields);
});

test("trailers that do not fit lose metadata and details; a failure keeps its code and its message", () => {
  const fields = ["grpc-status", "5", "grpc-message", "gone", "grpc-status-details-bin", "A".repeat(900), "x", "y"];
  const fitted = fitTrailers(fields, 100, 900);
  assert.deepEqual(fitted.slice(0, 3), ["grpc-status", "5", "grpc-message"]);
  assert.match(
    fitted[3] ?? "",
    /^gone \(without details and trailers: the status takes 1\d+ octets .* peer accepts 900/,
  );
  assert.equal(fitted.length, 4);
});

test("a failure without a message gets one that says what is missing", () => {
  assert.match(fitTrailers(["grpc-status", "5", "x", "y".repeat(900)], 0, 500)[3] ?? "", /^\(without details/);
});

test("a success that cannot be told whole is RESOURCE_EXHAUSTED", () => {
  const fitted = fitTrailers(["grpc-status", "0", "x", "y".repeat(900)], 0, 500);
  assert.deepEqual([fitted[1], fitted.length], ["8", 4]);
  assert.match(fitted[3] ?? "", /^the call succeeded, but/);
});

test("where only the code fits, only the code is sent; where nothing fits, everything is", () => {
  const fields = ["grpc-status", "5", "grpc-message", "x".repeat(900)];
  assert.deepEqual(fitTrailers(fields, 100, 150), ["grpc-status", "5"]);
  assert.equal(fitTrailers(fields, 100, 100), fields);
});

test("whatever the message and the limit, what is sent fits or is what it was, and the message is cut between characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(1500), fc.boolean(), (text, limitBytes, padded) => {
      const message = text + (padded ? "😀é%".repeat(100) : "");
      const fields = ["grpc-status", "5", "grpc-message", encodeGrpcMessage(message), "x", "y".repeat(500)];
      const fitted = fitTrailers(fields, 102, limitBytes);
      if (fitted === fields) {
        assert.ok(102 + headerListBytes(fields) <= limitBytes || limitBytes < 146);
        return;
      }
      assert.ok(102 + headerListBytes(fitted) <= limitBytes);
      assert.equal(fitted[1], "5");
      if (fitted.length === 2) return;
      const kept = decodeGrpcMessage(fitted[3] ?? "").replace(/ ?\(without details and trailers.*$/s, "");
      assert.ok(decodeGrpcMessage(fields[3] ?? "").startsWith(kept), kept);
    }),
  );
});
