import assert from "node:assert/strict";
import { test } from "node:test";
import { ExampleProcess, startServer } from "./example-process.js";

test("a line that never comes is named, with what was printed instead", async () => {
  await using client = new ExampleProcess("greeter/client.js", ["--no-such-option"]);
  await assert.rejects(client.line("Greeter client received"), (error: Error) => {
    assert.match(error.message, /^greeter\/client\.js ended with 2 and did not print "Greeter client received"/);
    assert.match(error.message, /no-such-option/);
    return true;
  });
});

test("a program that does not end in time is named, and stopping reaps it", async () => {
  const server = await startServer("greeter");
  await assert.rejects(server.process.exit(1), /greeter\/server\.js did not end within 0\.001 s/);
  assert.equal(await server.process.stop(), 0);
});
