import assert from "node:assert/strict";
import { test } from "node:test";
import { ExampleProcess, startServer } from "../harness/example-process.js";
import { runClientProgram } from "../harness/run-example.js";

for (const program of ["greeter/server.js", "greeter/client.js"]) {
  test(`${program} ends with exit code 2 and lists its options when it is given one that it does not know`, async () => {
    await using child = new ExampleProcess(program, ["--colour"]);
    assert.equal(await child.exit(), 2);
    const text = child.stderr.join("\n");
    assert.match(text, /^error: Unknown option '--colour'/);
    assert.match(
      text,
      program === "greeter/server.js" ? /--port \(default 50051\)/ : /--address \(default localhost:50051\)/,
    );
  });
}

for (const port of ["abc", "-1", "65536", "1e3", ""]) {
  test(`a server refuses the port "${port}" with exit code 2`, async () => {
    await using server = new ExampleProcess("greeter/server.js", [`--port=${port}`]);
    assert.equal(await server.exit(), 2);
    assert.deepEqual(server.stderr, [`error: --port must be a whole number from 0 to 65535, not "${port}"`]);
  });
}

test("a server whose port is taken says so and ends with exit code 1", async () => {
  const first = await startServer("greeter", ["--host", "127.0.0.1"]);
  try {
    const port = first.address.slice(first.address.lastIndexOf(":") + 1);
    await using second = new ExampleProcess("greeter/server.js", ["--host", "127.0.0.1", "--port", port]);
    assert.equal(await second.exit(), 1);
    assert.match(second.stderr.join("\n"), new RegExp(`^cannot listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE`));
  } finally {
    await first.process.stop();
  }
});

test("a client without a server ends with exit code 1 and names the status and the peer", async () => {
  const server = await startServer("greeter");
  await server.process.stop();
  const { status, stdout, stderr } = await runClientProgram("greeter", ["--address", server.address]);
  assert.equal(status, 1);
  assert.deepEqual(stdout, []);
  const text = stderr.join("\n");
  assert.match(text, /^error: UNAVAILABLE: /);
  assert.ok(text.includes(`(peer ${server.address})`), text);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`a server stops gracefully on ${signal}`, async () => {
    const server = await startServer("greeter");
    server.process.kill(signal);
    assert.equal(await server.process.exit(), 0);
    assert.deepEqual(server.process.stderr, []);
  });
}
