import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExampleProcess } from "./example-process.js";
import { runScenario } from "./run-scenario.js";

const said = "Greeter client received: Hello, Alice! Welcome to gRPC.";

test("a scenario whose lines are all printed has no problem, and its output is labelled", async () => {
  const shown: string[] = [];
  const play = async (start: (label: string) => ExampleProcess) => {
    assert.equal(await start("client").exit(), 0);
  };
  const problems = await runScenario({ example: "greeter", required: [said], play }, (line) => shown.push(line));
  assert.deepEqual(problems, []);
  assert.ok(shown.includes(`[greeter client] ${said}`));
  assert.ok(shown.some((line) => line.startsWith("[greeter server] listening on ")));
});

test("a line that is not printed is a problem that names the line", async () => {
  const required = [said, "This line is never printed."];
  const play = async (start: (label: string) => ExampleProcess) => {
    await start("client").exit();
  };
  const problems = await runScenario({ example: "greeter", required, play }, () => {});
  assert.deepEqual(problems, ["missing line: This line is never printed."]);
});

test("a scenario that throws is a problem, and its processes are stopped all the same", async () => {
  const clients: ExampleProcess[] = [];
  const play = async (start: (label: string, args: string[]) => ExampleProcess) => {
    clients.push(start("client", ["--name", "Bob"]));
    throw new Error("the play is over");
  };
  const problems = await runScenario({ example: "chat", required: [], play }, () => {});
  assert.deepEqual(problems, ["the play is over"]);
  assert.equal(clients.length, 1);
  for (const client of clients) await client.exit(1);
});
