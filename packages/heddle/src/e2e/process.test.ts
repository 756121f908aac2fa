/** What a whole program does at its end: whether it exits, and how. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { channelTls, fileOf, serverTls } from "./testing/certificates.js";
import { start } from "./testing/probe.js";

const HEDDLE = new URL("../index.js", import.meta.url).href;
const PROBE = new URL("./testing/gen/probe_pb.js", import.meta.url).href;

/** Runs a client program against an address; gives its exit code and output. */
function runProgram(body: string, address: string, options = {}): Promise<{ code: number | null; output: string }> {
  return runSource(`
    import { createChannel, createClient } from "${HEDDLE}";
    import { Probe } from "${PROBE}";
    const channel = createChannel("${address}", ${JSON.stringify(options)});
    const client = createClient(Probe, channel);
    ${body}`);
}

async function runSource(source: string): Promise<{ code: number | null; output: string }> {
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

test("a program that forgets to close an idle channel with TLS exits all the same", async () => {
  const { address } = await start({}, { listen: { tls: serverTls() } });
  const body = `console.log((await client.unary({ text: "hi" })).text);`;
  assert.deepEqual(await runProgram(body, address, { tls: channelTls() }), { code: 0, output: "hi\n" });
});

test("a program whose server is shut down exits, although its certificate was watched", async () => {
  const files = { certificate: { file: fileOf("server.pem") }, privateKey: { file: fileOf("server.key") } };
  const source = `
    import { createServer, createServerTls } from "${HEDDLE}";
    const tls = createServerTls(${JSON.stringify(files)});
    const server = createServer();
    await server.listen("127.0.0.1:0", { tls });
    await server.shutdown();
    console.log("down");`;
  assert.deepEqual(await runSource(source), { code: 0, output: "down\n" });
});

test("a call in flight keeps the process alive until it is answered", async () => {
  const { address } = await start({
    unary: (request) => new Promise((resolve) => setTimeout(resolve, 100, { text: request.text })),
  });
  const body = `await client.unary({ text: "first" }); client.unary({ text: "late" }).then((reply) => console.log(reply.text));`;
  assert.deepEqual(await runProgram(body, address), { code: 0, output: "late\n" });
});
