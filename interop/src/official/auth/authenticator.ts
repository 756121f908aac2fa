/**
 * Tells a server who makes a call, by the token in its metadata.
 *
 * There are two kinds of tokens: those that a service account has signed by itself for this service, and those that a token
 * endpoint has granted to it. See "Authenticated Username" in interop-test-descriptions.md; how it is done is up to the server.
 */
import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Metadata, RpcError, StatusCode } from "heddle";
import { type Claims, type Issuer, verifyJwt } from "./jwt.js";

export interface Caller {
  readonly username: string;
  /** Empty when the caller has signed its token by itself. */
  readonly oauthScope: string;
}

/** Fails with UNAUTHENTICATED, and the reason, when a call's token is missing or cannot be believed. */
export type Authenticate = (metadata: Metadata) => Caller;

/** Whose tokens a server believes: the content of its trust file. */
export interface Trust {
  /** For whom a token may be meant that an account has signed by itself. */
  readonly audiences: readonly string[];
  /** The issuers that grant tokens to others. All the others speak for themselves only. */
  readonly endpoints: readonly string[];
  /** By the id of a key, whose it is, and the key in PEM. */
  readonly keys: Readonly<Record<string, { readonly issuer: string; readonly publicKey: string }>>;
}

/** Believes whom a file names. */
export function createAuthenticator(trustFile: string): Authenticate {
  const trust = JSON.parse(readFileSync(trustFile, "utf8")) as Trust;
  const issuers = new Map<string, Issuer>();
  for (const [id, { issuer, publicKey }] of Object.entries(trust.keys)) {
    issuers.set(id, { name: issuer, publicKey: createPublicKey(publicKey) });
  }
  return (metadata) => {
    try {
      return callerOf(verifyJwt(bearerToken(metadata), issuers), trust);
    } catch (error) {
      throw new RpcError(StatusCode.UNAUTHENTICATED, (error as Error).message, { cause: error });
    }
  };
}

function bearerToken(metadata: Metadata): string {
  const [value, ...more] = metadata.getAll("authorization");
  const token = value === undefined ? undefined : /^Bearer (\S+)$/i.exec(value)?.[1];
  if (token === undefined || more.length > 0)
    throw new Error("the call has no authorization of the form Bearer <token>");
  return token;
}

function callerOf({ iss, sub = "", aud = "", scope = "" }: Claims, { audiences, endpoints }: Trust): Caller {
  if (endpoints.includes(iss)) return { username: sub, oauthScope: scope };
  if (sub !== iss) throw new Error(`the token is about "${sub}"; "${iss}", who signed it, speaks for itself only`);
  if (!audiences.includes(aud)) throw new Error(`the token is meant for "${aud}", not for ${audiences.join(" or ")}`);
  return { username: iss, oauthScope: "" };
}
