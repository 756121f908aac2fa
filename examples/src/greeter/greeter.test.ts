import assert from "node:assert/strict";
import { test } from "node:test";
import { runExample } from "../harness/run-example.js";

test("the client is greeted by name, and the server stops gracefully", async () => {
  const { client, serverStatus } = await runExample("greeter");
  assert.deepEqual(client, {
    status: 0,
    stdout: ["Greeter client received: Hello, Alice! Welcome to gRPC."],
    stderr: [],
  });
  assert.equal(serverStatus, 0);
});
