/** Plays one frame in one state, and checks what was sent, what was told, and that the connection works, or is silent, afterwards. */
import assert from "node:assert/strict";
import { errorCodeName } from "../../error.js";
import { HeaderList } from "../../hpack/header-list.js";
import { REQUEST, REQUEST_TEXT, RESPONSE } from "../../testing/engine.js";
import {
  dataFrame,
  headersFrame,
  pingFrame,
  rstFrame,
  settingsFrame,
  windowUpdateFrame,
} from "../../testing/frames.js";
import type { Expectation } from "./expectation.js";
import type { FrameName } from "./frame-name.js";
import { CREDIT, FRAMES } from "./matrix-frames.js";
import type { Peer } from "./peer.js";
import type { State } from "./state.js";

/** A request's id that no state uses. */
const NEW_ID = 101;
/** The stream that is open in every state that has one beside the stream of the state. */
const BYSTANDER_ID = 1;

export function verify(state: State, name: FrameName): void {
  const peer = state.create();
  const { sink, connection } = peer.engine;
  const expectation = state.row[name];
  const windowBefore = expectation.kind === "credit" ? peer.stream(state.streamId).sendWindow : 0;
  peer.engine.receive(FRAMES[name](state, peer));
  const told = sink.takeLog();
  const sent = peer.takeSent();
  switch (expectation.kind) {
    case "connection error":
      checkConnectionError(state, expectation.code, told, sent);
      assert.equal(connection.fatal?.code, expectation.code);
      assert.equal(connection.openStreams, 0);
      checkSilence(peer);
      return;
    case "stream error":
      checkStreamError(state, expectation.code, told, sent);
      break;
    case "accepted":
      checkAccepted(state, peer, expectation, told, sent);
      break;
    default:
      assert.deepEqual({ told, sent }, { told: [], sent: [] });
  }
  if (expectation.kind === "credit") {
    assert.equal(peer.stream(state.streamId).sendWindow, windowBefore + CREDIT);
  }
  checkSequel(state, peer, name, told);
}

function checkAccepted(
  state: State,
  peer: Peer,
  expectation: Expectation & { kind: "accepted" },
  told: readonly string[],
  sent: readonly string[],
): void {
  const fields = [...state.fields, peer.lastInserted].join(" ");
  const fill = (line: string): string =>
    line.replace("%", String(state.streamId)).replace("#", String(state.peerLastId)).replace("$", fields);
  assert.deepEqual({ told, sent }, { told: expectation.told.map(fill), sent: expectation.sent.map(fill) });
}

function checkStreamError(
  { streamId, open }: State,
  code: number,
  told: readonly string[],
  sent: readonly string[],
): void {
  assert.deepEqual(sent, [`RST_STREAM ${streamId} ${code}`]);
  const endings = [`reset ${streamId} ${errorCodeName(code)} stream library`, `closed ${streamId}`];
  assert.deepEqual(told, open.includes(streamId) ? endings : []);
}

/** Every stream is reset and closed, in any order, and the fatal error comes last. */
function checkConnectionError(
  { open, lastId }: State,
  code: number,
  told: readonly string[],
  sent: readonly string[],
): void {
  assert.deepEqual(sent, [`GOAWAY ${lastId} ${code}`]);
  const name = errorCodeName(code);
  assert.equal(told.at(-1), `fatal ${name} library`);
  const endings = told.slice(0, -1).join("\n");
  const expected = open.map((id) => `reset ${id} ${name} connection library\nclosed ${id}`);
  assert.equal(endings.length, expected.join("\n").length, endings);
  for (const ending of expected) assert.ok(endings.includes(ending), endings);
}

/** After its end a connection takes whatever comes without a word to anybody. */
function checkSilence(peer: Peer): void {
  const { connection, sink } = peer.engine;
  const outputs = sink.outputs;
  peer.engine.receive(settingsFrame(), pingFrame("abcdefgh"), windowUpdateFrame(0, 0), rstFrame(BYSTANDER_ID, 0));
  peer.engine.receive(headersFrame(NEW_ID, peer.insertingBlock(...REQUEST)), dataFrame(NEW_ID, "x", { end: true }));
  assert.deepEqual({ told: sink.takeLog(), sent: peer.takeSent() }, { told: [], sent: [] });
  assert.equal(sink.outputs, outputs);
  assert.ok(!connection.canOpenStream && connection.isExhausted);
}

function checkSequel(state: State, peer: Peer, name: FrameName, told: readonly string[]): void {
  const { connection } = peer.engine;
  const { streamId, sequel } = state;
  if (sequel === "silence") {
    checkSilence(peer);
    return;
  }
  const afterGoAway = state.role === "client" && name === "GOAWAY";
  if (afterGoAway || sequel === "no new call") assert.ok(!connection.canOpenStream);
  else if (sequel === "a new call") checkNewCall(peer);
  else if (sequel === "a refused call") checkRefusedCall(peer);
  if (state.open.includes(BYSTANDER_ID) && streamId !== BYSTANDER_ID) checkBystander(peer);
  const opened = state.open.includes(streamId) || told.some((line) => line.startsWith(`headers ${streamId} `));
  const others = state.open.filter((id) => id !== BYSTANDER_ID && id !== streamId).length;
  const stays = opened && !told.includes(`closed ${streamId}`) ? 1 : 0;
  assert.equal(connection.openStreams, others + stays);
  assert.equal(connection.fatal, undefined);
}

function checkNewCall(peer: Peer): void {
  const { engine } = peer;
  const { connection, sink } = engine;
  if (peer.role === "server") {
    engine.receive(headersFrame(NEW_ID, peer.referringBlock(...REQUEST), { end: true }));
    assert.deepEqual(sink.takeLog(), [`headers ${NEW_ID} ${REQUEST_TEXT} ${peer.lastInserted} end`, `end ${NEW_ID}`]);
    connection.sendHeaders(sink.stream(NEW_ID), HeaderList.of(...RESPONSE, "x-new", "answer"), true);
    assert.deepEqual(peer.takeSent(), [`HEADERS ${NEW_ID} end ${RESPONSE.join(" ")} x-new answer`]);
    assert.deepEqual(sink.takeLog(), [`closed ${NEW_ID}`]);
    return;
  }
  assert.ok(connection.canOpenStream);
  const stream = connection.openStream(undefined);
  connection.sendHeaders(stream, HeaderList.of(...REQUEST, "x-new", "call"), true);
  assert.deepEqual(peer.takeSent(), [`HEADERS ${stream.id} end ${REQUEST_TEXT} x-new call`]);
  engine.receive(headersFrame(stream.id, peer.referringBlock(...RESPONSE), { end: true }));
  assert.deepEqual(sink.takeLog(), [
    `headers ${stream.id} ${RESPONSE.join(" ")} ${peer.lastInserted} end`,
    `end ${stream.id}`,
    `closed ${stream.id}`,
  ]);
}

function checkRefusedCall(peer: Peer): void {
  peer.engine.receive(headersFrame(NEW_ID, peer.referringBlock(...REQUEST), { end: true }));
  assert.deepEqual(peer.takeSent(), [`RST_STREAM ${NEW_ID} 7`]);
  assert.deepEqual(peer.engine.sink.takeLog(), []);
}

/** The call that was open all the time ends in order. */
function checkBystander(peer: Peer): void {
  const { engine } = peer;
  const { connection, sink } = engine;
  const trailers = headersFrame(BYSTANDER_ID, peer.referringBlock("x-last", "1"), { end: true });
  engine.receive(dataFrame(BYSTANDER_ID, "goes on"), trailers);
  assert.deepEqual(sink.takeLog(), [
    `data ${BYSTANDER_ID} "goes on"`,
    `trailers ${BYSTANDER_ID} x-last 1 ${peer.lastInserted}`,
    `end ${BYSTANDER_ID}`,
  ]);
  if (peer.role === "server") {
    connection.sendHeaders(sink.stream(BYSTANDER_ID), HeaderList.of(...RESPONSE, "x-by", "stander"), true);
    assert.deepEqual(peer.takeSent(), [`HEADERS ${BYSTANDER_ID} end ${RESPONSE.join(" ")} x-by stander`]);
  } else {
    connection.end(sink.stream(BYSTANDER_ID), undefined);
    assert.deepEqual(peer.takeSent(), [`DATA ${BYSTANDER_ID} end 0`]);
  }
  assert.deepEqual(sink.takeLog(), [`closed ${BYSTANDER_ID}`]);
}
