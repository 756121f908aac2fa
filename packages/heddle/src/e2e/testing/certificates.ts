/** The certificates of the tests; `certificates/make.sh` says what they are, and makes them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ChannelTlsOptions, ServerTlsOptions } from "../../core/tls.js";

// They are not compiled, so they are only among the sources.
const FOLDER = new URL("../../../src/e2e/testing/certificates/", import.meta.url);

export type CertificateName = "server" | "renewed" | "expired" | "other-host" | "client" | "nameless" | "other-client";

/** The path of a file: `server.pem`, `server.key`, `authority.pem`. */
export function fileOf(name: string): string {
  return fileURLToPath(new URL(name, FOLDER));
}

/** The text of such a file. */
export function pemOf(name: string): string {
  return readFileSync(fileOf(name), "latin1");
}

/** A certificate with its key. */
export function keyPair(name: CertificateName): { certificate: string; privateKey: string } {
  return { certificate: pemOf(`${name}.pem`), privateKey: pemOf(`${name}.key`) };
}

/** A server's options, with the certificate for localhost. */
export function serverTls(more: Partial<ServerTlsOptions> = {}): ServerTlsOptions {
  return { ...keyPair("server"), ...more };
}

/** A channel's options, with the authority of the server's certificate. */
export function channelTls(more: ChannelTlsOptions = {}): ChannelTlsOptions {
  return { ca: pemOf("authority.pem"), ...more };
}
