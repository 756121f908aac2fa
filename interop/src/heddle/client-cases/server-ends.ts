/** The cases in which the server goes away. */
import { setTimeout as delay } from "node:timers/promises";
import { type Channel, type Client, createClient, StatusCode } from "heddle";
import { Probe } from "../../gen/interop_probe_pb.js";
import { codeOf, discard, next, sideCall } from "./client-case.js";

export const serverEndCases = { "graceful-shutdown": gracefulShutdown, "killed-server": killedServer };

/** What lies between two calls while a case waits for a server to go or to come back. */
const ATTEMPT_INTERVAL_MS = 50;
const ATTEMPTS_LIMIT_MS = 10_000;

/** Goes on with an open stream after the server has stopped taking calls. */
async function gracefulShutdown(channel: Channel, { messages }: { messages: string[] }) {
  const client = createClient(Probe, channel);
  const call = client.chat();
  const responses = call[Symbol.asyncIterator]();
  const echoed: string[] = [];
  let refusedCodes: StatusCode[] = [];
  for (const [index, text] of messages.entries()) {
    await call.send({ body: Buffer.from(text) });
    echoed.push(Buffer.from((await next(responses)).body).toString());
    if (index > 0) continue;
    await client.shutdown({}, sideCall);
    refusedCodes = await failuresUntil(client, StatusCode.UNAVAILABLE);
  }
  call.end();
  return { echoed, refusedCodes, code: await codeOf(() => discard(responses)) };
}

/** Reads a stream whose server dies, and then calls until there is a server again. */
async function killedServer(channel: Channel) {
  const client = createClient(Probe, channel);
  const flood = client.flood({ callId: "killed-server", messages: 1_000_000, bodyBytes: 16 * 1024 });
  const messages = flood[Symbol.asyncIterator]();
  await next(messages);
  // Its outcome says nothing: the server dies before it can answer.
  await codeOf(() => client.die({}, sideCall));
  const streamCode = await codeOf(() => discard(messages));
  return { streamCode, retryCodes: await failuresUntil(client, StatusCode.OK) };
}

/** Calls Echo again and again until it ends with the wanted code. Gives the codes of all calls that failed. */
async function failuresUntil(client: Client<typeof Probe>, wanted: StatusCode): Promise<StatusCode[]> {
  const limit = Date.now() + ATTEMPTS_LIMIT_MS;
  const failures: StatusCode[] = [];
  while (Date.now() < limit) {
    const code = await codeOf(() => client.echo({}, sideCall));
    if (code !== StatusCode.OK) failures.push(code);
    if (code === wanted) return failures;
    await delay(ATTEMPT_INTERVAL_MS);
  }
  throw new Error(`no call ended with code ${wanted} within ${ATTEMPTS_LIMIT_MS} ms; failures: ${failures}`);
}
