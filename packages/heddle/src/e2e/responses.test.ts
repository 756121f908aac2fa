/** What a client makes of a server's answers, in order or not: one status each, and a connection that goes on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GrpcChannel } from "../client/channel.js";
import { FakeClock } from "../core/fake-clock.js";
import { createChannel, createClient, type Metadata, RpcError, StatusCode, statusName } from "../index.js";
import { nodePlatform } from "../node/node-platform.js";
import { Probe } from "./testing/gen/probe_pb.js";
import { closeLater, collect, type ProbeClient, turn } from "./testing/probe.js";
import { frame, headersFrame } from "./testing/raw-client.js";
import { dataFrame, resetFrame, responseHead, startRawServer, trailers } from "./testing/raw-server.js";

const EMPTY: readonly number[] = [];

function clientOf(address: string): ProbeClient {
  const channel = createChannel(address);
  closeLater(() => channel.close());
  return createClient(Probe, channel);
}

async function errorOf(call: Promise<unknown>): Promise<RpcError> {
  const error = await call.then(
    () => assert.fail("the call succeeded"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof RpcError, String(error));
  return error;
}

/** Makes a call for each answer on one connection, and gives their errors; a good call behind each shows that it goes on. */
async function errorsOf(answers: readonly ((streamId: number) => Buffer[])[]): Promise<RpcError[]> {
  const good = (streamId: number): Buffer[] => [
    responseHead(streamId),
    dataFrame(streamId, EMPTY),
    trailers(streamId, "0"),
  ];
  const script = answers.flatMap((answer) => [answer, good]);
  let connections = 0;
  const { address } = await startRawServer((streamId) => {
    if (streamId === 1) connections += 1;
    return (script.shift() ?? good)(streamId);
  });
  const client = clientOf(address);
  const errors: RpcError[] = [];
  for (const _ of answers) {
    errors.push(await errorOf(client.unary({})));
    await client.unary({});
  }
  assert.equal(connections, 1);
  return errors;
}

test("every error code of RST_STREAM has its status, and the message names it", async () => {
  const expected: readonly (readonly [number, string, StatusCode])[] = [
    [0x0, "NO_ERROR", StatusCode.INTERNAL],
    [0x1, "PROTOCOL_ERROR", StatusCode.INTERNAL],
    [0x2, "INTERNAL_ERROR", StatusCode.INTERNAL],
    [0x3, "FLOW_CONTROL_ERROR", StatusCode.INTERNAL],
    [0x4, "SETTINGS_TIMEOUT", StatusCode.INTERNAL],
    [0x5, "STREAM_CLOSED", StatusCode.INTERNAL],
    [0x6, "FRAME_SIZE_ERROR", StatusCode.INTERNAL],
    [0x7, "REFUSED_STREAM", StatusCode.UNAVAILABLE],
    [0x8, "CANCEL", StatusCode.CANCELLED],
    [0x9, "COMPRESSION_ERROR", StatusCode.INTERNAL],
    [0xa, "CONNECT_ERROR", StatusCode.INTERNAL],
    [0xb, "ENHANCE_YOUR_CALM", StatusCode.RESOURCE_EXHAUSTED],
    [0xc, "INADEQUATE_SECURITY", StatusCode.PERMISSION_DENIED],
    [0xd, "HTTP_1_1_REQUIRED", StatusCode.INTERNAL],
    [0xee, "0xee", StatusCode.INTERNAL],
  ];
  for (const begin of [[], ["head"]]) {
    const answers = expected.map(([code]) => (streamId: number) => [
      ...begin.map(() => responseHead(streamId)),
      resetFrame(streamId, code),
    ]);
    const errors = await errorsOf(answers);
    for (const [index, [, name, status]] of expected.entries()) {
      assert.equal(statusName(errors[index]?.code ?? 0), statusName(status), name);
      assert.ok(errors[index]?.message.includes(name), `${name}: ${errors[index]?.message}`);
      assert.equal(errors[index]?.origin?.side, "remote");
    }
  }
});

test("an HTTP status has its code only if there is no grpc-status", async () => {
  const cases: readonly (readonly [Record<string, string>, StatusCode])[] = [
    [{ ":status": "503" }, StatusCode.UNAVAILABLE],
    [{ ":status": "404", "content-type": "text/html" }, StatusCode.UNIMPLEMENTED],
    [{ ":status": "200" }, StatusCode.UNKNOWN],
    [{ ":status": "503", "grpc-status": "5" }, StatusCode.NOT_FOUND],
    [{ ":status": "200", "content-type": "text/html", "grpc-status": "9" }, StatusCode.FAILED_PRECONDITION],
  ];
  const errors = await errorsOf(
    cases.map(([fields]) => (streamId) => [headersFrame(streamId, fields, true)]),
  );
  assert.deepEqual(
    errors.map((error) => statusName(error.code)),
    cases.map(([, code]) => statusName(code)),
  );
});

test("a status that is none is UNKNOWN, and keeps the message", async () => {
  const statuses = ["17", "-1", "1.0", "", "0x5", "NOT_FOUND", "99999999999999999999", "5,5"];
  const errors = await errorsOf(
    statuses.map((status) => (streamId) => [
      responseHead(streamId),
      trailers(streamId, status, { "grpc-message": "why" }),
    ]),
  );
  assert.ok(errors.every((error) => error.code === StatusCode.UNKNOWN && error.message === "why"));
});

test("a grpc-message is read whatever it holds", async () => {
  const messages: readonly (readonly [string, string])[] = [
    ["50%25 gr%C3%B6%C3%9Fer", "50% größer"],
    ["100% sure", "100% sure"],
    ["%", "%"],
    ["%4", "%4"],
    ["%zz", "%zz"],
    ["%C3", "\uFFFD"],
    ["gr\u00C3\u00B6\u00C3\u009Fer", "größer"],
    ["%F0%9F%98%80%ED%A0%80", "😀\uFFFD\uFFFD\uFFFD"],
    ["a  b", "a  b"],
  ];
  const errors = await errorsOf(
    messages.map(([encoded]) => (streamId) => [
      headersFrame(
        streamId,
        { ":status": "200", "content-type": "application/grpc", "grpc-status": "2", "grpc-message": encoded },
        true,
      ),
    ]),
  );
  assert.deepEqual(
    errors.map((error) => error.message),
    messages.map(([, text]) => text),
  );
});

test("a -bin value that is not base64 fails a call that succeeded with INTERNAL and names its key; a failure stays what it is", async () => {
  const bad = { "good-bin": "AAA", "trace-bin": "AA,*" };
  const errors = await errorsOf([
    (streamId) => [responseHead(streamId, bad), dataFrame(streamId, EMPTY), trailers(streamId, "0")],
    (streamId) => [responseHead(streamId), dataFrame(streamId, EMPTY), trailers(streamId, "0", bad)],
    (streamId) => [responseHead(streamId), trailers(streamId, "5", bad)],
  ]);
  assert.deepEqual(
    errors.map((error) => statusName(error.code)),
    ["INTERNAL", "INTERNAL", "NOT_FOUND"],
  );
  for (const error of errors.slice(0, 2)) assert.match(error.message, /metadata "trace-bin" .* not base64/);
  assert.deepEqual(errors[2]?.metadata.get("good-bin"), Uint8Array.of(0, 0));
});

test("damaged details leave the status as it is", async () => {
  const errors = await errorsOf(
    ["*", "AAA=", "////"].map((details) => (streamId) => [
      responseHead(streamId),
      trailers(streamId, "5", { "grpc-message": "gone", "grpc-status-details-bin": details }),
    ]),
  );
  assert.ok(errors.every((error) => error.code === StatusCode.NOT_FOUND && error.message === "gone"));
  assert.ok(errors.every((error) => error.details.length === 0));
});

test("an error behind a message is the call's end, and the message is not an answer", async () => {
  const [error] = await errorsOf([
    (streamId) => [
      responseHead(streamId),
      dataFrame(streamId, EMPTY),
      trailers(streamId, "10", { "grpc-message": "no" }),
    ],
  ]);
  assert.deepEqual([error?.code, error?.message], [StatusCode.ABORTED, "no"]);
});

test("a response message names what could not be decoded: its type, its field and where", async () => {
  const [badText, badWire] = await errorsOf([
    (streamId) => [responseHead(streamId), dataFrame(streamId, [10, 2, 0xc3, 0x28])],
    (streamId) => [responseHead(streamId), dataFrame(streamId, [10, 9, 65])],
  ]);
  assert.match(
    badText?.message ?? "",
    /^a response could not be decoded: cannot decode heddle\.probe\.Reply\.text at byte \d+: .*UTF-8/,
  );
  assert.match(badWire?.message ?? "", /heddle\.probe\.Reply\.text at byte/);
  assert.ok([badText, badWire].every((error) => error?.code === StatusCode.INTERNAL && error.origin?.side === "local"));
});

test("an error says which side decided, which peer and attempt it was, and what was awaited", async () => {
  const { address } = await startRawServer((streamId) =>
    streamId === 1 ? [responseHead(streamId), trailers(streamId, "5")] : [responseHead(streamId)],
  );
  const client = clientOf(address);
  const path = "/heddle.probe.Probe/Unary";
  const remote = await errorOf(client.unary({}));
  assert.deepEqual(remote.origin, { side: "remote", peer: address, path, attempt: 1, awaited: undefined });
  const controller = new AbortController();
  const local = errorOf(client.unary({}, { signal: controller.signal, onHeaders: () => controller.abort() }));
  const awaited = "the end of the response";
  assert.deepEqual((await local).origin, { side: "local", peer: address, path, attempt: 1, awaited });
});

test("a server's CANCEL behind the deadline is DEADLINE_EXCEEDED, and before it CANCELLED", async () => {
  for (const [passedMs, status] of [
    [4_999, "CANCELLED"],
    [5_002, "DEADLINE_EXCEEDED"],
  ] as const) {
    const clock = new FakeClock();
    // The answer comes when the clock stands where it should: the deadline has passed, and our own timer has not fired.
    const { address } = await startRawServer((streamId) => {
      clock.advance(passedMs);
      return [resetFrame(streamId, 8)];
    });
    const channel = new GrpcChannel({ ...nodePlatform, clock }, address, {});
    closeLater(() => channel.close());
    const error = await errorOf(createClient(Probe, channel).unary({}, { timeoutMs: 5_001 }));
    assert.equal(statusName(error.code), status);
  }
});

test("a stream's messages come before its end, whatever the end is", async () => {
  const ends = [
    (id: number) => trailers(id, "14"),
    (id: number) => resetFrame(id, 2),
    (id: number) => frame(0, 1, id, []),
    (id: number) => dataFrame(id, [255]),
  ];
  const answers = [...ends];
  const { address } = await startRawServer((id) => [
    responseHead(id),
    dataFrame(id, [24, 1], [24, 2]),
    (answers.shift() as (id: number) => Buffer)(id),
  ]);
  const client = clientOf(address);
  for (const _ of ends) {
    const counts: number[] = [];
    const error = await errorOf(
      (async () => {
        for await (const reply of client.serverStream({})) counts.push(reply.count);
      })(),
    );
    assert.deepEqual(counts, [1, 2], error.message);
  }
});

test("the end of a response ends the request: trailers are enough, and a request that goes on is stopped", async () => {
  const server = await startRawServer((id) => [responseHead(id), dataFrame(id, EMPTY), trailers(id, "0")]);
  const client = clientOf(server.address);
  const call = client.clientStream();
  await call.response;
  await assert.rejects(call.send({}), { code: StatusCode.CANCELLED, message: /the server has answered/ });
  assert.equal((await collect(client.bidi([{ text: "x" }]))).length, 1);
  // RST_STREAM(NO_ERROR) for the request that was open.
  while (server.count(3) === 0) await turn();
});

test("metadata of a response is read as it is: several values, joined and padded bytes, odd names", async () => {
  const fields = { "x-a": "1, 2", "x-b-bin": "AQ==,Ag, AwQ", "weird!name": "caf\u00e9" };
  const { address } = await startRawServer((id) => [responseHead(id, fields), dataFrame(id, EMPTY), trailers(id, "0")]);
  const received: Metadata[] = [];
  await clientOf(address).unary({}, { onHeaders: (headers) => received.push(headers) });
  const headers = received[0];
  assert.equal(headers?.get("x-a"), "1, 2");
  assert.deepEqual(headers?.getAll("x-b-bin"), [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3, 4)]);
  assert.equal(headers?.get("weird!name"), "café");
});
