/**
 * What all connections with TLS have in common. RFC 9113 sections 3.3 and 9.2: HTTP/2 is agreed on by ALPN, TLS is 1.2 at least,
 * its version 1.2 only has cipher suites with forward secrecy and authenticated encryption, and there is no renegotiation.
 */
import { constants } from "node:crypto";
import type { TlsVersion } from "../core/tls.js";

export const ALPN_HTTP2 = "h2";

const CIPHERS = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
].join(":");

/** Options of every secure context. */
export function contextPolicy(minVersion: TlsVersion): {
  minVersion: TlsVersion;
  ciphers: string;
  secureOptions: number;
} {
  return { minVersion, ciphers: CIPHERS, secureOptions: constants.SSL_OP_NO_RENEGOTIATION };
}

/** The version that an option asks for. Throws a `TypeError` for one that is not spoken. */
export function checkedMinVersion(minVersion: TlsVersion | undefined): TlsVersion {
  const version = minVersion ?? "TLSv1.2";
  if (version === "TLSv1.2" || version === "TLSv1.3") return version;
  throw new TypeError(`tls.minVersion is ${JSON.stringify(version)}; it can be "TLSv1.2" or "TLSv1.3"`);
}
