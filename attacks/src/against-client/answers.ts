/** What a malicious server does about requests: the shape that most attacks on a client have. */
import type { Attack, Expectation } from "../attacker/attack.js";
import type { AttackConnection } from "../attacker/attack-connection.js";
import { FrameType, headers } from "../frames/frame.js";
import { type BatchTemplate, repeated } from "../frames/frame-batch.js";
import { block, RESPONSE_BLOCK } from "../frames/header-block.js";

/** Calls back for each request, with its stream. */
export function onRequests(connection: AttackConnection, answer: (streamId: number) => void): void {
  connection.onFrame = (type, _flags, streamId) => {
    if (type === FrameType.HEADERS) answer(streamId);
  };
}

/** Calls back for the first request of the connection only. */
export function onFirstRequest(connection: AttackConnection, answer: (streamId: number) => void): void {
  onRequests(connection, (streamId) => {
    connection.onFrame = () => {};
    answer(streamId);
  });
}

/** Answers each request with these frames. */
export function answering(
  name: string,
  about: string,
  expected: readonly Expectation[],
  answer: (streamId: number) => Buffer,
): Attack {
  return {
    name,
    about,
    expected,
    begin: (connection) => onRequests(connection, (streamId) => connection.write(answer(streamId), 1)),
  };
}

/** Begins a response to the first request of each connection, and then sends the same frames on its stream for ever. */
export function floodingResponse(
  name: string,
  about: string,
  expected: readonly Expectation[],
  begin: (streamId: number) => Buffer,
  flood: (streamId: number) => Buffer,
): Attack {
  return {
    name,
    about,
    expected,
    begin: (connection) =>
      onFirstRequest(connection, (streamId) => {
        connection.write(begin(streamId));
        connection.flood(repeated(flood(streamId)));
      }),
  };
}

/** Sends the same frames from the beginning, whatever the client does. */
export function flooding(
  name: string,
  about: string,
  expected: readonly Expectation[],
  template: BatchTemplate,
): Attack {
  return { name, about, expected, begin: (connection) => connection.flood(template) };
}

/** Sends these frames once, from the beginning. */
export function offending(name: string, about: string, expected: readonly Expectation[], octets: Buffer): Attack {
  return { name, about, expected, begin: (connection) => connection.write(octets, 1) };
}

/** The headers of a response. */
export function response(streamId: number): Buffer {
  return headers(streamId, RESPONSE_BLOCK);
}

/** Response headers that are malformed: the client has to reset the stream. */
export const UPPER_CASE: Buffer = block([
  [":status", "200"],
  ["Content-Type", "application/grpc"],
]);
