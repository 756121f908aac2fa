import assert from "node:assert/strict";
import { test } from "node:test";
import { runExample } from "../harness/run-example.js";

test("the client prints both fields of the response, with typographic quotes as they are", async () => {
  const { client, serverStatus } = await runExample("unary");
  assert.deepEqual(client, {
    status: 0,
    stdout: [
      'message: "Hello I am up and running. Received \u2018Hello Server you there?\u2019 message from you"',
      "received: true",
    ],
    stderr: [],
  });
  assert.equal(serverStatus, 0);
});
