/**
 * Grants access tokens to service accounts, over HTTP on this machine: what a service account's `token_uri` names.
 * Source: RFC 6749 section 5 (answers), RFC 7523 section 2.1 (a signed token as the grant)
 */
import type { KeyObject } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Issuer, signJwt, verifyJwt } from "./jwt.js";
import { GRANT_TYPE } from "./service-account.js";

const LIFETIME_S = 3600;
/** google-auth names Google's endpoint in what it signs, whatever the account's `token_uri` is. */
const GOOGLES_URI = "https://oauth2.googleapis.com/token";

interface EndpointOptions {
  /** The key with which it signs what it grants, and the key's id. */
  readonly keyId: string;
  readonly privateKey: KeyObject;
  /** The accounts that are granted a token, by the ids of their keys. */
  readonly accounts: ReadonlyMap<string, Issuer>;
}

export class TokenEndpoint implements AsyncDisposable {
  readonly #options: EndpointOptions;
  readonly #server: Server;

  private constructor(options: EndpointOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      });
    });
  }

  static async start(options: EndpointOptions): Promise<TokenEndpoint> {
    const endpoint = new TokenEndpoint(options);
    endpoint.#server.listen(0, "127.0.0.1");
    await once(endpoint.#server, "listening");
    return endpoint;
  }

  /** Its address, and the name in what it signs. */
  get uri(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/token`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
    try {
      const form = new URLSearchParams(await text(request));
      return { status: 200, body: this.#grant(form) };
    } catch (error) {
      return { status: 400, body: { error: "invalid_grant", error_description: (error as Error).message } };
    }
  }

  #grant(form: URLSearchParams): object {
    if (form.get("grant_type") !== GRANT_TYPE) throw new Error(`the grant_type must be ${GRANT_TYPE}`);
    const { iss, aud, scope } = verifyJwt(form.get("assertion") ?? "", this.#options.accounts);
    if (aud !== this.uri && aud !== GOOGLES_URI) {
      throw new Error(`the assertion is meant for "${aud}", not for ${this.uri}`);
    }
    if (!scope) throw new Error("the assertion names no scope");
    const iat = Math.floor(Date.now() / 1000);
    const claims = { iss: this.uri, sub: iss, scope, iat, exp: iat + LIFETIME_S };
    const token = signJwt(claims, this.#options.keyId, this.#options.privateKey);
    return { access_token: token, token_type: "Bearer", expires_in: LIFETIME_S };
  }
}
