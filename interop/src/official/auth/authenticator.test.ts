import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { Metadata, RpcError, StatusCode } from "heddle";
import { createAuthenticator, type Trust } from "./authenticator.js";
import { type Claims, signJwt } from "./jwt.js";

const ACCOUNT = "someone@heddle.test";
const ENDPOINT = "http://endpoint.test/token";
const AUDIENCE = "https://foo.test.google.fr/grpc.testing.TestService";

const folder = mkdtempSync(path.join(tmpdir(), "heddle-authenticator-"));
after(() => rmSync(folder, { recursive: true }));

const keys = { account: newKey(), endpoint: newKey(), stranger: newKey() };
const trust: Trust = {
  audiences: [AUDIENCE],
  endpoints: [ENDPOINT],
  keys: { account: trusted("account", ACCOUNT), endpoint: trusted("endpoint", ENDPOINT) },
};
const trustFile = path.join(folder, "trust.json");
writeFileSync(trustFile, JSON.stringify(trust));
const authenticate = createAuthenticator(trustFile);

function newKey() {
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}

function trusted(id: keyof typeof keys, issuer: string) {
  return { issuer, publicKey: keys[id].publicKey.export({ type: "spki", format: "pem" }).toString() };
}

/** A token that `ACCOUNT` has signed for the service, but for the given claims. */
function tokenWith(claims: Partial<Claims>, keyId = "account", signer: keyof typeof keys = "account"): string {
  const iat = Math.floor(Date.now() / 1000);
  const good = { iss: ACCOUNT, sub: ACCOUNT, aud: AUDIENCE, iat, exp: iat + 3600 };
  return signJwt({ ...good, ...claims }, keyId, keys[signer].privateKey);
}

function bearer(token: string): Metadata {
  return Metadata.from({ authorization: `Bearer ${token}` });
}

test("a token that an account has signed by itself names the account", () => {
  assert.deepEqual(authenticate(bearer(tokenWith({}))), { username: ACCOUNT, oauthScope: "" });
});

test("a token that an endpoint has granted names the account and its scope", () => {
  const token = tokenWith({ iss: ENDPOINT, scope: "read" }, "endpoint", "endpoint");
  assert.deepEqual(authenticate(bearer(token)), { username: ACCOUNT, oauthScope: "read" });
});

test("an account cannot give itself a scope", () => {
  assert.equal(authenticate(bearer(tokenWith({ scope: "everything" }))).oauthScope, "");
});

const nowS = Date.now() / 1000;
const [header, , signature] = tokenWith({}).split(".");
const changed = Buffer.from(JSON.stringify({ iss: ACCOUNT, sub: ACCOUNT, aud: AUDIENCE, iat: 0, exp: 9e9 }));

const REFUSED: Readonly<Record<string, string>> = {
  "has no signature": "a.b",
  "was changed": `${header}.${changed.toString("base64url")}.${signature}`,
  "is signed with an unknown key": tokenWith({}, "stranger", "stranger"),
  "is signed by a stranger who names a known key": tokenWith({}, "account", "stranger"),
  "is signed by another issuer than it says": tokenWith({ iss: ENDPOINT }),
  "is about another account than its issuer": tokenWith({ sub: "other@heddle.test" }),
  "is meant for another server": tokenWith({ aud: "https://elsewhere.test/" }),
  "has expired": tokenWith({ iat: nowS - 7200, exp: nowS - 3600 }),
  "is from the future": tokenWith({ iat: nowS + 3600, exp: nowS + 7200 }),
};

for (const [what, token] of Object.entries(REFUSED)) {
  test(`a token that ${what} is refused`, () => assertUnauthenticated(bearer(token)));
}

test("a call without a token, or with two, is refused", () => {
  assertUnauthenticated(new Metadata());
  const two = bearer(tokenWith({}));
  two.append("authorization", `Bearer ${tokenWith({})}`);
  assertUnauthenticated(two);
});

function assertUnauthenticated(metadata: Metadata): void {
  assert.throws(
    () => authenticate(metadata),
    (error) => error instanceof RpcError && error.code === StatusCode.UNAUTHENTICATED,
  );
}
