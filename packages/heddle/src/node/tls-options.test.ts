import assert from "node:assert/strict";
import test from "node:test";
import type { ChannelTlsOptions, ServerTlsOptions } from "../core/tls.js";
import { fileOf, keyPair, pemOf } from "../e2e/testing/certificates.js";
import { NodeClientTls } from "./client-tls.js";
import { NodeServerTls } from "./server-tls.js";

const server = keyPair("server");
const AUTHORITY = pemOf("authority.pem");

function assertServerRefuses(options: Partial<ServerTlsOptions>, message: RegExp): void {
  assert.throws(
    () => new NodeServerTls({ ...server, ...options }),
    (error: Error) => {
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /MIGHAgEA/, "a key is shown");
      return true;
    },
  );
}

function assertChannelRefuses(options: ChannelTlsOptions, message: RegExp): void {
  assert.throws(() => new NodeClientTls(options, "localhost"), { message });
}

test("a file that is not there, or is a folder, is named together with its option", () => {
  assertServerRefuses(
    { certificate: { file: "/nowhere/a.pem" } },
    /^tls\.certificate cannot be read: ENOENT.*\/nowhere\/a\.pem/,
  );
  assertServerRefuses({ privateKey: { file: "/" } }, /^tls\.privateKey cannot be read: EISDIR/);
  assertServerRefuses({ clientCa: [AUTHORITY, { file: "/nowhere" }] }, /^tls\.clientCa cannot be read: ENOENT/);
  assertChannelRefuses({ ca: { file: "/nowhere" } }, /^tls\.ca cannot be read: ENOENT/);
});

test("a name of a file that is given as text is told how to be written", () => {
  assertServerRefuses(
    { certificate: "certs/server.pem" },
    /^tls\.certificate \(given as text; .* \{ file: "name\.pem" \}\) holds no certificate/,
  );
  assertChannelRefuses({ ca: "certs/ca.pem" }, /^tls\.ca \(given as text/);
});

test("a file with something else in it is named, and keys are never shown", () => {
  assertServerRefuses(
    { certificate: { file: fileOf("server.key") } },
    /^tls\.certificate \(the file .*server\.key\) holds no certificate/,
  );
  assertServerRefuses(
    { privateKey: { file: fileOf("server.pem") } },
    /^tls\.privateKey \(the file .*server\.pem\) is no private key/,
  );
  assertServerRefuses(
    { privateKey: pemOf("server.key").slice(0, 100) },
    /^tls\.privateKey \(given as text.* is no private key in PEM/,
  );
  assertServerRefuses({ clientCa: { file: fileOf("make.sh") } }, /^tls\.clientCa .*make\.sh\) holds no certificate/);
});

test("a key of another certificate is refused", () => {
  assertServerRefuses({ privateKey: pemOf("client.key") }, /^tls\.privateKey .* does not belong to the certificate/);
  assertChannelRefuses(
    { ...keyPair("client"), privateKey: pemOf("server.key") },
    /^tls\.privateKey .* does not belong/,
  );
});

test("an encrypted key without its passphrase, or with a wrong one, says so", () => {
  for (const passphrase of [undefined, "wrong"]) {
    assertServerRefuses(
      { privateKey: { file: fileOf("server-encrypted.key") }, passphrase },
      /server-encrypted\.key\) is no private key in PEM, or tls\.passphrase is missing or wrong/,
    );
  }
});

test("what is missing is named", () => {
  assertServerRefuses({ certificate: undefined as never }, /^tls\.certificate is missing: give PEM text, or/);
  assertServerRefuses({ privateKey: undefined as never }, /^tls\.privateKey is missing/);
  assertChannelRefuses({ certificate: server.certificate }, /tls\.certificate is set, but tls\.privateKey is not/);
  assertChannelRefuses({ privateKey: server.privateKey }, /tls\.privateKey is set, but tls\.certificate is not/);
});

test("whoever asks for certificates says whose", () => {
  for (const clientCertificate of ["request", "require"] as const) {
    assertServerRefuses({ clientCertificate }, /tls\.clientCertificate is "re.*", so tls\.clientCa has to say whose/);
  }
  assertServerRefuses({ clientCertificate: "maybe" as never }, /tls\.clientCertificate is "maybe"; it can be/);
});

test("an empty list of authorities is refused, and does not mean that anybody may come", () => {
  assertServerRefuses({ clientCa: [] }, /^tls\.clientCa is an empty list/);
  assertChannelRefuses({ ca: [] }, /^tls\.ca is an empty list/);
});

test("versions of TLS that are not spoken are refused", () => {
  assertServerRefuses(
    { minVersion: "TLSv1.1" as never },
    /tls\.minVersion is "TLSv1\.1"; it can be "TLSv1\.2" or "TLSv1\.3"/,
  );
  assertChannelRefuses({ minVersion: "1.3" as never }, /tls\.minVersion is "1\.3"/);
});

test("a server name is the name of a host, or an address", () => {
  for (const serverName of ["", "localhost:50051", "https://localhost", "a b"]) {
    assertChannelRefuses({ serverName }, /tls\.serverName is ".*"; it has to be the name of a host, without a port/);
  }
  for (const serverName of ["localhost", "a_b.example", "::1", "10.0.0.1"]) {
    assert.equal(new NodeClientTls({ serverName }, "other").serverName, serverName);
  }
  assert.equal(new NodeClientTls({}, "other").serverName, "other");
});

test("clientCa alone means that certificates are required; nothing means that they are not asked for", () => {
  const modes = (options: Partial<ServerTlsOptions>): unknown[] => {
    const { requestCert, rejectUnauthorized } = new NodeServerTls({ ...server, ...options }).setup;
    return [requestCert, rejectUnauthorized];
  };
  assert.deepEqual(modes({}), [false, false]);
  assert.deepEqual(modes({ clientCa: AUTHORITY }), [true, true]);
  assert.deepEqual(modes({ clientCa: AUTHORITY, clientCertificate: "request" }), [true, false]);
  assert.deepEqual(modes({ clientCa: AUTHORITY, clientCertificate: "ignore" }), [false, false]);
});

test("what createServerTls has not made is no ServerTls", () => {
  assert.throws(() => NodeServerTls.from({ reload: () => {} }), /was not made by createServerTls of this copy/);
});
