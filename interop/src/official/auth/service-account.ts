/**
 * A service account: a name with a private key, kept in a JSON file in the format of Google's.
 * Source: https://google.aip.dev/auth/4112, RFC 7523 (tokens in exchange for signed ones)
 */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import type { CallCredentials } from "heddle";
import { signJwt } from "./jwt.js";

/** The fields of the file that are used; there may be more. */
interface KeyFile {
  readonly client_email: string;
  readonly private_key_id: string;
  /** In PEM. */
  readonly private_key: string;
  readonly token_uri: string;
}

export const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const LIFETIME_S = 3600;
const ANSWER_LIMIT_MS = 10_000;

export class ServiceAccount {
  readonly email: string;
  readonly #keyId: string;
  readonly #privateKey: KeyObject;
  readonly #tokenUri: string;

  constructor(file: KeyFile) {
    this.email = file.client_email;
    this.#keyId = file.private_key_id;
    this.#privateKey = createPrivateKey(file.private_key);
    this.#tokenUri = file.token_uri;
  }

  static fromFile(path: string): ServiceAccount {
    return new ServiceAccount(JSON.parse(readFileSync(path, "utf8")) as KeyFile);
  }

  /** Signs a token for the service of each call, by itself. */
  get jwtCredentials(): CallCredentials {
    return ({ serviceUrl }) => bearer(this.#sign({ sub: this.email, aud: serviceUrl }));
  }

  /** Asks the account's token endpoint for a token that allows what the scope names. */
  async fetchAccessToken(scope: string): Promise<string> {
    const response = await fetch(this.#tokenUri, {
      method: "POST",
      body: new URLSearchParams({ grant_type: GRANT_TYPE, assertion: this.#sign({ aud: this.#tokenUri, scope }) }),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${this.#tokenUri} answered with ${response.status}: ${answer}`);
    return (JSON.parse(answer) as { access_token: string }).access_token;
  }

  #sign(claims: { sub?: string; aud: string; scope?: string }): string {
    const iat = Math.floor(Date.now() / 1000);
    return signJwt({ iss: this.email, ...claims, iat, exp: iat + LIFETIME_S }, this.#keyId, this.#privateKey);
  }
}

/** Sends a token with every call. */
export function accessTokenCredentials(token: string): CallCredentials {
  return () => bearer(token);
}

function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` };
}
