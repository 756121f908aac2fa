import assert from "node:assert/strict";
import test from "node:test";
import { FakeSocket } from "../transport/testing/fake-socket.js";
import { WaitingRoom } from "./waiting-room.js";

test("new connections wait while more than a thousand handlers run without their connections, and enter in their order", () => {
  const opened: FakeSocket[] = [];
  const room = new WaitingRoom((socket) => opened.push(socket as FakeSocket));
  const [first, second, third] = [new FakeSocket(), new FakeSocket(), new FakeSocket()];
  room.onAbandoned(1000);
  room.enter(first, 0);
  assert.deepEqual(opened, [first]);
  room.onAbandoned(1000);
  room.enter(second, 0);
  room.enter(third, 0);
  for (let i = 0; i < 999; i++) room.onAbandoned(-1);
  assert.deepEqual(opened, [first]);
  room.onAbandoned(-1);
  assert.deepEqual(opened, [first, second, third]);
});

test("a server that shuts down closes those that wait", () => {
  const room = new WaitingRoom(() => assert.fail("opened"));
  const socket = new FakeSocket();
  room.onAbandoned(1001);
  room.enter(socket, 0);
  room.close();
  assert.equal(socket.destroyed, true);
  room.onAbandoned(-1001);
});
