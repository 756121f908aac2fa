import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runClientProgram, runExample } from "../harness/run-example.js";

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "heddle-upload-"));
});
after(() => rm(folder, { recursive: true }));

async function fileOf(bytes: Uint8Array): Promise<string> {
  const path = join(folder, `${bytes.length}.bin`);
  await writeFile(path, bytes);
  return path;
}

for (const sizeBytes of [0, 1, 65_536, 1_234_567]) {
  test(`a file of ${sizeBytes} bytes arrives with its size and hash`, async () => {
    const bytes = randomBytes(sizeBytes);
    const { client, serverStatus } = await runExample("upload", ["--file", await fileOf(bytes)]);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    assert.deepEqual(client, {
      status: 0,
      stdout: [
        `Uploading ${sizeBytes}.bin, ${sizeBytes} bytes`,
        `The server received ${sizeBytes} bytes`,
        `SHA-256 at the server: ${sha256}`,
        `SHA-256 at the client: ${sha256}`,
        "The file arrived as it was sent.",
      ],
      stderr: [],
    });
    assert.equal(serverStatus, 0);
  });
}

test("without a file the client makes a sample of some MiB", async () => {
  const { client } = await runExample("upload");
  assert.equal(client.status, 0, client.stderr.join("\n"));
  assert.ok(client.stdout.includes("The server received 5243003 bytes"));
});

test("a file above the server's limit is refused with RESOURCE_EXHAUSTED, one at the limit is not", async () => {
  const path = await fileOf(randomBytes(1_000));
  const refused = await runExample("upload", ["--file", path], ["--max-bytes", "999"]);
  assert.equal(refused.client.status, 1);
  assert.match(
    refused.client.stderr.join("\n"),
    /^error: RESOURCE_EXHAUSTED: The file has 1000 bytes; this server takes 999 at most\. \(peer \S+\)$/,
  );
  const taken = await runExample("upload", ["--file", path], ["--max-bytes", "1000"]);
  assert.equal(taken.client.status, 0, taken.client.stderr.join("\n"));
});

test("a file that does not exist is a wrong argument", async () => {
  const { status, stderr } = await runClientProgram("upload", ["--file", join(folder, "missing.bin")]);
  assert.equal(status, 2);
  assert.match(stderr.join("\n"), /^error: --file cannot be used: ENOENT.*missing\.bin/);
});
