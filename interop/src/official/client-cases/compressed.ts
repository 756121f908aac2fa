/**
 * The cases of compression. Those in which the client compresses ask first, with a message that is not compressed, whether the
 * server looks: it has to refuse a message that does not come as the message itself says.
 */
import assert from "node:assert/strict";
import type { Message } from "@bufbuild/protobuf";
import { StatusCode } from "heddle";
import { wasCompressed } from "../compression.js";
import { checkPayload, collect, failureOf, type Session, zeros } from "./client-case.js";
import { LARGE_RESPONSE_BYTES, largeRequest } from "./unary.js";

export const compressedCases = {
  client_compressed_unary: clientCompressedUnary,
  server_compressed_unary: serverCompressedUnary,
  client_compressed_streaming: clientCompressedStreaming,
  server_compressed_streaming: serverCompressedStreaming,
};

const COMPRESSED = { value: true };
const PLAIN = { value: false };

async function clientCompressedUnary(session: Session): Promise<void> {
  const { client } = session;
  const probe = client.unaryCall({ ...largeRequest(), expectCompressed: COMPRESSED }, session.call());
  checkRefusal(await failureOf(probe));

  const options = session.call({ compression: "gzip" });
  const compressed = await client.unaryCall({ ...largeRequest(), expectCompressed: COMPRESSED }, options);
  checkPayload(compressed.payload, LARGE_RESPONSE_BYTES);
  const plain = await client.unaryCall({ ...largeRequest(), expectCompressed: PLAIN }, session.call());
  checkPayload(plain.payload, LARGE_RESPONSE_BYTES);
}

async function serverCompressedUnary(session: Session): Promise<void> {
  for (const responseCompressed of [COMPRESSED, PLAIN]) {
    const response = await session.client.unaryCall({ ...largeRequest(), responseCompressed }, session.call());
    checkFlag(response, responseCompressed.value);
    checkPayload(response.payload, LARGE_RESPONSE_BYTES);
  }
}

async function clientCompressedStreaming(session: Session): Promise<void> {
  const { client } = session;
  const first = { expectCompressed: COMPRESSED, payload: zeros(27_182) };
  checkRefusal(await failureOf(client.streamingInputCall([first], session.call())));

  const call = client.streamingInputCall(undefined, session.call({ compression: "gzip" }));
  await call.send(first);
  await call.send({ expectCompressed: PLAIN, payload: zeros(45_904) }, { compress: false });
  call.end();
  assert.equal((await call.response).aggregatedPayloadSize, 73_086, "the octets that the server has counted");
}

async function serverCompressedStreaming(session: Session): Promise<void> {
  const responseParameters = [
    { compressed: COMPRESSED, size: 31_415 },
    { compressed: PLAIN, size: 92_653 },
  ];
  const responses = await collect(session.client.streamingOutputCall({ responseParameters }, session.call()));
  assert.equal(responses.length, responseParameters.length, "the number of responses");
  for (const [index, { compressed, size }] of responseParameters.entries()) {
    const response = responses[index]!;
    checkFlag(response, compressed.value);
    checkPayload(response.payload, size);
  }
}

function checkRefusal({ code, message }: { code: StatusCode; message: string }): void {
  const note = `the status of a message that is not compressed as it says ("${message}")`;
  assert.equal(code, StatusCode.INVALID_ARGUMENT, note);
}

function checkFlag(response: Message, compressed: boolean): void {
  assert.equal(wasCompressed(response), compressed, "whether the response came compressed");
}
