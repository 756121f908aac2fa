/**
 * Who is in the room, and who hears what.
 *
 * It knows nothing of calls. Its memory is bounded: so many members, so many events waiting for each, so many characters in each.
 */
import { type MessageInit, RpcError, StatusCode } from "heddle";
import type { ChatEventSchema } from "./gen/chat_pb.js";
import { Outbox } from "./outbox.js";

export type ChatEventInit = MessageInit<typeof ChatEventSchema>;

/** Limits of a room. */
export const MAX_MEMBERS = 100;
export const MAX_NAME_LENGTH = 32;
export const MAX_TEXT_LENGTH = 2_000;
/** How many events a member may fall behind before it is dropped. */
export const MAX_WAITING_EVENTS = 256;

export interface Member {
  readonly name: string;
  /** What the member still has to be told. */
  readonly outbox: Outbox<ChatEventInit>;
}

export class Room {
  readonly #members = new Map<string, Member>();

  /** Lets someone in and tells the others. Throws an RpcError when the name is unfit or taken, or the room is full. */
  join(name: string): Member {
    checkText("The name", name, MAX_NAME_LENGTH);
    if (this.#members.has(name)) throw new RpcError(StatusCode.ALREADY_EXISTS, `The name "${name}" is taken.`);
    if (this.#members.size >= MAX_MEMBERS) {
      throw new RpcError(StatusCode.RESOURCE_EXHAUSTED, `The room is full; it holds ${MAX_MEMBERS} members.`);
    }
    const member: Member = { name, outbox: new Outbox(MAX_WAITING_EVENTS) };
    member.outbox.push({ event: { case: "welcome", value: { members: [...this.#members.keys()] } } });
    this.#members.set(name, member);
    this.#tellOthers(member, { event: { case: "joined", value: { name } } });
    return member;
  }

  /** Tells the others what a member says. Nobody hears a member that has left. Throws an RpcError when the text is unfit. */
  say(member: Member, text: string): void {
    checkText("The text", text, MAX_TEXT_LENGTH);
    if (this.has(member)) this.#tellOthers(member, { event: { case: "said", value: { name: member.name, text } } });
  }

  /** True until the member leaves or is dropped. */
  has(member: Member): boolean {
    return this.#members.get(member.name) === member;
  }

  /** Lets a member out and tells the others. Does nothing for one that has left. */
  leave(member: Member): void {
    if (!this.has(member)) return;
    this.#members.delete(member.name);
    member.outbox.end();
    this.#tellOthers(member, { event: { case: "left", value: { name: member.name } } });
  }

  /** Ends everyone's call, for a server that stops. */
  close(): void {
    for (const { outbox } of this.#members.values()) {
      outbox.fail(new RpcError(StatusCode.UNAVAILABLE, "The server is shutting down."));
    }
    this.#members.clear();
  }

  #tellOthers(sender: Member, event: ChatEventInit): void {
    for (const member of this.#members.values()) {
      if (member !== sender && !member.outbox.push(event)) this.#drop(member);
    }
  }

  #drop(member: Member): void {
    const message = `You fell ${MAX_WAITING_EVENTS} events behind the room and were dropped; read faster or join again.`;
    member.outbox.fail(new RpcError(StatusCode.RESOURCE_EXHAUSTED, message));
    this.leave(member);
  }
}

/** Members' screens show this text, so control characters, which could take a terminal over, are refused. */
function checkText(what: string, text: string, maxLength: number): void {
  if (text.trim() === "") throw new RpcError(StatusCode.INVALID_ARGUMENT, `${what} is empty.`);
  if (text.length > maxLength) {
    const problem = `${what} has ${text.length} characters; ${maxLength} is the limit.`;
    throw new RpcError(StatusCode.INVALID_ARGUMENT, problem);
  }
  if (/\p{Cc}/u.test(text)) throw new RpcError(StatusCode.INVALID_ARGUMENT, `${what} has control characters in it.`);
}
