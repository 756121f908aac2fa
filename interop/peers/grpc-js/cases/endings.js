/** The cases of calls that end before they are answered. */
import { Probe } from "../protos.js";
import { endOf, next, outcomeOf, valueOf } from "./common.js";

export async function deadline(connect, { timeoutMs }) {
  const client = connect(Probe);
  const id = { callId: "deadline" };
  const { code } = await outcomeOf(client, "wait", id, { options: { deadline: Date.now() + timeoutMs } });
  return { code, end: await valueOf(client, "awaitEnd", id) };
}

export async function cancellation(connect) {
  const client = connect(Probe);
  const id = { callId: "cancel" };
  const call = client.hold(id);
  const messages = call[Symbol.asyncIterator]();
  await next(messages);
  call.cancel();
  const code = await endOf(messages);
  return { code, end: await valueOf(client, "awaitEnd", id) };
}

export function unknownMethod(connect) {
  return callPath(connect, "/heddle.interop.Probe/NotYetServed");
}

export function unknownService(connect) {
  return callPath(connect, "/heddle.interop.Unserved/Ask");
}

function callPath(connect, path) {
  const client = connect(Probe);
  const bytes = () => Buffer.alloc(0);
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, bytes, bytes, {}, (error) => resolve({ code: error?.code ?? 0 }));
  });
}
