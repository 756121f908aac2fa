/** Certificates and private keys, as text or in files: read, and checked to be what they are said to be. Keys are never shown. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Pem } from "../core/tls.js";

/** The text of a certificate, or of several. `what` is the name of the option. Throws an `Error` that names it, and the file. */
export function readCertificates(pem: Pem, what: string): string {
  const text = textOf(pem, what);
  certificateOf(text, `${what} ${placeOf(pem)}`);
  return text;
}

/** The texts of authorities; `undefined` when the option is not set. Throws a `TypeError` for none: that is never what was meant. */
export function readAuthorities(pems: Pem | readonly Pem[] | undefined, what: string): string[] | undefined {
  if (pems === undefined) return undefined;
  const authorities = listOf(pems).map((pem) => readCertificates(pem, what));
  if (authorities.length === 0) throw new TypeError(`${what} is an empty list, so nobody would be trusted`);
  return authorities;
}

/** The text of a private key that belongs to a certificate. Throws an `Error` that names the option, and the file. */
export function readPrivateKey(pem: Pem, what: string, passphrase: string | undefined, certificate: string): string {
  const text = textOf(pem, what);
  const where = `${what} ${placeOf(pem)}`;
  let key: KeyObject;
  try {
    key = createPrivateKey(passphrase === undefined ? { key: text } : { key: text, passphrase });
  } catch (cause) {
    const hint = text.includes("ENCRYPTED") ? ", or tls.passphrase is missing or wrong" : "";
    throw new Error(`${where} is no private key in PEM${hint}: ${messageOf(cause)}`, { cause });
  }
  if (!certificateOf(certificate, "the certificate").checkPrivateKey(key)) {
    throw new Error(`${where} does not belong to the certificate: renew both together`);
  }
  return text;
}

/** The names of the files among these. */
export function filesOf(pems: readonly (Pem | undefined)[]): string[] {
  return pems.flatMap((pem) => (isFile(pem) ? [pem.file] : []));
}

/** One or several, as a list. */
export function listOf(pems: Pem | readonly Pem[] | undefined): readonly Pem[] {
  if (pems === undefined) return [];
  return Array.isArray(pems) ? pems : [pems as Pem];
}

function textOf(pem: Pem, what: string): string {
  if (typeof pem === "string") return pem;
  if (pem instanceof Uint8Array) return Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength).toString("latin1");
  if (!isFile(pem)) throw new TypeError(`${what} is missing: give PEM text, or { file: "name.pem" }`);
  try {
    return readFileSync(pem.file, "latin1");
  } catch (cause) {
    throw new Error(`${what} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

function certificateOf(text: string, where: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw new Error(`${where} holds no certificate in PEM: ${messageOf(cause)}`, { cause });
  }
}

function placeOf(pem: Pem): string {
  return isFile(pem) ? `(the file ${pem.file})` : `(given as text; for the name of a file write { file: "name.pem" })`;
}

function isFile(pem: Pem | undefined): pem is { readonly file: string } {
  return typeof pem === "object" && pem !== null && "file" in pem && typeof pem.file === "string";
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
