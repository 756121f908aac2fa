import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import test from "node:test";
import { pemOf } from "../e2e/testing/certificates.js";
import { certificateInfoOf, splitAltNames } from "./peer-tls.js";

test("alternative names are split, each with its kind", () => {
  assert.deepEqual(splitAltNames(""), []);
  assert.deepEqual(
    splitAltNames("DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, email:a@b.example"),
    ["DNS:localhost", "IP Address:127.0.0.1", "IP Address:0:0:0:0:0:0:0:1", "email:a@b.example"],
  );
});

test("a name with a comma, a quote or a backslash in it stays one", () => {
  assert.deepEqual(splitAltNames('DNS:"a.example, DNS:b.example", URI:"x\\"y\\\\", DNS:c.example'), [
    "DNS:a.example, DNS:b.example",
    'URI:x"y\\',
    "DNS:c.example",
  ]);
});

test("what cannot be read ends the list, so that nothing is guessed", () => {
  assert.deepEqual(splitAltNames('DNS:a.example, "DNS:b.example'), ["DNS:a.example"]);
});

test("a comma in a value of the subject is escaped", () => {
  const info = certificateInfoOf(new X509Certificate(pemOf("client.pem")));
  assert.equal(info.subject, "O=heddle tests\\, Inc., CN=client");
  assert.equal(info.commonName, "client");
});
