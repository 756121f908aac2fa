import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Connection } from "@heddle/http2";
import { FakeClock } from "../core/fake-clock.js";
import { Compressions } from "../wire/compressions.js";
import type { OutgoingCall } from "./client-stream.js";
import { Http2ClientTransport } from "./http2-client-transport.js";
import { http2Limits } from "./http2-options.js";
import { createRequestFields, createRequestTemplate } from "./request-template.js";
import { FakeSocket } from "./testing/fake-socket.js";

const template = createRequestTemplate("/a.B/C", "x", "http", createRequestFields("identity"));

function settingsWithStreams(limit: number): Buffer {
  return Buffer.from([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, limit]);
}

function createTransport() {
  const socket = new FakeSocket();
  const events: string[] = [];
  const unsent: OutgoingCall[] = [];
  const options = {
    http2: http2Limits("client", {}),
    receiveLimitBytes: 1000,
    compressions: new Compressions([]),
    sendLimitBytes: 1000,
    clock: new FakeClock(),
  };
  const transport = new Http2ClientTransport(socket, options, {
    onReady: () => events.push("ready"),
    onRetired: (reason, calls) => {
      events.push(reason);
      unsent.push(...calls);
    },
    onGone: () => events.push("gone"),
  });
  const createCall = (name: string): OutgoingCall => ({
    template,
    metadataFields: [],
    compression: undefined,
    wantsMore: true,
    isFull: false,
    remainingMs: () => undefined,
    onOpen: () => events.push(`${name} opened`),
    onHeaders: () => {},
    onMessage: () => true,
    onRoom: () => {},
    onClose: ({ status }) => events.push(`${name} closed: ${status.message}`),
  });
  return { socket, events, unsent, transport, createCall };
}

test("calls that wait for a stream are opened in their order when the server raises its limit", async () => {
  const { socket, events, transport, createCall } = createTransport();
  socket.handler.onData(settingsWithStreams(0));
  for (const name of ["a", "b", "c"]) transport.start(createCall(name));
  assert.deepEqual(events, ["ready"]);
  socket.handler.onData(settingsWithStreams(2));
  await nextTurn();
  assert.deepEqual(events, ["ready", "a opened", "b opened"]);
  assert.equal(socket.frames().filter((frame) => frame.type === 1).length, 2);
});

test("a call that was forgotten while it waited is not opened", () => {
  const { socket, events, transport, createCall } = createTransport();
  socket.handler.onData(settingsWithStreams(0));
  const forgotten = createCall("a");
  transport.start(forgotten);
  transport.start(createCall("b"));
  transport.forget(forgotten);
  socket.handler.onData(settingsWithStreams(1));
  assert.deepEqual(events, ["ready", "b opened"]);
});

test("a connection whose stream ids are used up is retired, so that waiting calls go elsewhere", (t) => {
  const { socket, events, unsent, transport, createCall } = createTransport();
  socket.handler.onData(settingsWithStreams(1));
  transport.start(createCall("a"));
  const waiting = createCall("b");
  transport.start(waiting);
  // Two thousand million calls would take too long.
  t.mock.getter(Connection.prototype, "isExhausted", () => true);
  socket.handler.onData(settingsWithStreams(2));
  assert.deepEqual(events, ["ready", "a opened", "b opened", "all stream ids of the connection have been used"]);
  assert.deepEqual(unsent, []);
  assert.equal(socket.ended, false);
});

test("a GOAWAY hands back what waited, and the connection's end fails what is open", () => {
  const { socket, events, unsent, transport, createCall } = createTransport();
  socket.handler.onData(settingsWithStreams(1));
  const waiting = createCall("b");
  transport.start(createCall("a"));
  transport.start(waiting);
  socket.handler.onData(Buffer.from([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]));
  assert.deepEqual(unsent, [waiting]);
  socket.handler.onClose(undefined);
  assert.deepEqual(events.slice(2), [
    "the server sent GOAWAY (NO_ERROR)",
    "a closed: the connection ended before the response was complete: the peer closed the connection, after GOAWAY NO_ERROR",
    "gone",
  ]);
});
