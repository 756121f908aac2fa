import assert from "node:assert/strict";
import { test } from "node:test";
import { parseClientFlags } from "./client-flags.js";

test("the flags have gRPC's defaults", () => {
  const { target, testCase, soak } = parseClientFlags(["--server_port=8080"]);
  assert.deepEqual(target, { host: "localhost", port: 8080, hostOverride: undefined, tls: undefined });
  assert.equal(testCase, "large_unary");
  assert.deepEqual(soak, {
    iterations: 10,
    maxFailures: 0,
    maxLatencyMs: 1000,
    overallTimeoutMs: 10_000,
    minTimeBetweenRpcsMs: 0,
    requestBytes: 271_828,
    responseBytes: 314_159,
    threads: 1,
  });
});

test("the test authority is trusted only when the flags say so", () => {
  const tls = ["--server_port=1", "--use_tls=True", "--ca_file=ca.pem"];
  assert.deepEqual(parseClientFlags(tls).target.tls, { caFile: undefined });
  assert.deepEqual(parseClientFlags([...tls, "--use_test_ca=true"]).target.tls, { caFile: "ca.pem" });
});

test("additional metadata are pairs, and those of -bin keys are octets", () => {
  const { additionalMetadata } = parseClientFlags(["--server_port=1", "--additional_metadata=a:1:2;b-bin:xy;a: 3"]);
  assert.deepEqual(additionalMetadata.getAll("a"), ["1:2", "3"]);
  const octets = additionalMetadata.getAll("b-bin").map((value) => Buffer.from(value).toString());
  assert.deepEqual(octets, ["xy"]);
});

const REFUSED: readonly (readonly string[])[] = [
  [],
  ["--server_port=0"],
  ["--server_port=x"],
  ["--server_port=1", "--use_tls=yes"],
  ["--server_port=1", "--use_tls=true", "--use_test_ca=true"],
  ["--server_port=1", "--soak_iterations=10", "--soak_num_threads=3"],
  ["--server_port=1", "--additional_metadata=key"],
  ["--server_port=1", "--no_such_flag=1"],
];

for (const flags of REFUSED) {
  test(`the command line "${flags.join(" ")}" is refused`, () => {
    assert.throws(() => parseClientFlags([...flags]), TypeError);
  });
}
