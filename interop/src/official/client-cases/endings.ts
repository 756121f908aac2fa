/** The cases of calls that the client gives up. */
import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { type RpcError, StatusCode } from "heddle";
import { checkPayload, collect, failureOf, next, type Session, zeros } from "./client-case.js";

export const endingCases = {
  cancel_after_begin: cancelAfterBegin,
  cancel_after_first_response: cancelAfterFirstResponse,
  timeout_on_sleeping_server: timeoutOnSleepingServer,
};

/** The headers leave, on a connection that is there already; then the call is cancelled before any message. */
async function cancelAfterBegin(session: Session): Promise<void> {
  await session.client.emptyCall({}, session.call());
  const call = session.client.streamingInputCall(undefined, session.call());
  await turn();
  call.cancel();
  checkCode(await failureOf(call.response), StatusCode.CANCELLED);
}

async function cancelAfterFirstResponse(session: Session): Promise<void> {
  const call = session.client.fullDuplexCall(undefined, session.call());
  const responses = call[Symbol.asyncIterator]();
  await call.send({ responseParameters: [{ size: 31_415 }], payload: zeros(27_182) });
  checkPayload((await next(responses)).payload, 31_415);
  call.cancel();
  checkCode(await failureOf(responses.next()), StatusCode.CANCELLED);
}

/** The server waits for another message, and the client for an answer, on a connection that is there already. */
async function timeoutOnSleepingServer(session: Session): Promise<void> {
  await session.client.emptyCall({}, session.call());
  const call = session.client.fullDuplexCall(undefined, session.call({ timeoutMs: 1 }));
  const sent = call.send({ payload: zeros(27_182) }).catch((error: RpcError) => error);
  checkCode(await failureOf(collect(call)), StatusCode.DEADLINE_EXCEEDED);
  const failure = await sent;
  if (failure !== undefined) checkCode(failure, StatusCode.DEADLINE_EXCEEDED);
}

function checkCode({ code, message }: RpcError, wanted: StatusCode): void {
  assert.equal(code, wanted, `the status of the call ("${message}")`);
}
