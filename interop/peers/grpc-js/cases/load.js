/** The cases of large messages, slow receivers and many calls. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { Probe } from "../protos.js";
import { outcomeOf, valueOf, whenItStandsStill } from "./common.js";

export async function sendBodies(connect, { bodyBytes }) {
  const client = connect(Probe);
  const outcomes = [];
  for (const size of bodyBytes) {
    const { code, value } = await outcomeOf(client, "measure", { body: Buffer.alloc(size) });
    outcomes.push({ code, bodyBytes: value?.bodyBytes ?? 0 });
  }
  return { outcomes };
}

export async function receiveBodies(connect, { bodyBytes }) {
  const client = connect(Probe);
  const outcomes = [];
  for (const size of bodyBytes) {
    const { code, value } = await outcomeOf(client, "produce", { bodyBytes: size });
    outcomes.push({ code, bodyBytes: value?.body.length ?? 0 });
  }
  return { outcomes };
}

/** Reads one message and pauses until the server cannot send any more; then it reads the rest. */
export async function slowReader(connect, input) {
  const client = connect(Probe);
  const callId = "slow-reader";
  const digest = createHash("sha256");
  let messages = 0;
  let inOrder = true;
  let sentWhilePaused = 0;
  for await (const { number, body } of client.flood({ callId, ...input })) {
    inOrder &&= number === messages;
    messages++;
    digest.update(body);
    if (messages === 1) {
      sentWhilePaused = await whenItStandsStill(async () => (await valueOf(client, "progress", { callId })).messages);
    }
  }
  return { sentWhilePaused, messages, inOrder, sha256: digest.digest("hex") };
}

/** Sends until the server, which does not read, holds it back; then it lets the server read. */
export async function slowServer(connect, { messages, bodyBytes }) {
  const client = connect(Probe);
  const callId = "slow-server";
  let call;
  const answer = new Promise((resolve, reject) => {
    call = client.absorb((error, absorbed) => (error ? reject(error) : resolve(absorbed)));
  });
  let sent = 0;

  async function send() {
    for (let number = 0; number < messages; number++) {
      const body = Buffer.alloc(bodyBytes, number % 256);
      const mayGoOn = call.write({ number, body, callId: number === 0 ? callId : "" });
      sent = number + 1;
      if (!mayGoOn) await once(call, "drain");
    }
    call.end();
  }

  const sending = send();
  const sentWhilePaused = await whenItStandsStill(async () => sent);
  await valueOf(client, "release", { callId });
  await sending;
  const absorbed = await answer;
  return { sentWhilePaused, messages: absorbed.messages, inOrder: absorbed.inOrder, sha256: absorbed.sha256 };
}

/** Sends without end, until the server's answer ends the call. */
export async function earlyAnswers(connect, { firstNumbers, bodyBytes }) {
  const client = connect(Probe);
  const body = Buffer.alloc(bodyBytes);
  const outcomes = [];
  for (const number of firstNumbers) outcomes.push(await earlyOutcome(client, { number, body }));
  return { outcomes };
}

function earlyOutcome(client, message) {
  return new Promise((resolve) => {
    let isOver = false;
    const call = client.answerEarly(() => {});
    call.on("status", ({ code, details }) => {
      isOver = true;
      resolve({ code, message: code === 0 ? "" : details });
    });
    const send = () => {
      while (!isOver && call.write(message));
    };
    call.on("drain", send);
    send();
  });
}

/** Makes calls which are answered only when all of them are at the server. */
export async function concurrentCalls(connect, { calls }) {
  const client = connect(Probe);
  const request = { callId: "concurrent", parties: calls };
  const meetings = await Promise.all(Array.from({ length: calls }, () => valueOf(client, "meet", request)));
  return { answered: meetings.length, connections: new Set(meetings.map(({ peer }) => peer)).size };
}
