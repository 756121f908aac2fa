/** The cases of large messages, slow receivers and many calls. */
import { createHash } from "node:crypto";
import { type Channel, createClient, RpcError, StatusCode } from "heddle";
import { Probe } from "../../gen/interop_probe_pb.js";
import { codeOf, sideCall } from "./client-case.js";
import { whenItStandsStill } from "./standstill.js";

export const loadCases = {
  "send-bodies": sendBodies,
  "receive-bodies": receiveBodies,
  "slow-reader": slowReader,
  "slow-server": slowServer,
  "early-answers": earlyAnswers,
  concurrent: concurrentCalls,
};

interface StreamInput {
  readonly messages: number;
  readonly bodyBytes: number;
}

function sendBodies(channel: Channel, { bodyBytes }: { bodyBytes: number[] }) {
  const client = createClient(Probe, channel);
  return bodyOutcomes(bodyBytes, async (size) => (await client.measure({ body: new Uint8Array(size) })).bodyBytes);
}

function receiveBodies(channel: Channel, { bodyBytes }: { bodyBytes: number[] }) {
  const client = createClient(Probe, channel);
  return bodyOutcomes(bodyBytes, async (size) => (await client.produce({ bodyBytes: size })).body.length);
}

async function bodyOutcomes(sizes: number[], transfer: (size: number) => Promise<number>) {
  const outcomes: object[] = [];
  for (const size of sizes) {
    let bodyBytes = 0;
    const code = await codeOf(async () => {
      bodyBytes = await transfer(size);
    });
    outcomes.push({ code, bodyBytes });
  }
  return { outcomes };
}

/** Reads one message and pauses until the server cannot send any more; then it reads the rest. */
async function slowReader(channel: Channel, input: StreamInput) {
  const client = createClient(Probe, channel);
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
      sentWhilePaused = await whenItStandsStill(async () => (await client.progress({ callId }, sideCall)).messages);
    }
  }
  return { sentWhilePaused, messages, inOrder, sha256: digest.digest("hex") };
}

/** Sends until the server, which does not read, holds it back; then it lets the server read. */
async function slowServer(channel: Channel, { messages, bodyBytes }: StreamInput) {
  const client = createClient(Probe, channel);
  const callId = "slow-server";
  const call = client.absorb();
  let sent = 0;

  async function send(): Promise<void> {
    for (let number = 0; number < messages; number++) {
      const body = new Uint8Array(bodyBytes).fill(number % 256);
      await call.send({ number, body, callId: number === 0 ? callId : "" });
      sent = number + 1;
    }
    call.end();
  }

  const sending = send();
  const sentWhilePaused = await whenItStandsStill(async () => sent);
  await client.release({ callId }, sideCall);
  await sending;
  const absorbed = await call.response;
  return { sentWhilePaused, messages: absorbed.messages, inOrder: absorbed.inOrder, sha256: absorbed.sha256 };
}

/** Sends without end, until the server's answer ends the call. */
async function earlyAnswers(channel: Channel, input: { firstNumbers: number[]; bodyBytes: number }) {
  const client = createClient(Probe, channel);
  const body = new Uint8Array(input.bodyBytes);
  const outcomes: object[] = [];
  for (const number of input.firstNumbers) {
    try {
      await client.answerEarly(repeat({ number, body }));
      outcomes.push({ code: StatusCode.OK, message: "" });
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      outcomes.push({ code: error.code, message: error.message });
    }
  }
  return { outcomes };
}

function* repeat<T>(message: T): Iterable<T> {
  while (true) yield message;
}

/** Makes calls which are answered only when all of them are at the server. */
async function concurrentCalls(channel: Channel, { calls }: { calls: number }) {
  const client = createClient(Probe, channel);
  const request = { callId: "concurrent", parties: calls };
  const meetings = await Promise.all(Array.from({ length: calls }, () => client.meet(request, sideCall)));
  return { answered: meetings.length, connections: new Set(meetings.map(({ peer }) => peer)).size };
}
