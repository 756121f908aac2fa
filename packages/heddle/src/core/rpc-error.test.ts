import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import { create } from "@bufbuild/protobuf";
import { DurationSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { detail } from "./error-details.js";
import { Metadata } from "./metadata.js";
import { createRpcErrorWithoutStack, RpcError, type RpcErrorOrigin } from "./rpc-error.js";
import { StatusCode } from "./status.js";

const origin: RpcErrorOrigin = { side: "remote", peer: "127.0.0.1:50051", path: "/product.ProductService/GetProduct" };

/** The module again, as another copy of the package would have it. */
async function loadAnotherCopy(): Promise<typeof import("./rpc-error.js")> {
  const url = new URL("./rpc-error.js", import.meta.url);
  url.search = "?copy";
  return await import(url.href);
}

test("an error has its code, the bare message, and nothing else if nothing else was given", () => {
  const error = new RpcError(StatusCode.NOT_FOUND, "no such product");
  assert.equal(error.code, 5);
  assert.equal(error.message, "no such product");
  assert.equal(error.name, "RpcError");
  assert.equal(error.origin, undefined);
  assert.equal(error.cause, undefined);
  assert.equal(error.metadata.size, 0);
  assert.deepEqual(error.details, []);
  assert.ok(error instanceof Error);
  assert.match(error.stack ?? "", /rpc-error\.test\.js/);
});

test("a code that means success, or nothing, is refused", () => {
  for (const code of [0, 17, -1, 1.5, Number.NaN, "NOT_FOUND", undefined]) {
    assert.throws(() => new RpcError(code as StatusCode, ""), { name: "RangeError", message: /1 to 16/ });
  }
});

test("toString tells the code by name, the message and the origin", () => {
  const text = (options: RpcErrorOrigin | undefined, message = "no such product") =>
    new RpcError(StatusCode.NOT_FOUND, message, { origin: options }).toString();
  assert.equal(text(undefined), "RpcError: NOT_FOUND: no such product");
  assert.equal(text(undefined, ""), "RpcError: NOT_FOUND");
  assert.equal(text(origin), `RpcError: NOT_FOUND: no such product (from 127.0.0.1:50051, ${origin.path})`);
  assert.equal(text({ side: "remote" }), "RpcError: NOT_FOUND: no such product (remote)");
  assert.equal(
    text({ side: "local", peer: "unix:/run/x", attempt: 2, awaited: "the response headers" }),
    "RpcError: NOT_FOUND: no such product (local, peer unix:/run/x, attempt 2, awaiting the response headers)",
  );
  assert.equal(
    text({ side: "local", awaited: "a connection" }),
    "RpcError: NOT_FOUND: no such product (local, awaiting a connection)",
  );
});

test("inspection shows the headline once, the stack, the details and the cause", () => {
  const error = new RpcError(StatusCode.INTERNAL, "two\nlines", {
    origin,
    cause: new TypeError("the cause"),
    details: [detail(DurationSchema, {})],
  });
  const text = inspect(error);
  assert.ok(text.startsWith(`${error.toString()}\n    at `), text);
  assert.equal(text.match(/two/g)?.length, 1);
  assert.match(text, /rpc-error\.test\.js/);
  assert.match(text, /\n {4}detail type\.googleapis\.com\/google\.protobuf\.Duration\n/);
  assert.match(text, /\n {4}cause: TypeError: the cause\n {8}at /);
});

test("metadata is copied and checked where the error is made", () => {
  const trailers = Metadata.from({ "retry-id": "1" });
  const error = new RpcError(StatusCode.ABORTED, "", { metadata: trailers });
  trailers.set("retry-id", "2");
  assert.equal(error.metadata.get("retry-id"), "1");
  assert.equal(error.metadata, error.metadata);
  assert.throws(() => new RpcError(StatusCode.ABORTED, "", { metadata: { "grpc-status": "0" } }), TypeError);
});

test("metadata that is added to an error stays", () => {
  const error = new RpcError(StatusCode.ABORTED, "");
  error.metadata.set("a", "1");
  assert.equal(error.metadata.get("a"), "1");
});

test("details are typed on both sides and need no registry", () => {
  const error = new RpcError(StatusCode.UNAVAILABLE, "", {
    details: [detail(DurationSchema, { seconds: 1n }), detail(TimestampSchema, { seconds: 2n })],
  });
  const [duration] = error.detailsOf(DurationSchema);
  const seconds: bigint | undefined = duration?.seconds;
  assert.equal(seconds, 1n);
  assert.equal(error.detailsOf(TimestampSchema).length, 1);
});

test("a detail that is not packed is an error of types, and at run time", () => {
  const message = create(DurationSchema, { seconds: 1n });
  // @ts-expect-error a message alone does not know its schema
  assert.throws(() => new RpcError(StatusCode.UNAVAILABLE, "", { details: [message] }), /detail\(schema, message\)/);
});

test("instanceof holds for errors of another copy of the package, in both directions", async () => {
  const copy = await loadAnotherCopy();
  assert.notEqual(copy.RpcError, RpcError);
  const foreign = new copy.RpcError(StatusCode.INTERNAL, "x");
  assert.ok(foreign instanceof RpcError);
  assert.ok(new RpcError(StatusCode.INTERNAL, "x") instanceof copy.RpcError);
  assert.equal(RpcError.from(foreign), foreign);
});

test("instanceof does not hold for anything else", () => {
  for (const other of [
    new Error("x"),
    { code: 5, message: "x" },
    null,
    undefined,
    5,
    "RpcError",
    () => {},
    Object.create(null),
  ]) {
    assert.equal(other instanceof RpcError, false);
  }
});

test("a subclass claims its own errors only", () => {
  class OutOfStock extends RpcError {}
  assert.ok(new OutOfStock(StatusCode.FAILED_PRECONDITION, "") instanceof OutOfStock);
  assert.ok(new OutOfStock(StatusCode.FAILED_PRECONDITION, "") instanceof RpcError);
  assert.equal(new RpcError(StatusCode.FAILED_PRECONDITION, "") instanceof OutOfStock, false);
});

test("from leaves an RpcError as it is", () => {
  const error = new RpcError(StatusCode.ABORTED, "x");
  assert.equal(RpcError.from(error), error);
});

test("from turns an abort into CANCELLED and a timeout into DEADLINE_EXCEEDED", () => {
  const nodeAbortError = Object.assign(new Error("x"), { name: "AbortError", code: "ABORT_ERR" });
  for (const abort of [AbortSignal.abort().reason, new DOMException("x", "AbortError"), nodeAbortError]) {
    const error = RpcError.from(abort);
    assert.equal(error.code, StatusCode.CANCELLED);
    assert.equal(error.cause, abort);
  }
  const timeout = new DOMException("x", "TimeoutError"); // the reason of AbortSignal.timeout()
  assert.equal(RpcError.from(timeout).code, StatusCode.DEADLINE_EXCEEDED);
  assert.equal(RpcError.from(timeout).cause, timeout);
});

test("from turns anything else into UNKNOWN, with the original as cause and without its text", () => {
  for (const thrown of [new Error("password=1234"), "password=1234", { message: "password=1234" }, null, 5]) {
    const error = RpcError.from(thrown);
    assert.equal(error.code, StatusCode.UNKNOWN);
    assert.equal(error.cause, thrown);
    assert.ok(!error.message.includes("password"));
  }
});

test("an error without a stack has the headline in its place, and leaves the stacks of others alone", () => {
  const limit = Error.stackTraceLimit;
  const error = createRpcErrorWithoutStack(StatusCode.NOT_FOUND, "gone", { origin });
  assert.equal(error.stack, `RpcError: NOT_FOUND: gone (from 127.0.0.1:50051, ${origin.path})`);
  assert.equal(inspect(error), error.stack);
  assert.equal(error.message, "gone");
  assert.equal(Error.stackTraceLimit, limit);
  assert.throws(() => createRpcErrorWithoutStack(0, "", {}), RangeError);
  assert.equal(Error.stackTraceLimit, limit);
  assert.match(new Error("x").stack ?? "", /rpc-error\.test\.js/);
});
