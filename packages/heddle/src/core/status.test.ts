import assert from "node:assert/strict";
import test from "node:test";
import { isStatusCode, StatusCode, statusName } from "./status.js";

test("the codes have the numbers that gRPC gives them", () => {
  assert.deepEqual(Object.entries(StatusCode), [
    ["OK", 0],
    ["CANCELLED", 1],
    ["UNKNOWN", 2],
    ["INVALID_ARGUMENT", 3],
    ["DEADLINE_EXCEEDED", 4],
    ["NOT_FOUND", 5],
    ["ALREADY_EXISTS", 6],
    ["PERMISSION_DENIED", 7],
    ["RESOURCE_EXHAUSTED", 8],
    ["FAILED_PRECONDITION", 9],
    ["ABORTED", 10],
    ["OUT_OF_RANGE", 11],
    ["UNIMPLEMENTED", 12],
    ["INTERNAL", 13],
    ["UNAVAILABLE", 14],
    ["DATA_LOSS", 15],
    ["UNAUTHENTICATED", 16],
  ]);
});

test("each code knows its name, and a foreign number keeps itself", () => {
  for (const [name, code] of Object.entries(StatusCode)) assert.equal(statusName(code), name);
  assert.equal(statusName(17), "CODE_17");
  assert.equal(statusName(-1), "CODE_-1");
});

test("only whole numbers from 0 to 16 are status codes", () => {
  for (const code of Object.values(StatusCode)) assert.ok(isStatusCode(code));
  for (const other of [-1, 17, 0.5, Number.NaN, Number.POSITIVE_INFINITY, "5", null, undefined, {}, 5n]) {
    assert.equal(isStatusCode(other), false, String(other));
  }
});
