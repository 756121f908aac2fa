/** The cases of single requests and responses. */
import assert from "node:assert/strict";
import { toBinary } from "@bufbuild/protobuf";
import { EmptySchema } from "../../gen/grpc/testing/empty_pb.js";
import { checkPayload, type Session, zeros } from "./client-case.js";

export const unaryCases = {
  empty_unary: emptyUnary,
  cacheable_unary: cacheableUnary,
  large_unary: largeUnary,
  concurrent_large_unary: concurrentLargeUnary,
};

/** The request of large_unary, which other cases use too. */
export const LARGE_REQUEST_BYTES = 271_828;
export const LARGE_RESPONSE_BYTES = 314_159;
const CONCURRENT_CALLS = 1000;

export function largeRequest() {
  return { responseSize: LARGE_RESPONSE_BYTES, payload: zeros(LARGE_REQUEST_BYTES) };
}

async function emptyUnary(session: Session): Promise<void> {
  const response = await session.client.emptyCall({}, session.call());
  assert.equal(toBinary(EmptySchema, response).length, 0, "the size of the response in octets");
}

/**
 * The same request twice; a proxy between client and server must answer the second one from its memory. gRPC no longer sends such
 * requests with the method GET, so the proxy has to be one that knows gRPC.
 */
async function cacheableUnary(session: Session): Promise<void> {
  const request = { payload: { body: Buffer.from(String(process.hrtime.bigint())) } };
  const options = session.call({ metadata: { "x-user-ip": "1.2.3.4" } });
  const first = await session.client.cacheableUnaryCall(request, options);
  const second = await session.client.cacheableUnaryCall(request, options);
  const bodies = [first, second].map(({ payload }) => Buffer.from(payload?.body ?? []).toString());
  assert.notEqual(bodies[0], "", "the payload of the first response");
  assert.equal(bodies[1], bodies[0], "the payload of the second response; is there a caching proxy?");
}

async function largeUnary(session: Session): Promise<void> {
  await callLargeUnary(session, largeRequest());
}

/** A thousand times large_unary at once, on one channel. */
async function concurrentLargeUnary(session: Session): Promise<void> {
  const request = largeRequest();
  await Promise.all(Array.from({ length: CONCURRENT_CALLS }, () => callLargeUnary(session, request)));
}

async function callLargeUnary(session: Session, request: ReturnType<typeof largeRequest>): Promise<void> {
  const { payload } = await session.client.unaryCall(request, session.call());
  checkPayload(payload, LARGE_RESPONSE_BYTES);
}
