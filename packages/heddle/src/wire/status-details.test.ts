import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { detail } from "../core/error-details.js";
import { RpcError } from "../core/rpc-error.js";
import { StatusCode } from "../core/status.js";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "../errors/index.js";
import { decodeStatusDetails, encodeStatusDetails } from "./status-details.js";

test("the trailer is a google.rpc.Status with the same code and message, byte for byte", () => {
  const error = new RpcError(StatusCode.NOT_FOUND, "no", { details: [detail(ErrorInfoSchema, { reason: "R" })] });
  const typeUrl = "type.googleapis.com/google.rpc.ErrorInfo";
  const any = [0x0a, typeUrl.length, ...Buffer.from(typeUrl), 0x12, 3, 0x0a, 1, 0x52];
  const status = Buffer.from([0x08, 5, 0x12, 2, 0x6e, 0x6f, 0x1a, any.length, ...any]);
  assert.equal(encodeStatusDetails(error), status.toString("base64").replaceAll("=", ""));
});

test("an error without details has no trailer", () => {
  assert.equal(encodeStatusDetails(new RpcError(StatusCode.NOT_FOUND, "no")), undefined);
});

test("details arrive as they were sent, whatever the message", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.array(fc.string()), (message, fields) => {
      const error = new RpcError(StatusCode.INVALID_ARGUMENT, message, {
        details: [
          detail(BadRequestSchema, { fieldViolations: fields.map((field) => ({ field })) }),
          detail(RetryInfoSchema, { retryDelay: { seconds: 5n } }),
        ],
      });
      const value = encodeStatusDetails(error) as string;
      assert.match(value, /^[A-Za-z0-9+/]+$/);
      const received = new RpcError(StatusCode.INVALID_ARGUMENT, "", { details: decodeStatusDetails(value) });
      assert.deepEqual(
        received.detailsOf(BadRequestSchema)[0]?.fieldViolations.map(({ field }) => field),
        fields,
      );
      assert.equal(received.detailsOf(RetryInfoSchema)[0]?.retryDelay?.seconds, 5n);
    }),
  );
});

test("a lone surrogate in the message does not keep the details from being sent", () => {
  const details = [detail(ErrorInfoSchema, { reason: "R" })];
  const value = encodeStatusDetails(new RpcError(StatusCode.INTERNAL, "\ud800", { details }));
  assert.deepEqual(decodeStatusDetails(value as string), details);
});

test("padding is accepted", () => {
  const status = Buffer.from([0x08, 5, 0x1a, 2, 0x0a, 0]);
  assert.equal(decodeStatusDetails(status.toString("base64")).length, 1);
  assert.equal(decodeStatusDetails(Buffer.from([0x08, 5]).toString("base64")).length, 0);
});

test("a damaged trailer gives no details, and never throws", () => {
  for (const value of ["*", "A", "AAAA", "////", "CAUa"]) assert.deepEqual(decodeStatusDetails(value), []);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String(),
        fc.uint8Array().map((b) => Buffer.from(b).toString("base64")),
      ),
      (value) => {
        assert.ok(Array.isArray(decodeStatusDetails(value)));
      },
    ),
  );
});
