/** Calls a server by one gRPC client for all peers, that of @grpc/grpc-js, and checks each answer, before any load. */
import assert from "node:assert/strict";
import { connect, type GrpcJsCalls } from "../peers/grpc-js/calls.js";
import { echoPayload, GREETING, NAME, STREAM_LENGTH, streamText } from "./messages.js";

const checks = {
  async sayHello(calls: GrpcJsCalls) {
    assert.equal((await calls.sayHello({ name: NAME })).message, GREETING);
  },
  async stream(calls: GrpcJsCalls) {
    const texts: string[] = [];
    for await (const reply of calls.stream({})) texts.push(reply.message);
    assert.deepEqual(
      texts,
      Array.from({ length: STREAM_LENGTH }, (_, index) => streamText(index)),
    );
  },
  async echo(calls: GrpcJsCalls) {
    const data = echoPayload();
    const reply = await calls.echo({ data });
    assert.ok(data.equals(reply.data), "the echoed bytes are not those that were sent");
  },
};

/** Throws when the server on this port does not answer this call rightly. */
export async function verifyServer(port: number, check: keyof typeof checks): Promise<void> {
  const calls = connect(port);
  try {
    await checks[check](calls);
  } finally {
    calls.close();
  }
}
