/** A service account for the cases of credentials, with everything that clients and servers have to know of it. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { TestService } from "../../gen/grpc/testing/test_pb.js";
import type { Trust } from "../auth/authenticator.js";
import { TokenEndpoint } from "../auth/token-endpoint.js";

/** What the servers are called; their certificate is for `*.test.google.fr`. No name server knows it. */
export const SERVER_NAME = "foo.test.google.fr";

const EMAIL = "interop@heddle.test";
const ACCOUNT_KEY = "account-key";
const ENDPOINT_KEY = "endpoint-key";
const SCOPE = "https://heddle.test/auth/interop";

export class TestAccount implements AsyncDisposable {
  readonly #folder = mkdtempSync(path.join(tmpdir(), "heddle-interop-"));
  readonly #endpoint: TokenEndpoint;
  readonly #keyFile = path.join(this.#folder, "service-account.json");
  readonly #trustFile = path.join(this.#folder, "trust.json");

  private constructor(endpoint: TokenEndpoint) {
    this.#endpoint = endpoint;
  }

  /** Makes the keys, writes the files and starts the token endpoint. */
  static async create(): Promise<TestAccount> {
    const ofEndpoint = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const ofAccount = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const endpoint = await TokenEndpoint.start({
      keyId: ENDPOINT_KEY,
      privateKey: ofEndpoint.privateKey,
      accounts: new Map([[ACCOUNT_KEY, { name: EMAIL, publicKey: ofAccount.publicKey }]]),
    });
    const account = new TestAccount(endpoint);
    account.#writeTrust(ofEndpoint.publicKey, ofAccount.publicKey);
    account.#writeKey(ofAccount.privateKey);
    return account;
  }

  get clientFlags(): readonly string[] {
    return [
      `--service_account_key_file=${this.#keyFile}`,
      `--default_service_account=${EMAIL}`,
      `--oauth_scope=${SCOPE}`,
    ];
  }

  get serverFlags(): readonly string[] {
    return [`--trust_file=${this.#trustFile}`];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#endpoint[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true });
  }

  /** gRPC gives credentials the URL of the service, and some of them take its path away: a token may be meant for both. */
  #writeTrust(ofEndpoint: KeyObject, ofAccount: KeyObject): void {
    const pem = (key: KeyObject) => key.export({ type: "spki", format: "pem" }).toString();
    const trust: Trust = {
      audiences: [`https://${SERVER_NAME}/${TestService.typeName}`, `https://${SERVER_NAME}/`],
      endpoints: [this.#endpoint.uri],
      keys: {
        [ENDPOINT_KEY]: { issuer: this.#endpoint.uri, publicKey: pem(ofEndpoint) },
        [ACCOUNT_KEY]: { issuer: EMAIL, publicKey: pem(ofAccount) },
      },
    };
    writeFileSync(this.#trustFile, JSON.stringify(trust));
  }

  #writeKey(privateKey: KeyObject): void {
    const file = {
      type: "service_account",
      client_email: EMAIL,
      client_id: "1",
      private_key_id: ACCOUNT_KEY,
      private_key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      token_uri: this.#endpoint.uri,
    };
    writeFileSync(this.#keyFile, JSON.stringify(file));
  }
}
