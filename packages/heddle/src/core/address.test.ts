import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { type Address, formatAddress, parseAddress } from "./address.js";

test("names, IPv4, bracketed IPv6 and the empty host are read", () => {
  const cases: [string, string, number][] = [
    ["localhost:50051", "localhost", 50051],
    ["127.0.0.1:0", "127.0.0.1", 0],
    ["[::1]:65535", "::1", 65535],
    ["[::ffff:127.0.0.1]:1", "::ffff:127.0.0.1", 1],
    ["[fe80::1%eth0]:50051", "fe80::1%eth0", 50051],
    [":50051", "", 50051],
  ];
  for (const [text, host, port] of cases) assert.deepEqual(parseAddress(text), { kind: "tcp", host, port });
});

test("Unix sockets are read with a relative path, an absolute one, and one behind three slashes", () => {
  const cases: [string, string][] = [
    ["unix:greeter.sock", "greeter.sock"],
    ["unix:run/greeter.sock", "run/greeter.sock"],
    ["unix:/run/greeter.sock", "/run/greeter.sock"],
    ["unix:///run/greeter.sock", "/run/greeter.sock"],
    ["unix:/run/a:1", "/run/a:1"],
    ["unix:line\nbreak", "line\nbreak"],
  ];
  for (const [text, path] of cases) assert.deepEqual(parseAddress(text), { kind: "unix", path });
});

test("a host may be named unix", () => {
  assert.deepEqual(parseAddress("unix:50051"), { kind: "tcp", host: "unix", port: 50051 });
});

test("a Unix socket without a file, or with a host, is refused", () => {
  for (const text of ["unix:", "unix:a\0b"]) {
    assert.throws(() => parseAddress(text), { name: "TypeError", message: /names no file: unix:path/ });
  }
  for (const text of ["unix://", "unix://host/run/a.sock", "unix://a.sock"]) {
    assert.throws(() => parseAddress(text), { name: "TypeError", message: /names a host; a Unix socket has none/ });
  }
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
  const ports = fc.integer({ min: 0, max: 65_535 });
  const paths = fc
    .string({ minLength: 1 })
    .filter((path) => !path.includes("\0") && !path.startsWith("//") && !/^[0-9]+$/.test(path));
  const addresses: fc.Arbitrary<Address> = fc.oneof(
    fc.record({ kind: fc.constant("tcp" as const), host: hosts, port: ports }),
    fc.record({ kind: fc.constant("unix" as const), path: paths }),
  );
  fc.assert(
    fc.property(addresses, (address) => {
      // fast-check makes records without a prototype.
      assert.deepEqual(parseAddress(formatAddress(address)), { ...address });
    }),
  );
});
