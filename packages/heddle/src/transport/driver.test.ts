import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Connection, ErrorCode, type Http2Error, type Sink } from "@heddle/http2";
import { FakeClock } from "../core/fake-clock.js";
import { Driver } from "./driver.js";
import { FakeSocket } from "./testing/fake-socket.js";

/** The type of a PING frame. */
const PING = 6;
const EMPTY_SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

interface DrivenOptions {
  readonly pausesReading?: boolean;
  readonly onSettings?: () => void;
}

/** A client's connection, driven over a fake socket. */
function createDriven({ pausesReading = false, onSettings }: DrivenOptions = {}) {
  const socket = new FakeSocket();
  const clock = new FakeClock();
  const events: string[] = [];
  const ignore = (): void => {};
  const sink: Sink<undefined> = {
    onHeaders: ignore,
    onData: ignore,
    onTrailers: ignore,
    onEnd: ignore,
    onReset: ignore,
    onClosed: ignore,
    onRoom: () => events.push("room"),
    onSettings: onSettings ?? (() => events.push("settings")),
    onPingAck: ignore,
    onDrained: ignore,
    onGoAway: ignore,
    onCapacity: ignore,
    onDue: (dueMs) => driver.wakeAt(dueMs),
    onFatal: (error: Http2Error) => events.push(`fatal: ${error.reason}`),
    onOutput: () => driver.schedule(),
    onOutputFull: () => driver.writeFinished(),
  };
  const connection = new Connection<undefined>("client", sink);
  const driver: Driver<undefined> = new Driver(socket, connection, {
    clock,
    pausesReading,
    onGone: () => events.push("gone"),
  });
  driver.open();
  return { socket, clock, events, connection, driver };
}

function pings(socket: FakeSocket): number {
  return socket.frames().filter((frame) => frame.type === PING).length;
}

test("what is produced in one turn leaves in one write at its end", async () => {
  const { socket, connection } = createDriven();
  connection.ping(new Uint8Array(8));
  connection.ping(new Uint8Array(8));
  assert.equal(socket.writes.length, 0);
  await nextTurn();
  assert.equal(socket.writes.length, 1);
  assert.equal(pings(socket), 2);
});

test("a segment that has not left at once is not written into again", async () => {
  const { socket, connection } = createDriven();
  socket.writesAtOnce = false;
  await nextTurn();
  connection.ping(new Uint8Array(8).fill(7));
  await nextTurn();
  assert.deepEqual(Buffer.concat(socket.kept), socket.written);
  assert.equal(socket.kept.length, 2);
});

test("while the socket is congested nothing is written, and all of it when the socket has drained", async () => {
  const { socket, connection } = createDriven();
  await nextTurn();
  socket.isCongested = true;
  for (let i = 0; i < 10; i++) {
    connection.ping(new Uint8Array(8));
    await nextTurn();
  }
  assert.equal(pings(socket), 0);
  const before = socket.writes.length;
  socket.isCongested = false;
  socket.handler.onDrain();
  assert.equal(pings(socket), 10);
  assert.equal(socket.writes.length, before + 1);
});

test("a congested socket blocks DATA, and the drain lets it go", async () => {
  const { socket, events, connection } = createDriven();
  socket.handler.onData(EMPTY_SETTINGS);
  const stream = connection.openStream(undefined);
  connection.beginHeaders();
  connection.addHeader(":method", "POST");
  connection.endHeaders(stream, false);
  socket.isCongested = true;
  await nextTurn();
  const out = connection.beginData();
  out.reserve(3);
  out.position += 3;
  assert.equal(connection.endData(stream, false), false);
  socket.isCongested = false;
  socket.handler.onDrain();
  await nextTurn();
  assert.deepEqual(events, ["settings", "room"]);
  assert.equal(socket.frames().filter((frame) => frame.type === 0).length, 1);
});

test("a close writes what is pending, congested or not, ends the socket, and destroys it after a second", () => {
  const { socket, clock, connection, driver } = createDriven();
  socket.isCongested = true;
  connection.ping(new Uint8Array(8));
  driver.close();
  assert.equal(pings(socket), 1);
  assert.equal(socket.ended, true);
  clock.advance(999);
  assert.equal(socket.destroyed, false);
  clock.advance(1);
  assert.equal(socket.destroyed, true);
});

test("a peer that closes in time leaves no timer behind, and the owner is told once", () => {
  const { socket, clock, events, driver } = createDriven();
  driver.close();
  driver.close();
  assert.equal(clock.pendingTimers, 1);
  socket.handler.onClose(undefined);
  socket.handler.onClose(undefined);
  assert.equal(clock.pendingTimers, 0);
  assert.deepEqual(events, ["fatal: the peer closed the connection", "gone"]);
});

test("what arrives after the close is not looked at", () => {
  const { socket, events, driver } = createDriven();
  driver.close();
  socket.handler.onData(EMPTY_SETTINGS);
  assert.deepEqual(events, []);
});

test("nothing is written once the socket is gone, and the reason names its error", async () => {
  const { socket, events, connection, driver } = createDriven();
  connection.ping(new Uint8Array(8));
  socket.handler.onClose(new Error("read ECONNRESET"));
  driver.schedule();
  driver.close();
  driver.destroy();
  await nextTurn();
  assert.equal(socket.writes.length, 0);
  assert.equal(socket.ended || socket.destroyed, false);
  assert.deepEqual(events, ["fatal: the connection was lost: read ECONNRESET", "gone"]);
  assert.equal(connection.fatal?.code, ErrorCode.CANCEL);
});

test("the connection is told the time before it reads, and when it has asked for it", () => {
  const { socket, clock, events } = createDriven();
  assert.equal(clock.nextTimerMs, 20_000);
  clock.advance(19_999);
  assert.deepEqual(events, []);
  clock.advance(1);
  assert.match(events[0] ?? "", /^fatal: the peer has not sent its SETTINGS/);
  assert.equal(socket.ended, false);
});

test("a close leaves no timer of the connection's behind", () => {
  const { socket, clock, driver } = createDriven();
  driver.close();
  socket.handler.onClose(undefined);
  assert.equal(clock.pendingTimers, 0);
});

test("a server stops reading from a peer that does not read, once much waits for it, and goes on when the peer does", async () => {
  const { socket, connection } = createDriven({ pausesReading: true });
  await nextTurn();
  socket.isCongested = true;
  for (let i = 0; i < 1500; i++) connection.ping(new Uint8Array(8));
  await nextTurn();
  assert.equal(socket.reading, true);
  for (let i = 0; i < 3000; i++) connection.ping(new Uint8Array(8));
  assert.equal(socket.reading, false);
  socket.isCongested = false;
  socket.handler.onDrain();
  assert.equal(socket.reading, true);
  assert.equal(pings(socket), 4500);
});

test("a client goes on reading, since two peers that both wait for the other to read would wait for ever", async () => {
  const { socket, connection } = createDriven({ pausesReading: false });
  await nextTurn();
  socket.isCongested = true;
  for (let i = 0; i < 10_000; i++) connection.ping(new Uint8Array(8));
  assert.equal(socket.reading, true);
});

test("a peer that goes on sending after our last words is cut off after 256 KiB", () => {
  const { socket, driver } = createDriven();
  driver.close();
  for (let i = 0; i < 4; i++) socket.handler.onData(Buffer.alloc(65_536));
  assert.equal(socket.destroyed, false);
  socket.handler.onData(Buffer.alloc(1));
  assert.equal(socket.destroyed, true);
});

test("a peer that keeps us busy for long is read no further in this turn, and goes on in the next", async () => {
  const { socket, clock } = createDriven();
  await nextTurn();
  socket.handler.onData(EMPTY_SETTINGS);
  // A frame of unknown type for each octet that does not matter: a full chunk.
  const chunk = Buffer.alloc(65_536);
  for (let at = 0; at + 16_393 <= chunk.length; at += 16_393) chunk.set([0, 0x40, 0, 0xbe], at);
  socket.handler.onData(chunk.subarray(0, 4 * 16_384));
  assert.equal(socket.reading, true);
  clock.advance(5);
  socket.handler.onData(Buffer.alloc(65_536));
  assert.equal(socket.reading, false);
  await nextTurn();
  assert.equal(socket.reading, true);
});

test("an unexpected error costs the connection on which it came up, and is reported", (context) => {
  const report = context.mock.method(console, "error", () => {});
  const { socket } = createDriven({
    onSettings: () => {
      throw new Error("a mistake");
    },
  });
  socket.handler.onData(EMPTY_SETTINGS);
  assert.equal(socket.destroyed, true);
  assert.match(String(report.mock.calls[0]?.arguments[0]), /on the connection with 192\.0\.2\.1:50051/);
});

test("a timer that fires a little early is taken for what it was set for", () => {
  const { clock, events, socket } = createDriven();
  // As Node does, which cuts the delay to whole milliseconds.
  const { now } = clock;
  clock.now = () => now.call(clock) - 0.4;
  clock.advance(20_000);
  assert.match(events[0] ?? "", /^fatal: the peer has not sent its SETTINGS/);
  assert.equal(socket.ended, false);
});
