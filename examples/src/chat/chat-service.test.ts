import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  type Channel,
  type Client,
  createChannel,
  createClient,
  createServer,
  type MessageInit,
  type Server,
  StatusCode,
} from "heddle";
import { createChatHandlers } from "./chat-service.js";
import { Chat, type ChatEvent, type ChatRequestSchema } from "./gen/chat_pb.js";
import { MAX_TEXT_LENGTH, Room } from "./room.js";

type Request = MessageInit<typeof ChatRequestSchema>;

let room: Room;
let server: Server;
let channels: Channel[];

before(async () => {
  room = new Room();
  server = createServer().add(Chat, createChatHandlers(room, 0));
  const { address } = await server.listen("127.0.0.1:0");
  channels = [createChannel(address), createChannel(address)];
});
after(async () => {
  for (const channel of channels) await channel.close();
  await server.shutdown();
});

/** A client with a connection of its own, as each person has. */
function clientNo(index: number): Client<typeof Chat> {
  const channel = channels[index];
  assert.ok(channel);
  return createClient(Chat, channel);
}

const join = (name: string): Request => ({ action: { case: "join", value: { name } } });
const say = (text: string): Request => ({ action: { case: "say", value: { text } } });

async function next(events: AsyncIterator<ChatEvent>): Promise<ChatEvent["event"]> {
  const { done, value } = await events.next();
  assert.ok(!done, "the call ended, although an event was expected");
  return value.event;
}

test("a member that stops reading is dropped with RESOURCE_EXHAUSTED while the others go on", async () => {
  const slow = clientNo(0).join();
  const slowEvents = slow[Symbol.asyncIterator]();
  await slow.send(join("Slow"));
  assert.equal((await next(slowEvents)).case, "welcome");

  const speaker = clientNo(1).join();
  const heard = speaker[Symbol.asyncIterator]();
  await speaker.send(join("Speaker"));
  assert.equal((await next(heard)).case, "welcome");

  // The windows of the connection and the room's queue are finite, so that this ends; the bound only guards the test.
  const left = next(heard);
  let gone = false;
  void left.then(() => (gone = true));
  let said = 0;
  while (!gone && said < 100_000) {
    await speaker.send(say("x".repeat(MAX_TEXT_LENGTH)));
    said++;
  }
  const event = await left;
  assert.equal(event.case, "left");
  assert.equal(event.case === "left" && event.value.name, "Slow");

  const drain = async () => {
    let received = 0;
    for (let event = await slowEvents.next(); !event.done; event = await slowEvents.next()) received++;
    return received;
  };
  await assert.rejects(drain(), { code: StatusCode.RESOURCE_EXHAUSTED, message: /fell 256 events behind/ });

  speaker.end();
  assert.equal((await heard.next()).done, true);
});

test("a call whose first message is no join is refused", async () => {
  const call = clientNo(0).join([say("Hello")]);
  await assert.rejects(call[Symbol.asyncIterator]().next(), { code: StatusCode.FAILED_PRECONDITION });
});

test("a member that joins twice is thrown out, and its name is free again", async () => {
  const drain = async (requests: Request[]) => {
    for await (const _ of clientNo(0).join(requests));
  };
  await assert.rejects(drain([join("Ann"), join("Ann")]), { code: StatusCode.FAILED_PRECONDITION });
  await drain([join("Ann")]);
});

test("a member that cancels its call is said goodbye to", async () => {
  const stays = clientNo(0).join();
  const heard = stays[Symbol.asyncIterator]();
  await stays.send(join("Stays"));
  assert.equal((await next(heard)).case, "welcome");

  const goes = clientNo(1).join();
  await goes.send(join("Goes"));
  assert.equal((await next(heard)).case, "joined");
  goes.cancel();
  assert.deepEqual({ ...(await next(heard)) }.case, "left");
  stays.end();
  assert.equal((await heard.next()).done, true);
});
