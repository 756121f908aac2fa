/** The cases of streams. */
import assert from "node:assert/strict";
import { checkEnd, checkPayload, collect, next, type Session, zeros } from "./client-case.js";

export const streamingCases = {
  client_streaming: clientStreaming,
  server_streaming: serverStreaming,
  ping_pong: pingPong,
  empty_stream: emptyStream,
};

const REQUEST_BYTES = [27_182, 8, 1_828, 45_904];
const RESPONSE_BYTES = [31_415, 9, 2_653, 58_979];

async function clientStreaming(session: Session): Promise<void> {
  const requests = REQUEST_BYTES.map((size) => ({ payload: zeros(size) }));
  const { aggregatedPayloadSize } = await session.client.streamingInputCall(requests, session.call());
  assert.equal(aggregatedPayloadSize, 74_922, "the octets that the server has counted");
}

async function serverStreaming(session: Session): Promise<void> {
  const responseParameters = RESPONSE_BYTES.map((size) => ({ size }));
  const responses = await collect(session.client.streamingOutputCall({ responseParameters }, session.call()));
  assert.equal(responses.length, RESPONSE_BYTES.length, "the number of responses");
  for (const [index, { payload }] of responses.entries()) checkPayload(payload, RESPONSE_BYTES[index] ?? 0);
}

/** Each request is sent when the one before it was answered. */
async function pingPong(session: Session): Promise<void> {
  const call = session.client.fullDuplexCall(undefined, session.call());
  const responses = call[Symbol.asyncIterator]();
  for (const [index, requestBytes] of REQUEST_BYTES.entries()) {
    const size = RESPONSE_BYTES[index] ?? 0;
    await call.send({ responseParameters: [{ size }], payload: zeros(requestBytes) });
    checkPayload((await next(responses)).payload, size);
  }
  call.end();
  await checkEnd(responses);
}

async function emptyStream(session: Session): Promise<void> {
  const call = session.client.fullDuplexCall(undefined, session.call());
  call.end();
  await checkEnd(call[Symbol.asyncIterator]());
}
