/**
 * What several cases need. A case takes its input, calls a server and gives what it observed; it judges nothing.
 * The inputs and results are described in interop/src/cases.
 */
import { setTimeout as delay } from "node:timers/promises";
import { Metadata, status } from "@grpc/grpc-js";

/** Bounds the calls that only help a case to observe another one. */
const SIDE_CALL_LIMIT_MS = 10_000;

const STANDSTILL_INTERVAL_MS = 50;
const STANDSTILL_SAMPLES = 8;

/** Performs a unary call; gives its code, message, value, headers and trailers, whether it succeeded or failed. */
export function outcomeOf(client, method, request, { metadata = new Metadata(), options = {} } = {}) {
  return new Promise((resolve) => {
    const outcome = { headers: new Metadata() };
    const call = client[method](request, metadata, options, (_error, value) => {
      outcome.value = value;
    });
    call.on("metadata", (headers) => {
      outcome.headers = headers;
    });
    call.on("status", ({ code, details, metadata: trailers }) => {
      // The callback comes after this event.
      setImmediate(() => resolve({ ...outcome, code, message: details, trailers }));
    });
  });
}

/** Performs a unary call that must succeed, and gives its response. */
export async function valueOf(client, method, request) {
  const options = { deadline: Date.now() + SIDE_CALL_LIMIT_MS };
  const { code, message, value } = await outcomeOf(client, method, request, { options });
  if (code !== status.OK) throw new Error(`${method} failed with code ${code}: ${message}`);
  return value;
}

/** The next message of a stream that must have one. */
export async function next(messages) {
  const { done, value } = await messages.next();
  if (done) throw new Error("the stream ended where a message was awaited");
  return value;
}

/** The code with which a stream ends; its messages are thrown away. */
export async function endOf(messages) {
  try {
    while (!(await messages.next()).done);
    return status.OK;
  } catch (error) {
    return error.code;
  }
}

/** Gives a count once it is above zero and the same in several samples that follow each other. */
export async function whenItStandsStill(count) {
  const limit = Date.now() + SIDE_CALL_LIMIT_MS;
  let last = 0;
  for (let same = 0; same < STANDSTILL_SAMPLES; ) {
    if (Date.now() > limit)
      throw new Error("the sender was never held back: its count of messages did not stand still");
    await delay(STANDSTILL_INTERVAL_MS);
    const current = await count();
    same = current > 0 && current === last ? same + 1 : 0;
    last = current;
  }
  return last;
}
