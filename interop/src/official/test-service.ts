/**
 * Serves grpc.testing.TestService. It does what a request's fields say; the methods' comments are in test.proto.
 * Source: "Server" in https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Message } from "@bufbuild/protobuf";
import { Metadata, RpcError, type ServerCall, type ServiceHandlers, StatusCode } from "heddle";
import {
  type BoolValue,
  type EchoStatus,
  PayloadType,
  type ResponseParameters,
  type SimpleRequest,
  type StreamingOutputCallRequest,
} from "../gen/grpc/testing/messages_pb.js";
import type { TestService } from "../gen/grpc/testing/test_pb.js";
import type { Authenticate } from "./auth/authenticator.js";

/** The metadata that is sent back: the one in the headers, the other in the trailers. */
const ECHO_INITIAL = "x-grpc-test-echo-initial";
const ECHO_TRAILING = "x-grpc-test-echo-trailing-bin";
/** How long a proxy may keep the answer of CacheableUnaryCall. */
const CACHE_CONTROL = "max-age=60, public";

/** All methods but the one that no server has. */
export type TestServiceHandlers = Omit<ServiceHandlers<typeof TestService>, "unimplementedCall">;

/** `authenticate` tells who makes a call; without it nobody has a name. */
export function createTestService(authenticate: Authenticate | undefined): TestServiceHandlers {
  const serverId = randomUUID();

  /** Whatever a request wants to know of its caller. Without `authenticate`, that is nothing. */
  function describeCaller({ fillUsername, fillOauthScope }: SimpleRequest, call: ServerCall) {
    if (authenticate === undefined || !(fillUsername || fillOauthScope)) return {};
    const { username, oauthScope } = authenticate(call.metadata);
    return { ...(fillUsername && { username }), ...(fillOauthScope && { oauthScope }) };
  }

  return {
    emptyCall: () => ({}),

    unaryCall(request, call) {
      checkCompression(request, request.expectCompressed, call);
      if (request.responseCompressed?.value) call.compression = "gzip";
      echoMetadata(call);
      endAsWanted(request.responseStatus);
      return {
        ...describeCaller(request, call),
        hostname: hostname(),
        serverId: request.fillServerId ? serverId : "",
        payload: payloadOf(request.responseType, request.responseSize),
      };
    },

    cacheableUnaryCall(_request, call) {
      echoMetadata(call, { "cache-control": CACHE_CONTROL });
      return { payload: { body: Buffer.from(String(nanoseconds())) } };
    },

    streamingOutputCall(request, call) {
      if (request.responseParameters.some(wantsCompression)) call.compression = "gzip";
      echoMetadata(call);
      return respond(request, call);
    },

    async streamingInputCall(requests, call) {
      echoMetadata(call);
      let aggregatedPayloadSize = 0;
      for await (const request of requests) {
        checkCompression(request, request.expectCompressed, call);
        aggregatedPayloadSize += request.payload?.body.length ?? 0;
      }
      return { aggregatedPayloadSize };
    },

    async *fullDuplexCall(requests, call) {
      echoMetadata(call);
      for await (const request of requests) yield* respond(request, call);
    },

    async *halfDuplexCall(requests, call) {
      echoMetadata(call);
      const all: StreamingOutputCallRequest[] = [];
      for await (const request of requests) all.push(request);
      for (const request of all) yield* respond(request, call);
    },
  };
}

/** The responses to one request of a stream; or the status with which the call has to end. */
async function* respond(request: StreamingOutputCallRequest, call: ServerCall) {
  endAsWanted(request.responseStatus);
  for (const { size, intervalUs, compressed } of request.responseParameters) {
    if (intervalUs > 0) await delay(intervalUs / 1000, undefined, { signal: call.signal });
    if (compressed !== undefined) call.compress = compressed.value;
    yield { payload: payloadOf(request.responseType, size) };
  }
}

function wantsCompression({ compressed }: ResponseParameters): boolean {
  return compressed?.value ?? false;
}

/** Sends the headers, if there is something to send with them, and fills the trailers. */
function echoMetadata(call: ServerCall, headers: Readonly<Record<string, string>> = {}): void {
  const initial = call.metadata.get(ECHO_INITIAL);
  const trailing = call.metadata.get(ECHO_TRAILING);
  if (trailing !== undefined) call.trailers.set(ECHO_TRAILING, trailing);
  const sent = Metadata.from(Object.entries(headers));
  if (initial !== undefined) sent.set(ECHO_INITIAL, initial);
  if ([...sent].length > 0) call.sendHeaders(sent);
}

function checkCompression(request: Message, expected: BoolValue | undefined, call: ServerCall): void {
  if (expected === undefined || expected.value === call.wasCompressed(request)) return;
  const came = expected.value ? "uncompressed" : "compressed";
  const text = `the request came ${came}, and its field expect_compressed has ${expected.value}`;
  throw new RpcError(StatusCode.INVALID_ARGUMENT, text);
}

function endAsWanted(status: EchoStatus | undefined): void {
  if (status !== undefined && status.code !== 0) throw new RpcError(status.code as StatusCode, status.message);
}

function payloadOf(type: PayloadType, sizeBytes: number) {
  if (type !== PayloadType.COMPRESSABLE) {
    throw new RpcError(StatusCode.INVALID_ARGUMENT, `this server has no payload of the type ${type}`);
  }
  if (sizeBytes < 0) throw new RpcError(StatusCode.INVALID_ARGUMENT, `a payload cannot have ${sizeBytes} octets`);
  return { type, body: new Uint8Array(sizeBytes) };
}

/** The time, in nanoseconds since the epoch. */
function nanoseconds(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));
}
