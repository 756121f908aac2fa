/** What the client uploads: a file, or a sample made up on the spot. Both come in chunks, never as a whole. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";

export interface UploadSource {
  readonly name: string;
  readonly sizeBytes: number;
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

const CHUNK_BYTES = 64 * 1024;
/** Five MiB and a bit, so that the last chunk is not a full one. */
const SAMPLE_BYTES = 5 * 1024 * 1024 + 123;

/** A file on disk. Rejects when it does not exist or is not a regular file. */
export async function fileSource(path: string): Promise<UploadSource> {
  const found = await stat(path);
  if (!found.isFile()) throw new Error(`${path} is not a regular file`);
  return { name: basename(path), sizeBytes: found.size, chunks: fileChunks(path) };
}

/** Opens the file when the first chunk is asked for, and closes it when the last is out or no more are wanted. */
async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { highWaterMark: CHUNK_BYTES });
}

/** The same bytes each time: no two chunks alike, so that a lost or swapped one would change the hash. */
export function sampleSource(): UploadSource {
  return { name: "sample.bin", sizeBytes: SAMPLE_BYTES, chunks: sampleChunks() };
}

function* sampleChunks(): Generator<Uint8Array> {
  for (let offset = 0; offset < SAMPLE_BYTES; offset += CHUNK_BYTES) {
    const chunk = new Uint8Array(Math.min(CHUNK_BYTES, SAMPLE_BYTES - offset));
    for (let i = 0; i < chunk.length; i++) chunk[i] = ((offset + i) * 2_654_435_761) >>> 13;
    yield chunk;
  }
}
