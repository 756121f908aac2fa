import assert from "node:assert/strict";
import test from "node:test";
import type { CompressionAlgorithm } from "../core/compression.js";
import { Compressions, isAccepted } from "./compressions.js";

function algorithm(name: string): CompressionAlgorithm {
  return { name, compress: (message) => message, decompress: (message) => message };
}

test("the built-in algorithms and one's own are known by name, and announced in their order", () => {
  const compressions = new Compressions([algorithm("gzip")], { algorithms: [algorithm("zstd")] });
  assert.equal(compressions.accepted, "identity,gzip,zstd");
  assert.equal(compressions.find("zstd")?.name, "zstd");
  assert.equal(compressions.find("br"), undefined);
  assert.equal(compressions.standard, undefined);
  assert.equal(compressions.minBytes, 1024);
});

test("an algorithm of the same name takes the built-in one's place", () => {
  const own = algorithm("gzip");
  const compressions = new Compressions([algorithm("gzip")], { algorithms: [own], send: "gzip", minBytes: 0 });
  assert.equal(compressions.standard, own);
  assert.equal(compressions.accepted, "identity,gzip");
});

test("names that cannot stand in a header, unknown names and senseless sizes are errors that say so", () => {
  for (const name of ["", "a,b", "a b", "GZIP", "identity", "ü"]) {
    assert.throws(() => new Compressions([], { algorithms: [algorithm(name)] }), { name: "TypeError" }, name);
  }
  assert.throws(
    () => new Compressions([algorithm("gzip")], { send: "br" }),
    /"br" is not known; there are identity,gzip/,
  );
  assert.throws(() => new Compressions([], { minBytes: -1 }), /compression.minBytes is -1/);
  assert.throws(() => new Compressions([], { minBytes: Number.NaN }), RangeError);
});

test("grpc-accept-encoding is a list with spaces or without, and names match as a whole", () => {
  assert.equal(isAccepted("gzip", "identity, gzip ,deflate"), true);
  assert.equal(isAccepted("deflate", "identity,deflate"), true);
  assert.equal(isAccepted("zip", "gzip"), false);
  assert.equal(isAccepted("gzip", undefined), false);
});
