/** Uploads a file in chunks with a progress bar, and compares what the server received with what was sent. */
import { createHash } from "node:crypto";
import { createClient, type MessageInit } from "heddle";
import { clientOptions, readOptions, usageError } from "../shared/options.js";
import { runClient } from "../shared/run-client.js";
import { Upload, type UploadRequestSchema } from "./gen/upload_pb.js";
import { startProgress } from "./progress.js";
import { fileSource, sampleSource, type UploadSource } from "./upload-source.js";

const options = readOptions({ ...clientOptions, file: { type: "string" } });
const source = await openSource(options.file);

await runClient(options, async (channel) => {
  const hash = createHash("sha256");
  console.log(`Uploading ${source.name}, ${source.sizeBytes} bytes`);
  const progress = startProgress(source.sizeBytes);

  // The next chunk is asked for when there is room for it on the way to the server, so the file is never in memory whole.
  async function* requests(): AsyncGenerator<MessageInit<typeof UploadRequestSchema>> {
    yield { part: { case: "info", value: { name: source.name, sizeBytes: BigInt(source.sizeBytes) } } };
    for await (const chunk of source.chunks) {
      hash.update(chunk);
      yield { part: { case: "chunk", value: chunk } };
      progress.advance(chunk.length);
    }
  }

  const receipt = await createClient(Upload, channel).uploadFile(requests()).finally(progress.stop);

  const sha256 = hash.digest("hex");
  console.log(`The server received ${receipt.sizeBytes} bytes`);
  console.log(`SHA-256 at the server: ${receipt.sha256}`);
  console.log(`SHA-256 at the client: ${sha256}`);
  if (receipt.sizeBytes !== BigInt(source.sizeBytes) || receipt.sha256 !== sha256) {
    throw new Error("the server received something else than was sent");
  }
  console.log("The file arrived as it was sent.");
});

async function openSource(path: string | undefined): Promise<UploadSource> {
  if (path === undefined) return sampleSource();
  return fileSource(path).catch((error: Error) => usageError(`--file cannot be used: ${error.message}`));
}
