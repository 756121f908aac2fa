import assert from "node:assert/strict";
import { test } from "node:test";
import { StatusCode } from "heddle";
import { MAX_MEMBERS, MAX_NAME_LENGTH, MAX_TEXT_LENGTH, MAX_WAITING_EVENTS, type Member, Room } from "./room.js";

/** Everything that a member has been told, up to the end of its outbox. The member must have left. */
async function heardBy(member: Member): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const { event } of member.outbox) events.push(event);
  return events;
}

test("everyone hears the others, nobody hears themselves, and who has left hears nothing", async () => {
  const room = new Room();
  const ann = room.join("Ann");
  const ben = room.join("Ben");
  room.say(ann, "Hello");
  room.leave(ben);
  room.say(ben, "Nobody hears this");
  room.say(ann, "Ben does not hear this");
  room.leave(ann);
  assert.deepEqual(await heardBy(ann), [
    { case: "welcome", value: { members: [] } },
    { case: "joined", value: { name: "Ben" } },
    { case: "left", value: { name: "Ben" } },
  ]);
  assert.deepEqual(await heardBy(ben), [
    { case: "welcome", value: { members: ["Ann"] } },
    { case: "said", value: { name: "Ann", text: "Hello" } },
  ]);
});

test("a member that falls too far behind is dropped with RESOURCE_EXHAUSTED, and the others are told once", async () => {
  const room = new Room();
  const speaker = room.join("Speaker");
  const slow = room.join("Slow");
  // The welcome waits too.
  for (let said = 1; said < MAX_WAITING_EVENTS; said++) room.say(speaker, "still room");
  assert.equal(room.has(slow), true);
  room.say(speaker, "too much");
  assert.equal(room.has(slow), false);
  await assert.rejects(heardBy(slow), { code: StatusCode.RESOURCE_EXHAUSTED, message: /fell 256 events behind/ });
  room.leave(slow);
  room.leave(speaker);
  assert.deepEqual((await heardBy(speaker)).slice(1), [
    { case: "joined", value: { name: "Slow" } },
    { case: "left", value: { name: "Slow" } },
  ]);
});

test("a name must be free, and is free again when its member has left", () => {
  const room = new Room();
  const first = room.join("Ann");
  assert.throws(() => room.join("Ann"), { code: StatusCode.ALREADY_EXISTS });
  room.leave(first);
  const second = room.join("Ann");
  room.leave(first);
  assert.equal(room.has(second), true);
});

test("a name or text that is empty, too long or has control characters is refused", () => {
  const room = new Room();
  const ann = room.join("Ann");
  const refused = { code: StatusCode.INVALID_ARGUMENT };
  for (const name of ["", "  ", "x".repeat(MAX_NAME_LENGTH + 1), "a\u001b[2J", "a\nb"]) {
    assert.throws(() => room.join(name), refused);
  }
  for (const text of ["", "x".repeat(MAX_TEXT_LENGTH + 1), "bell\u0007"]) {
    assert.throws(() => room.say(ann, text), refused);
  }
  room.join("x".repeat(MAX_NAME_LENGTH));
  room.say(ann, "x".repeat(MAX_TEXT_LENGTH));
});

test("a full room lets nobody in", () => {
  const room = new Room();
  for (let i = 0; i < MAX_MEMBERS; i++) room.join(`member ${i}`);
  assert.throws(() => room.join("one more"), { code: StatusCode.RESOURCE_EXHAUSTED, message: /holds 100 members/ });
});

test("closing the room ends everyone's outbox with UNAVAILABLE", async () => {
  const room = new Room();
  const members = [room.join("Ann"), room.join("Ben")];
  room.close();
  for (const member of members) {
    assert.equal(room.has(member), false);
    await assert.rejects(heardBy(member), { code: StatusCode.UNAVAILABLE });
  }
});
