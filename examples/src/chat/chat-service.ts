/** Ties a call to a member of the room: the requests are what the member says, the responses what it hears. */
import { setTimeout as pause } from "node:timers/promises";
import { RpcError, type ServiceHandlers, StatusCode } from "heddle";
import type { Chat, ChatRequest } from "./gen/chat_pb.js";
import type { Member, Room } from "./room.js";

/**
 * The pause after each text of a member: 200 texts a second. What comes faster waits on its way, held back by HTTP/2 flow
 * control. Without it, whoever pastes a thousand lines would fill everyone's queue and have them all dropped.
 */
const PACE_MS = 5;

/** The handlers of the chat service, for one room. */
export function createChatHandlers(room: Room, paceMs: number = PACE_MS): ServiceHandlers<typeof Chat> {
  return {
    async *join(requests, call) {
      const incoming = requests[Symbol.asyncIterator]();
      const member = room.join(nameIn(await incoming.next()));
      // Whoever vanishes is noticed at once, also while nobody says anything.
      const vanish = () => member.outbox.fail(call.signal.reason);
      call.signal.addEventListener("abort", vanish, { once: true });
      if (call.signal.aborted) vanish();

      void listen(room, member, incoming, paceMs);
      try {
        yield* member.outbox;
      } finally {
        room.leave(member);
      }
    },
  };
}

/** Passes on what a member says until its requests end. It never rejects: what goes wrong ends the member's responses. */
async function listen(room: Room, member: Member, incoming: AsyncIterator<ChatRequest>, paceMs: number): Promise<void> {
  try {
    for (let next = await incoming.next(); !next.done && room.has(member); next = await incoming.next()) {
      room.say(member, textIn(next.value));
      await pause(paceMs);
    }
    room.leave(member);
  } catch (error) {
    member.outbox.fail(error);
  }
}

function nameIn(first: IteratorResult<ChatRequest, unknown>): string {
  if (!first.done && first.value.action.case === "join") return first.value.action.value.name;
  throw new RpcError(StatusCode.FAILED_PRECONDITION, "The first message must be a join.");
}

function textIn({ action }: ChatRequest): string {
  if (action.case === "say") return action.value.text;
  throw new RpcError(StatusCode.FAILED_PRECONDITION, "After the join, every message must be a say.");
}
