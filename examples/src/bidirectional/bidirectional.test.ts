import assert from "node:assert/strict";
import { test } from "node:test";
import { createChannel, createClient } from "heddle";
import { startServer } from "../harness/example-process.js";
import { runExample } from "../harness/run-example.js";
import { Bidirectional } from "./gen/bidirectional_pb.js";

const ordinals = ["First", "Second", "Third", "Fourth", "Fifth"];

test("the client prints its five messages and the five answers, each in order", async () => {
  const { client, serverStatus } = await runExample("bidirectional");
  assert.equal(client.status, 0, client.stderr.join("\n"));
  const withPrefix = (prefix: string) => client.stdout.filter((line) => line.startsWith(prefix));
  assert.deepEqual(
    withPrefix("Sending: "),
    ordinals.map((ordinal) => `Sending: Hello Server Sending you the ${ordinal} message`),
  );
  assert.deepEqual(
    withPrefix("Received: "),
    ordinals.map((ordinal) => `Received: Hello from the server received your ${ordinal} message`),
  );
  assert.equal(client.stdout.length, 10);
  assert.equal(serverStatus, 0);
});

test("an answer comes before the next request is sent, and any text gets one", async () => {
  const server = await startServer("bidirectional");
  try {
    await using channel = createChannel(server.address);
    const call = createClient(Bidirectional, channel).getServerResponse(undefined, { timeoutMs: 10_000 });
    const answers = call[Symbol.asyncIterator]();
    const answerTo = async (message: string) => {
      await call.send({ message });
      return (await answers.next()).value?.message;
    };
    assert.equal(
      await answerTo("Hello Server Sending you the Second message"),
      "Hello from the server received your Second message",
    );
    assert.equal(await answerTo("What time is it?"), "Hello from the server received your message: What time is it?");
    assert.equal(await answerTo(""), "Hello from the server received your message: ");
    call.end();
    assert.equal((await answers.next()).done, true);
  } finally {
    await server.process.stop();
  }
});
