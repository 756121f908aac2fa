import assert from "node:assert/strict";
import test from "node:test";
import { create } from "@bufbuild/protobuf";
import { anyPack, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { StatusCode } from "../core/status.js";
import {
  OK_TRAILERS,
  RESPONSE_FIELDS,
  ResponseHead,
  refusalFields,
  TrailersHead,
  trailerFields,
} from "./response-headers.js";

test("a status with a message, details and metadata is read back as it was written", () => {
  const details = [anyPack(StringValueSchema, create(StringValueSchema, { value: "why" }))];
  const status = { code: StatusCode.NOT_FOUND, message: "50 % — no\nproduct", details };
  const fields = trailerFields(status, { "x-id": "7", "x-bin": Uint8Array.of(1, 2) });
  const head = new TrailersHead(fields);
  assert.equal(head.status?.code, StatusCode.NOT_FOUND);
  assert.equal(head.status?.message, status.message);
  assert.equal(head.status?.details[0]?.typeUrl, details[0]?.typeUrl);
  assert.deepEqual([...head.metadata().keys()], ["x-id", "x-bin"]);
});

test("an empty message and no details leave no fields", () => {
  const status = { code: StatusCode.ABORTED, message: "", details: [] };
  assert.deepEqual(trailerFields(status, undefined), ["grpc-status", "10"]);
  assert.deepEqual(new TrailersHead(OK_TRAILERS).status, { code: StatusCode.OK, message: "", details: [] });
});

test("trailers without a grpc-status have no status", () => {
  assert.equal(new TrailersHead(["grpc-message", "lost", "x-id", "7"]).status, undefined);
});

test("a grpc-status that is none becomes UNKNOWN, with the peer's message or else with what was sent", () => {
  for (const code of ["17", "99", "-1", "1.5", "0x1", "", " 0", "100", "OK"]) {
    const bare = new TrailersHead(["grpc-status", code]).status;
    assert.equal(bare?.code, StatusCode.UNKNOWN, code);
    assert.equal(bare?.message, `the server sent grpc-status ${JSON.stringify(code)}, which is no status code`);
    assert.equal(new TrailersHead(["grpc-status", code, "grpc-message", "out%20of"]).status?.message, "out of");
  }
});

test("details that cannot be read leave the status as it is", () => {
  const { status } = new TrailersHead(["grpc-status", "5", "grpc-status-details-bin", "!!"]);
  assert.deepEqual(status, { code: StatusCode.NOT_FOUND, message: "", details: [] });
});

test("a gRPC response's header block has no fault", () => {
  const head = new ResponseHead([...RESPONSE_FIELDS, "grpc-encoding", "gzip", "x-id", "7"]);
  assert.equal(head.fault, undefined);
  assert.equal(head.encoding, "gzip");
  assert.equal(head.metadata().get("x-id"), "7");
});

test("a block that is not gRPC's is a fault with the HTTP status and the content-type", () => {
  const proxy = new ResponseHead([":status", "503", "content-type", "text/html"]).fault;
  assert.equal(proxy?.code, StatusCode.UNAVAILABLE);
  assert.equal(
    proxy?.message,
    "the server answered with HTTP status 503 with content-type text/html, which is not gRPC",
  );
  const bare = new ResponseHead([":status", "200"]).fault;
  assert.equal(bare?.code, StatusCode.UNKNOWN);
  assert.match(bare?.message ?? "", /HTTP status 200 without a content-type/);
  assert.equal(new ResponseHead(["content-type", "application/grpc"]).fault?.code, StatusCode.UNKNOWN);
});

test("bytes that are not base64 are a fault of a response, and of trailers that tell of success", () => {
  const bad = ["good-bin", "AA==", "x-bin", "AA,*"];
  const fault = new ResponseHead([...RESPONSE_FIELDS, ...bad]).fault;
  assert.equal(fault?.code, StatusCode.INTERNAL);
  assert.equal(fault?.message, 'the server sent metadata "x-bin" with a value that is not base64');
  assert.deepEqual(new TrailersHead(["grpc-status", "0", ...bad]).status, fault);
  assert.equal(new TrailersHead(["grpc-status", "5", ...bad]).status?.code, StatusCode.NOT_FOUND);
  assert.equal(new TrailersHead(["grpc-status", "0", "grpc-status-details-bin", "*"]).status?.code, StatusCode.OK);
});

test("a refusal says the HTTP status, and to gRPC the status that it is mapped to with the reason", () => {
  const { head, status } = refusalFields({ httpStatus: 405, reason: "gRPC requests are POST, not GET" });
  assert.deepEqual(head, [":status", "405", "content-type", "application/grpc", "allow", "POST"]);
  assert.deepEqual(status, ["grpc-status", "2", "grpc-message", "gRPC requests are POST, not GET"]);
  const { head: badRequest } = refusalFields({ httpStatus: 400, reason: "" });
  assert.deepEqual(badRequest, [":status", "400", "content-type", "application/grpc"]);
});
