/** The cases of calls that end before they are answered. */
import { type Channel, type Client, createClient, type StatusCode } from "heddle";
import { Probe } from "../../gen/interop_probe_pb.js";
import { Probe as LaterProbe, Unserved } from "../../gen/later/interop_probe_pb.js";
import { codeOf, discard, next, sideCall } from "./client-case.js";

export const endingCases = {
  deadline,
  cancel,
  "unknown-method": unknownMethod,
  "unknown-service": unknownService,
};

async function deadline(channel: Channel, { timeoutMs }: { timeoutMs: number }) {
  const client = createClient(Probe, channel);
  const callId = "deadline";
  const code = await codeOf(() => client.wait({ callId }, { timeoutMs }));
  return endAtServer(client, callId, code);
}

async function cancel(channel: Channel) {
  const client = createClient(Probe, channel);
  const callId = "cancel";
  const controller = new AbortController();
  const messages = client.hold({ callId }, { signal: controller.signal })[Symbol.asyncIterator]();
  await next(messages);
  controller.abort();
  const code = await codeOf(() => discard(messages));
  return endAtServer(client, callId, code);
}

async function endAtServer(client: Client<typeof Probe>, callId: string, code: StatusCode) {
  const { cancelled, hadDeadline, remainingMs } = await client.awaitEnd({ callId }, sideCall);
  return { code, end: { cancelled, hadDeadline, remainingMs } };
}

async function unknownMethod(channel: Channel) {
  return { code: await codeOf(() => createClient(LaterProbe, channel).notYetServed({})) };
}

async function unknownService(channel: Channel) {
  return { code: await codeOf(() => createClient(Unserved, channel).ask({})) };
}
