/**
 * The target "conversation": a client and a server of the engine, joined with cuts at any octet. Neither breaks a rule on the wire; what
 * is sent arrives once, in order and complete; both sides tell the same ending of each call; and nothing is left when all is said.
 */
import assert from "node:assert/strict";
import { ErrorCode } from "../../error.js";
import { HeaderList } from "../../hpack/header-list.js";
import { RESPONSE } from "../../testing/engine.js";
import { featuresOf, type Observe, observeNothing } from "../features.js";
import { checkEndings } from "./endings.js";
import { HalfCall } from "./half-call.js";
import { JoinedPair } from "./joined-pair.js";
import { type ConversationTurn, MESSAGE_BYTES, readConversation, Turn } from "./program.js";

/** Nothing of the default options runs out within this time. */
const MAX_TIME_MS = 10_000;
/** Values from here on are of senders that do not wait. */
const IMPATIENT = 0x80;
const PING_PAYLOAD = Buffer.from("fuzzing!", "latin1");

export function conversation(input: Uint8Array, observe: Observe = observeNothing): void {
  const program = readConversation(input);
  const talk = new Conversation(new JoinedPair(program));
  for (const turn of program.turns) talk.turn(turn);
  talk.finish();
  const { clientSink, serverSink } = talk.pair;
  for (const feature of featuresOf(clientSink.log, clientSink.errors)) observe(`client ${feature}`);
  for (const feature of featuresOf(serverSink.log, serverSink.errors)) observe(`server ${feature}`);
}

class Conversation {
  readonly pair: JoinedPair;
  readonly #requests = new Map<number, HalfCall>();
  readonly #answers = new Map<number, HalfCall>();
  #nowMs = 0;

  constructor(pair: JoinedPair) {
    this.pair = pair;
    pair.serverSink.react.onHeaders = (stream) => {
      this.#answers.set(stream.id, new HalfCall(pair.server, pair.serverSink, stream));
    };
    // Who has not heard of the limits may open too many streams.
    pair.settle();
  }

  turn({ what, call, value }: ConversationTurn): void {
    const { client, server } = this.pair;
    const request = [...this.#requests.values()][call];
    const answer = [...this.#answers.values()][call];
    const bytes = MESSAGE_BYTES[value % MESSAGE_BYTES.length] as number;
    const side = (value & 1) === 0 ? client : server;
    if (what === Turn.TO_SERVER) this.pair.toServer();
    else if (what === Turn.TO_CLIENT) this.pair.toClient();
    else if (what === Turn.OPEN) this.#open();
    else if (what === Turn.CLIENT_SENDS) request?.send(bytes, value >= IMPATIENT);
    else if (what === Turn.SERVER_SENDS) answer?.send(bytes, value >= IMPATIENT);
    else if (what === Turn.SERVER_ANSWERS) this.#answer(answer);
    else if (what === Turn.CLIENT_ENDS) request?.end((value & 1) !== 0);
    else if (what === Turn.SERVER_ENDS) answer?.end((value & 1) !== 0);
    else if (what === Turn.CLIENT_RESETS) request?.reset(resetCode(value));
    else if (what === Turn.SERVER_RESETS) answer?.reset(resetCode(value));
    else if (what === Turn.BLOCK) side.setBlocked((value & 2) !== 0);
    else if (what === Turn.CONSUME) this.pair.consume((value & 1) === 0 ? "client" : "server");
    else if (what === Turn.ADVANCE) this.#advance(value);
    else if (what === Turn.PING) side.ping(PING_PAYLOAD);
    else if (what === Turn.DRAIN) this.#drain((value & 1) !== 0);
    else this.pair.settle();
  }

  /** Everybody ends what they have begun, and everything arrives. */
  finish(): void {
    const { pair } = this;
    pair.client.setBlocked(false);
    pair.server.setBlocked(false);
    pair.settleAndConsume();
    for (const answer of this.#answers.values()) this.#answer(answer);
    for (const half of [...this.#requests.values(), ...this.#answers.values()]) half.end(half.stream.id % 4 === 1);
    pair.settleAndConsume();
    assert.equal(pair.client.fatal?.reason, undefined, "the client's connection has failed");
    assert.equal(pair.server.fatal?.reason, undefined, "the server's connection has failed");
    assert.equal(pair.client.openStreams, 0, "the client's open streams");
    assert.equal(pair.server.openStreams, 0, "the server's open streams");
    pair.checkNothingIsOwed();
    for (const [id, request] of this.#requests) {
      const answer = this.#answers.get(id);
      checkBody(request, pair.serverSink.body(id), pair.serverSink.logOf(id), "request");
      if (answer !== undefined) checkBody(answer, pair.clientSink.body(id), pair.clientSink.logOf(id), "answer");
      checkEndings(id, pair, request, answer);
    }
  }

  #open(): void {
    const { client } = this.pair;
    if (!client.canOpenStream) return;
    const stream = this.pair.openStream();
    this.#requests.set(stream.id, new HalfCall(client, this.pair.clientSink, stream));
  }

  #answer(answer: HalfCall | undefined): void {
    const { server } = this.pair;
    if (answer === undefined || !server.canSendHeaders(answer.stream)) return;
    server.sendHeaders(answer.stream, HeaderList.of(...RESPONSE), false);
  }

  #advance(ms: number): void {
    this.#nowMs = Math.min(this.#nowMs + ms, MAX_TIME_MS);
    this.pair.client.advance(this.#nowMs);
    this.pair.server.advance(this.#nowMs);
  }

  #drain(secondStep: boolean): void {
    if (secondStep) this.pair.server.finishDrain();
    else this.pair.server.drain("the program says so");
  }
}

/** Any code but those that would not be true: that nothing was processed, or that the other side has broken a rule. */
function resetCode(value: number): number {
  return value === ErrorCode.REFUSED_STREAM || value === ErrorCode.FLOW_CONTROL_ERROR ? ErrorCode.CANCEL : value;
}

/** What has arrived is the beginning of what was sent, and all of it when the end has arrived. */
function checkBody(half: HalfCall, got: Buffer, log: readonly string[], what: string): void {
  const { body, hasEnded, stream } = half;
  assert.ok(body.subarray(0, got.length).equals(got), `the ${what} ${stream.id} did not arrive as it was sent`);
  if (!log.includes(`end ${stream.id}`)) return;
  assert.ok(hasEnded, `the ${what} ${stream.id} has ended, but nobody ended it`);
  assert.equal(got.length, body.length, `the ${what} ${stream.id} has ended before it was complete`);
}
