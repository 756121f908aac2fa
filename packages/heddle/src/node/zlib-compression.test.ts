import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import { gzipSync } from "node:zlib";
import type { CompressionAlgorithm } from "../core/compression.js";
import { zlibCompressions } from "./zlib-compression.js";

const MIB = 1_048_576;

function named(name: string): CompressionAlgorithm {
  return zlibCompressions.find((algorithm) => algorithm.name === name) as CompressionAlgorithm;
}

for (const name of ["gzip", "deflate"]) {
  const algorithm = named(name);

  test(`${name} restores what it has compressed, of every size`, async () => {
    for (const message of [
      Buffer.alloc(0),
      Buffer.from("a"),
      randomBytes(5000),
      Buffer.alloc(MIB, "text "),
      randomBytes(MIB),
    ]) {
      const compressed = await algorithm.compress(message);
      assert.ok((await algorithm.decompress(compressed, 2 * MIB))?.equals(message));
    }
  });

  test(`${name} does small messages at once, and large ones elsewhere`, async () => {
    assert.ok(Buffer.isBuffer(algorithm.compress(Buffer.alloc(4096))));
    const large = algorithm.compress(Buffer.alloc(4097));
    assert.ok(large instanceof Promise);
    await large;
  });

  test(`${name} stops at the limit: exactly that much is restored, and one octet more is not`, async () => {
    for (const bytes of [0, 1, 1000, 65_536, 65_537, MIB]) {
      const compressed = await algorithm.compress(Buffer.alloc(bytes));
      assert.equal((await algorithm.decompress(compressed, bytes))?.length, bytes);
      if (bytes > 1) assert.equal(await algorithm.decompress(compressed, bytes - 1), undefined);
    }
  });

  test(`${name} refuses what is damaged, cut off, or something else`, async () => {
    const compressed = await algorithm.compress(Buffer.alloc(200_000, "something"));
    const damaged = Buffer.from(compressed);
    damaged[compressed.length >> 1] = (damaged[compressed.length >> 1] as number) ^ 0xff;
    for (const octets of [
      damaged,
      compressed.subarray(0, -5),
      randomBytes(100),
      randomBytes(10_000),
      Buffer.from("{}"),
    ]) {
      await assert.rejects(async () => algorithm.decompress(octets, MIB));
    }
  });
}

test("a bomb costs no more memory than the limit", async () => {
  const bomb = gzipSync(Buffer.alloc(256 * MIB));
  const before = process.memoryUsage().rss;
  assert.equal(await named("gzip").decompress(bomb, MIB), undefined);
  const grownMib = (process.memoryUsage().rss - before) / MIB;
  assert.ok(grownMib < 32, `${grownMib} MiB`);
});
