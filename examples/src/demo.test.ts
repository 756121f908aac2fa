import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { ExampleProcess } from "./harness/example-process.js";
import { scenarios } from "./scenarios.js";

test("every example that has a server is part of the demo", () => {
  const folders = readdirSync(new URL(".", import.meta.url), { withFileTypes: true, recursive: true });
  const examples = folders
    .filter(({ name }) => name === "server.js")
    .map(({ parentPath }) => parentPath.split(/[/\\]/).at(-1));
  assert.deepEqual(scenarios.map(({ example }) => example).sort(), examples.sort());
});

test("the demo runs every example and ends with exit code 0", async () => {
  await using demo = new ExampleProcess("demo.js", []);
  assert.equal(await demo.exit(120_000), 0, demo.stderr.join("\n"));
  assert.equal(demo.stdout.at(-1), `All ${scenarios.length} examples did what they must.`);
  for (const { example, required } of scenarios) {
    for (const line of required) {
      const shown = demo.stdout.some((text) => text.startsWith(`[${example} `) && text.endsWith(`] ${line}`));
      assert.ok(shown, `the demo does not show "${line}" of ${example}`);
    }
  }
});
