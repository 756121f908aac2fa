/** The cases of metadata and statuses that the server sends back, and of methods that it does not have. */
import assert from "node:assert/strict";
import { createClient, Metadata, StatusCode } from "heddle";
import { UnimplementedService } from "../../gen/grpc/testing/test_pb.js";
import { checkEnd, checkPayload, collect, failureOf, next, type Session, zeros } from "./client-case.js";
import { LARGE_REQUEST_BYTES, LARGE_RESPONSE_BYTES, largeRequest } from "./unary.js";

export const statusCases = {
  custom_metadata: customMetadata,
  status_code_and_message: statusCodeAndMessage,
  special_status_message: specialStatusMessage,
  unimplemented_method: unimplementedMethod,
  unimplemented_service: unimplementedService,
};

const INITIAL_KEY = "x-grpc-test-echo-initial";
const INITIAL_VALUE = "test_initial_metadata_value";
const TRAILING_KEY = "x-grpc-test-echo-trailing-bin";
const TRAILING_VALUE = Buffer.from("ababab", "hex");

const SPECIAL_MESSAGE = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";

/** Both kinds of metadata go there and back, once in a unary call and once in a stream. */
async function customMetadata(session: Session): Promise<void> {
  const unary = observed(session);
  const { payload } = await session.client.unaryCall(largeRequest(), unary.options);
  checkPayload(payload, LARGE_RESPONSE_BYTES);
  unary.check();

  const stream = observed(session);
  const call = session.client.fullDuplexCall(undefined, stream.options);
  const responses = call[Symbol.asyncIterator]();
  await call.send({ responseParameters: [{ size: LARGE_RESPONSE_BYTES }], payload: zeros(LARGE_REQUEST_BYTES) });
  call.end();
  checkPayload((await next(responses)).payload, LARGE_RESPONSE_BYTES);
  await checkEnd(responses);
  stream.check();
}

/** Sends the metadata with a call; `check` fails unless it came back. */
function observed(session: Session) {
  let headers = new Metadata();
  let trailers = new Metadata();
  const options = session.call({
    metadata: { [INITIAL_KEY]: INITIAL_VALUE, [TRAILING_KEY]: TRAILING_VALUE },
    onHeaders: (received) => {
      headers = received;
    },
    onTrailers: (received) => {
      trailers = received;
    },
  });
  function check(): void {
    assert.deepEqual(headers.getAll(INITIAL_KEY), [INITIAL_VALUE], `${INITIAL_KEY} in the headers`);
    const trailing = trailers.getAll(TRAILING_KEY).map((value) => Buffer.from(value));
    assert.deepEqual(trailing, [TRAILING_VALUE], `${TRAILING_KEY} in the trailers`);
  }
  return { options, check };
}

async function statusCodeAndMessage(session: Session): Promise<void> {
  const responseStatus = { code: StatusCode.UNKNOWN, message: "test status message" };
  checkStatus(await failureOf(session.client.unaryCall({ responseStatus }, session.call())), responseStatus);

  const call = session.client.fullDuplexCall([{ responseStatus }], session.call());
  checkStatus(await failureOf(collect(call)), responseStatus);
}

async function specialStatusMessage(session: Session): Promise<void> {
  const responseStatus = { code: StatusCode.UNKNOWN, message: SPECIAL_MESSAGE };
  checkStatus(await failureOf(session.client.unaryCall({ responseStatus }, session.call())), responseStatus);
}

async function unimplementedMethod(session: Session): Promise<void> {
  const { code } = await failureOf(session.client.unimplementedCall({}, session.call()));
  assert.equal(code, StatusCode.UNIMPLEMENTED, "the status of a method that the service does not have");
}

async function unimplementedService(session: Session): Promise<void> {
  const client = createClient(UnimplementedService, session.channel);
  const { code } = await failureOf(client.unimplementedCall({}, session.call()));
  assert.equal(code, StatusCode.UNIMPLEMENTED, "the status of a service that the server does not have");
}

interface Status {
  readonly code: StatusCode;
  readonly message: string;
}

function checkStatus({ code, message }: Status, wanted: Status): void {
  assert.deepEqual({ code, message }, wanted, "the status of the call");
}
