/**
 * What the cases of the interop client share. Unlike the programs of the other cross-language tests, this client judges what it
 * gets, as gRPC's description of the cases wants it: a case fails by throwing.
 */
import assert from "node:assert/strict";
import {
  type CallOptions,
  type Channel,
  type ChannelOptions,
  type Client,
  createClient,
  Metadata,
  RpcError,
} from "heddle";
import { type Payload, PayloadType } from "../../gen/grpc/testing/messages_pb.js";
import { TestService } from "../../gen/grpc/testing/test_pb.js";
import type { ClientFlags } from "../client-flags.js";
import { openChannel } from "../heddle-options.js";

/** A case: it throws when what comes is not what gRPC's description of it wants. */
export type ClientCase = (session: Session) => Promise<void>;

export type TestClient = Client<typeof TestService>;

/** A run of the client: its flags, and a channel to the server. */
export class Session implements AsyncDisposable {
  readonly flags: ClientFlags;
  readonly #opened: Channel[] = [];
  readonly channel: Channel;
  readonly client: TestClient;

  constructor(flags: ClientFlags) {
    this.flags = flags;
    this.channel = this.openChannel();
    this.client = createClient(TestService, this.channel);
  }

  /** One more channel to the server, which is closed with the session at the latest. */
  openChannel(options?: ChannelOptions): Channel {
    const channel = openChannel(this.flags.target, options);
    this.#opened.push(channel);
    return channel;
  }

  /** The options of a call, with the metadata that the flags add to every call. */
  call(options: CallOptions = {}): CallOptions {
    const metadata = Metadata.from(this.flags.additionalMetadata);
    for (const [key, value] of Metadata.from(options.metadata ?? {})) metadata.append(key, value);
    return { ...options, metadata };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#opened.map((channel) => channel.close()));
  }
}

/** A payload of zeros. */
export function zeros(sizeBytes: number): { readonly body: Uint8Array<ArrayBuffer> } {
  return { body: new Uint8Array(sizeBytes) };
}

/** Fails when a response's payload has not this size and zeros only. */
export function checkPayload(payload: Payload | undefined, sizeBytes: number): void {
  assert.ok(payload !== undefined, "the response has no payload");
  assert.equal(payload.type, PayloadType.COMPRESSABLE, "the type of the payload");
  assert.equal(payload.body.length, sizeBytes, "the size of the payload in octets");
  assert.ok(Buffer.alloc(sizeBytes).equals(payload.body), "the payload is not made of zeros");
}

/** The error with which a call must fail. */
export async function failureOf(call: Promise<unknown>): Promise<RpcError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: "the call succeeded; it should have failed" });
}

/** All messages of a stream. */
export async function collect<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of messages) all.push(message);
  return all;
}

/** The next message of a stream, which must have one. */
export async function next<T>(messages: AsyncIterator<T>): Promise<T> {
  const { done, value } = await messages.next();
  assert.ok(!done, "the stream ended where a response was awaited");
  return value;
}

/** Fails when a stream has another message. */
export async function checkEnd(messages: AsyncIterator<unknown>): Promise<void> {
  assert.ok((await messages.next()).done, "there is a response where the stream should have ended");
}
