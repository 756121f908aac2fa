/** The cases of credentials, for a service account whose key is in a file. They want TLS, and a server that tells who calls it. */
import assert from "node:assert/strict";
import { type CallCredentials, createClient } from "heddle";
import type { SimpleResponse } from "../../gen/grpc/testing/messages_pb.js";
import { TestService } from "../../gen/grpc/testing/test_pb.js";
import { accessTokenCredentials, ServiceAccount } from "../auth/service-account.js";
import type { AccountFlags } from "../client-flags.js";
import { checkPayload, type Session, type TestClient } from "./client-case.js";
import { LARGE_RESPONSE_BYTES, largeRequest } from "./unary.js";

export const credentialsCases = {
  jwt_token_creds: jwtTokenCreds,
  oauth2_auth_token: oauth2AuthToken,
  per_rpc_creds: perRpcCreds,
};

/** The channel signs a token for each call. */
async function jwtTokenCreds(session: Session): Promise<void> {
  const account = accountOf(session.flags.account);
  const client = clientWith(session, account.jwtCredentials);
  const response = await client.unaryCall({ ...largeRequest(), fillUsername: true }, session.call());
  checkUser(response, account);
  checkPayload(response.payload, LARGE_RESPONSE_BYTES);
}

/** The token is fetched beforehand; the channel sends it with each call. */
async function oauth2AuthToken(session: Session): Promise<void> {
  const { oauthScope } = session.flags.account;
  const account = accountOf(session.flags.account);
  const client = clientWith(session, accessTokenCredentials(await account.fetchAccessToken(oauthScope)));
  const response = await client.unaryCall({ fillUsername: true, fillOauthScope: true }, session.call());
  checkUser(response, account);
  assert.notEqual(response.oauthScope, "", "the scope that the server names");
  assert.ok(oauthScope.includes(response.oauthScope), `the scope "${response.oauthScope}" is not in "${oauthScope}"`);
}

/** The credentials belong to the call; the channel has none. */
async function perRpcCreds(session: Session): Promise<void> {
  const account = accountOf(session.flags.account);
  const options = session.call({ callCredentials: account.jwtCredentials });
  checkUser(await session.client.unaryCall({ fillUsername: true }, options), account);
}

function accountOf({ keyFile, defaultServiceAccount }: AccountFlags): ServiceAccount {
  const path = keyFile || process.env.GOOGLE_APPLICATION_CREDENTIALS;
  assert.ok(path, "this case wants --service_account_key_file or GOOGLE_APPLICATION_CREDENTIALS");
  const account = ServiceAccount.fromFile(path);
  if (defaultServiceAccount !== "") assert.equal(account.email, defaultServiceAccount, "the account of the key file");
  return account;
}

function clientWith(session: Session, callCredentials: CallCredentials): TestClient {
  return createClient(TestService, session.openChannel({ callCredentials }));
}

function checkUser({ username }: SimpleResponse, { email }: ServiceAccount): void {
  assert.equal(username, email, "the user that the server names");
}
