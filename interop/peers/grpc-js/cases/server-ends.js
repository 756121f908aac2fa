/** The cases in which the server goes away. */
import { setTimeout as delay } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import { Probe } from "../protos.js";
import { endOf, next, outcomeOf, valueOf } from "./common.js";

/** What lies between two calls while a case waits for a server to go or to come back. */
const ATTEMPT_INTERVAL_MS = 50;
const ATTEMPTS_LIMIT_MS = 10_000;

/** Goes on with an open stream after the server has stopped taking calls. */
export async function gracefulShutdown(connect, { messages }) {
  const client = connect(Probe);
  const call = client.chat();
  const responses = call[Symbol.asyncIterator]();
  const echoed = [];
  let refusedCodes = [];
  for (const [index, text] of messages.entries()) {
    call.write({ body: Buffer.from(text) });
    echoed.push((await next(responses)).body.toString());
    if (index === 0) {
      await valueOf(client, "shutdown", {});
      refusedCodes = await failuresUntil(client, status.UNAVAILABLE);
    }
  }
  call.end();
  return { echoed, refusedCodes, code: await endOf(responses) };
}

/** Reads a stream whose server dies, and then calls until there is a server again. */
export async function killedServer(connect) {
  const client = connect(Probe);
  const call = client.flood({ callId: "killed-server", messages: 1_000_000, bodyBytes: 16 * 1024 });
  const stream = call[Symbol.asyncIterator]();
  await next(stream);
  await outcomeOf(client, "die", {});
  const streamCode = await endOf(stream);
  const retryCodes = await failuresUntil(client, status.OK);
  return { streamCode, retryCodes };
}

/** Calls Echo again and again until it ends with the wanted code. Gives the codes of all calls that failed. */
async function failuresUntil(client, wanted) {
  const limit = Date.now() + ATTEMPTS_LIMIT_MS;
  const failures = [];
  while (Date.now() < limit) {
    const { code } = await outcomeOf(client, "echo", { body: Buffer.alloc(0) }, { options: { deadline: limit } });
    if (code !== status.OK) failures.push(code);
    if (code === wanted) return failures;
    await delay(ATTEMPT_INTERVAL_MS);
  }
  throw new Error(`no call ended with code ${wanted} within ${ATTEMPTS_LIMIT_MS} ms; failures: ${failures}`);
}
