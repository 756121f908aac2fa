import assert from "node:assert/strict";
import test from "node:test";
import { parseTarget } from "./target.js";

test("a target is a host and a port, with or without dns:", () => {
  const cases: [string, string, number, string][] = [
    ["localhost:50051", "localhost", 50051, "localhost:50051"],
    ["dns:///localhost:50051", "localhost", 50051, "localhost:50051"],
    ["dns:localhost:50051", "localhost", 50051, "localhost:50051"],
    ["example.com", "example.com", 443, "example.com"],
    ["dns:///example.com", "example.com", 443, "example.com"],
    ["[::1]:50051", "::1", 50051, "[::1]:50051"],
    ["[::1]", "::1", 443, "[::1]"],
  ];
  for (const [target, host, port, authority] of cases) {
    assert.deepEqual(parseTarget(target), { address: { kind: "tcp", host, port }, authority, host });
  }
});

test("a Unix socket is a path behind unix:, and its authority is localhost", () => {
  for (const [target, path] of [
    ["unix:run/greeter.sock", "run/greeter.sock"],
    ["unix:/run/greeter.sock", "/run/greeter.sock"],
    ["unix:///run/greeter.sock", "/run/greeter.sock"],
  ] as const) {
    assert.deepEqual(parseTarget(target), {
      address: { kind: "unix", path },
      authority: "localhost",
      host: "localhost",
    });
  }
});

test("a host may have the name of a scheme", () => {
  for (const host of ["dns", "unix", "xds"])
    assert.deepEqual(parseTarget(`${host}:50051`).address, { kind: "tcp", host, port: 50051 });
});

test("other schemes are refused by name, with slashes and without", () => {
  for (const target of ["http://localhost:50051", "xds:///service", "unix-abstract:socket", "ipv4:10.0.0.1:1"]) {
    const scheme = target.slice(0, target.indexOf(":"));
    assert.throws(() => parseTarget(target), {
      name: "TypeError",
      message: `the target ${JSON.stringify(target)} has the scheme ${scheme}; only dns and unix are supported`,
    });
  }
});

test("a target that names no host, or is no address, is refused", () => {
  for (const target of ["", ":50051", "dns:///", "dns:///:1"]) {
    assert.throws(() => parseTarget(target), { message: `the target ${JSON.stringify(target)} names no host` });
  }
  for (const target of ["a b/c:1", "::1", "localhost:", "dns://8.8.8.8/localhost:1"]) {
    assert.throws(() => parseTarget(target), /is not of the form host:port/);
  }
  assert.throws(() => parseTarget("localhost:70000"), /the highest is 65535/);
});
