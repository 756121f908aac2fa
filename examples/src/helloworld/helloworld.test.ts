import assert from "node:assert/strict";
import { test } from "node:test";
import { createChannel, createClient } from "heddle";
import { startServer } from "../harness/example-process.js";
import { runExample } from "../harness/run-example.js";
import { Greeter } from "./pb/helloworld_pb.js";

test("the client is greeted, and the server stops gracefully", async () => {
  const { client, serverStatus } = await runExample("helloworld");
  assert.deepEqual(client, { status: 0, stdout: ["Greeter client received: Hello, you!"], stderr: [] });
  assert.equal(serverStatus, 0);
});

test("the caller, a message of another file, is logged on one line; without a caller nothing is", async () => {
  const server = await startServer("helloworld");
  try {
    await using channel = createChannel(server.address);
    const greeter = createClient(Greeter, channel);
    assert.equal((await greeter.sayHello({ name: "first" })).message, "Hello, first!");
    await greeter.sayHello({ name: "second", caller: { name: "a\nb", version: "2" } });
    const line = await server.process.line("called by");
    assert.match(line, /^called by "a\\nb 2" from \S+:\d+$/);
    assert.equal(server.process.stdout.length, 2);
  } finally {
    await server.process.stop();
  }
});
