/** What a whole program does at its end: whether it exits, and how. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { start } from "./testing/probe.js";

const HEDDLE = new URL("../index.js", import.meta.url).href;
const PROBE = new URL("./testing/gen/probe_pb.js", import.meta.url).href;

/** Runs a client program against an address; gives its exit code and output. */
async function runProgram(body: string, address: string): Promise<{ code: number | null; output: string }> {
  const source = `
    import { createChannel, createClient } from "${HEDDLE}";
    import { Probe } from "${PROBE}";
    const channel = createChannel("${address}");
    const client = createClient(Probe, channel);
    ${body}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output };
}

test("a program whose last statement awaits channel.close() exits with 0", async () => {
  const { address } = await start();
  const body = `console.log((await client.unary({ text: "hi" })).text); await channel.close(); console.log("closed");`;
  assert.deepEqual(await runProgram(body, address), { code: 0, output: "hi\nclosed\n" });
});

test("a program that forgets to close an idle channel exits all the same", async () => {
  const { address } = await start();
  const body = `console.log((await client.unary({ text: "hi" })).text);`;
  assert.deepEqual(await runProgram(body, address), { code: 0, output: "hi\n" });
});

test("a call in flight keeps the process alive until it is answered", async () => {
  const { address } = await start({
    unary: (request) => new Promise((resolve) => setTimeout(resolve, 100, { text: request.text })),
  });
  const body = `await client.unary({ text: "first" }); client.unary({ text: "late" }).then((reply) => console.log(reply.text));`;
  assert.deepEqual(await runProgram(body, address), { code: 0, output: "late\n" });
});
