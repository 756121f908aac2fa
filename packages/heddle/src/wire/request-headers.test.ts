import assert from "node:assert/strict";
import test from "node:test";
import { isGrpcContentType, RequestHead, requestFields, requestPseudoHeaders } from "./request-headers.js";

const GOOD = [...requestPseudoHeaders("/a.B/C", "host:1", "https"), ...requestFields("identity,gzip")];

/** A good request's fields with one of them changed, or removed. */
function withField(name: string, value: string | undefined): string[] {
  const fields: string[] = [];
  for (let i = 0; i < GOOD.length; i += 2) {
    if (GOOD[i] !== name) fields.push(GOOD[i] as string, GOOD[i + 1] as string);
  }
  return value === undefined ? fields : [...fields, name, value];
}

test("the pseudo-headers come first, in the order of the specification", () => {
  assert.deepEqual(
    requestPseudoHeaders("/a.B/C", "host:1", "https").join(" "),
    ":method POST :scheme https :path /a.B/C :authority host:1",
  );
});

test("what a client writes is read back", () => {
  const head = new RequestHead([...GOOD, "grpc-timeout", "1500m", "grpc-encoding", "gzip", "x-id", "7"]);
  assert.equal(head.path, "/a.B/C");
  assert.equal(head.authority, "host:1");
  assert.equal(head.timeoutMs, 1500);
  assert.equal(head.encoding, "gzip");
  assert.equal(head.refusal, undefined);
  assert.equal(head.metadata().get("x-id"), "7");
});

test("a request without a timeout or an encoding has none", () => {
  const head = new RequestHead(GOOD);
  assert.deepEqual([head.timeoutMs, head.encoding, head.refusal], [undefined, undefined, undefined]);
});

test("each caller gets metadata of its own, so that one may change it", () => {
  const head = new RequestHead([...GOOD, "x-id", "7"]);
  head.metadata().delete("x-id");
  assert.equal(head.metadata().get("x-id"), "7");
});

test("what is no gRPC request is refused in HTTP's terms, with what was found", () => {
  const refusal = (name: string, value: string | undefined) => new RequestHead(withField(name, value)).refusal;
  assert.deepEqual(refusal(":method", "GET"), { httpStatus: 405, reason: "gRPC requests are POST, not GET" });
  assert.equal(refusal("content-type", undefined)?.reason, "the content-type is missing, not application/grpc");
  assert.equal(refusal("content-type", undefined)?.httpStatus, 415);
  assert.equal(refusal("content-type", "text/html")?.reason, "the content-type is text/html, not application/grpc");
  assert.equal(refusal("grpc-timeout", "soon")?.httpStatus, 400);
  assert.match(refusal("grpc-timeout", "soon")?.reason ?? "", /^grpc-timeout is "soon"; up to 8 digits/);
});

test("the first -bin key whose value is not base64 is named", () => {
  assert.equal(new RequestHead([...GOOD, "a-bin", "AA==,AAA"]).invalidBinaryKey, undefined);
  assert.equal(new RequestHead([...GOOD, "a-bin", "*", "b-bin", "*"]).invalidBinaryKey, "a-bin");
});

test("a content-type is gRPC's with a message format or parameters, and in any case of letters", () => {
  const good = ["", "+proto", "+json", ";charset=utf-8", " ; charset=utf-8", " "].map(
    (end) => `application/grpc${end}`,
  );
  for (const type of [...good, "Application/GRPC"]) assert.equal(isGrpcContentType(type), true, type);
  for (const type of ["application/grpc-web", "application/grpcx", "application/grpc proto", "application/json", ""]) {
    assert.equal(isGrpcContentType(type), false, type);
  }
  assert.equal(isGrpcContentType(undefined), false);
});
