/**
 * JSON Web Tokens with RSA signatures (RS256), as far as service accounts need them. No other algorithm is understood.
 * Source: RFC 7515 (signatures), RFC 7519 (claims)
 */
import { createSign, createVerify, type KeyObject } from "node:crypto";

/** What a token says. Times are in seconds since the epoch. */
export interface Claims {
  /** Who says it. */
  readonly iss: string;
  /** Whom it is about. */
  readonly sub?: string;
  /** For whom it is meant. */
  readonly aud?: string;
  /** What it allows. */
  readonly scope?: string;
  readonly iat: number;
  readonly exp: number;
}

/** Someone whose tokens are believed. */
export interface Issuer {
  /** What has to stand in the claim `iss`. */
  readonly name: string;
  readonly publicKey: KeyObject;
}

/** How far two clocks may be apart. */
const LEEWAY_S = 60;

/** Makes a token that is signed with an RSA key; `keyId` tells others which key it was. */
export function signJwt(claims: Claims, keyId: string, privateKey: KeyObject): string {
  const signed = `${encode({ alg: "RS256", typ: "JWT", kid: keyId })}.${encode(claims)}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKey, "base64url")}`;
}

/** Gives what a token says. Throws an `Error` that tells why it cannot be believed: its form, its key, its issuer or its time. */
export function verifyJwt(token: string, issuers: ReadonlyMap<string, Issuer>, nowS = Date.now() / 1000): Claims {
  const [header = "", payload = "", signature = "", ...rest] = token.split(".");
  if (rest.length > 0 || signature === "") throw new Error("the token is not of the form header.claims.signature");
  const { alg, kid } = decode<{ alg: string; kid: string }>(header);
  if (alg !== "RS256") throw new Error(`the token is signed with ${alg}; only RS256 is understood`);
  const issuer = issuers.get(kid);
  if (issuer === undefined) throw new Error(`the token is signed with the key "${kid}", which is not known`);
  const verifier = createVerify("RSA-SHA256").update(`${header}.${payload}`);
  if (!verifier.verify(issuer.publicKey, signature, "base64url")) throw new Error("the token's signature is wrong");
  const claims = decode<Claims>(payload);
  if (claims.iss !== issuer.name)
    throw new Error(`the token is from "${claims.iss}"; its key belongs to "${issuer.name}"`);
  if (!(claims.iat <= nowS + LEEWAY_S)) throw new Error("the token is from the future");
  if (!(claims.exp > nowS - LEEWAY_S)) throw new Error("the token has expired");
  return claims;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode<T>(text: string): T {
  return JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as T;
}
