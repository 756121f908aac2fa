/** What keeps a process alive that talks to itself: its calls in flight, and nothing else. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

const TESTING = new URL("index.js", import.meta.url).href;
const HEDDLE = new URL("../index.js", import.meta.url).href;
const PROBE = new URL("../e2e/testing/gen/probe_pb.js", import.meta.url).href;

/** Runs a program that has a server and a client, neither of which it closes; gives what it prints. */
async function run(body: string): Promise<string> {
  const source = `
    import { createClient } from "${HEDDLE}";
    import { createInMemoryNetwork } from "${TESTING}";
    import { Probe } from "${PROBE}";
    const network = createInMemoryNetwork();
    const server = network.createServer().add(Probe, {
      unary: () => new Promise((resolve) => setTimeout(resolve, 50, { text: "late" }).unref()),
      serverStream: () => [], clientStream: () => ({}), bidi: () => [],
    });
    await server.listen("probe:1");
    const client = createClient(Probe, network.createChannel("probe:1"));
    ${body}`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", source], {
    timeout: 20_000,
  });
  return stdout;
}

test("a call in flight keeps the process alive until it is answered, and an idle channel and server do not", async () => {
  assert.equal(await run(`client.unary({}).then((reply) => console.log(reply.text));`), "late\n");
});

test("a deadline comes, though nothing else is to happen", async () => {
  const body = `client.unary({}, { timeoutMs: 10 }).catch((error) => console.log(error.code));`;
  assert.equal(await run(body), "4\n");
});
