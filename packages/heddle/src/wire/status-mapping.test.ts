import assert from "node:assert/strict";
import test from "node:test";
import { statusName } from "../core/status.js";
import { statusFromHttp, statusFromHttp2Error } from "./status-mapping.js";

test("the HTTP statuses that gRPC maps have their codes", () => {
  const expected = {
    400: "INTERNAL",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "UNIMPLEMENTED",
    429: "UNAVAILABLE",
    431: "INTERNAL",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "UNAVAILABLE",
  };
  for (const [httpStatus, name] of Object.entries(expected)) {
    assert.equal(statusName(statusFromHttp(Number(httpStatus))), name, httpStatus);
  }
});

test("any other HTTP status is UNKNOWN, success included", () => {
  for (const httpStatus of [0, 200, 204, 301, 402, 405, 408, 415, 418, 500, 501, 505, 999, Number.NaN]) {
    assert.equal(statusName(statusFromHttp(httpStatus)), "UNKNOWN", String(httpStatus));
  }
});

test("the error codes of HTTP/2 that mean something to gRPC have their codes", () => {
  assert.equal(statusName(statusFromHttp2Error(0x7)), "UNAVAILABLE"); // REFUSED_STREAM
  assert.equal(statusName(statusFromHttp2Error(0x8)), "CANCELLED"); // CANCEL
  assert.equal(statusName(statusFromHttp2Error(0xb)), "RESOURCE_EXHAUSTED"); // ENHANCE_YOUR_CALM
  assert.equal(statusName(statusFromHttp2Error(0xc)), "PERMISSION_DENIED"); // INADEQUATE_SECURITY
});

test("every other error code of HTTP/2, known or not, is INTERNAL", () => {
  for (const errorCode of [0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x9, 0xa, 0xd, 0xe, 0xffffffff]) {
    assert.equal(statusName(statusFromHttp2Error(errorCode)), "INTERNAL", String(errorCode));
  }
});
