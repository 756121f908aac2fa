import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { formatAddress, parseAddress } from "./address.js";

test("names, IPv4, bracketed IPv6 and the empty host are read", () => {
  const cases: [string, string, number][] = [
    ["localhost:50051", "localhost", 50051],
    ["127.0.0.1:0", "127.0.0.1", 0],
    ["[::1]:65535", "::1", 65535],
    ["[::ffff:127.0.0.1]:1", "::ffff:127.0.0.1", 1],
    ["[fe80::1%eth0]:50051", "fe80::1%eth0", 50051],
    [":50051", "", 50051],
  ];
  for (const [text, host, port] of cases) assert.deepEqual(parseAddress(text), { host, port });
});

test("what is no address is refused, with the text", () => {
  for (const text of [
    "",
    "localhost",
    "localhost:",
    "localhost:x",
    "::1:50051",
    "[::1]",
    "[]:1",
    "a/b:1",
    "a:1:2",
    "a:-1",
  ]) {
    assert.throws(() => parseAddress(text), {
      name: "TypeError",
      message: `the address ${JSON.stringify(text)} is not of the form host:port or [ipv6]:port`,
    });
  }
});

test("a port that is too high is refused with the highest one", () => {
  assert.throws(() => parseAddress("localhost:65536"), /"localhost:65536" has the port 65536; the highest is 65535/);
});

test("what is formatted is read back", () => {
  const hosts = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain(), fc.constant(""));
  fc.assert(
    fc.property(hosts, fc.integer({ min: 0, max: 65_535 }), (host, port) => {
      assert.deepEqual(parseAddress(formatAddress(host, port)), { host, port });
    }),
  );
});
