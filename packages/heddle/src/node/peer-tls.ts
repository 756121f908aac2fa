/** What TLS says of the peer, once the handshake is over. */
import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { PeerCertificateInfo, PeerTls } from "../core/tls.js";

export function peerTlsOf(socket: TLSSocket): PeerTls {
  return {
    protocol: socket.getProtocol() ?? "unknown",
    cipher: socket.getCipher().standardName,
    certificate: verifiedCertificateOf(socket),
  };
}

/**
 * A peer without a certificate that resumes a session of TLS 1.3 counts as authorized, and one with a certificate that was not
 * verified has one to show. So it takes both.
 */
function verifiedCertificateOf(socket: TLSSocket): PeerCertificateInfo | undefined {
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
  return certificate === undefined ? undefined : certificateInfoOf(certificate);
}

export function certificateInfoOf(certificate: X509Certificate): PeerCertificateInfo {
  const commonName = certificate.toLegacyObject().subject?.CN;
  return {
    // Line breaks and commas in a value are escaped, so neither can pretend to be another attribute.
    subject: (certificate.subject ?? "").replaceAll("\n", ", "),
    commonName: typeof commonName === "string" ? commonName : undefined,
    subjectAltNames: splitAltNames(certificate.subjectAltName ?? ""),
    fingerprint256: certificate.fingerprint256,
    raw: certificate.raw,
  };
}

/**
 * Splits `DNS:a.example, URI:"https://b.example/x, y"`. A value with a comma or a quote in it stands in quotes, as a JSON string,
 * so that it cannot pretend to be several.
 */
export function splitAltNames(text: string): string[] {
  const names: string[] = [];
  const pattern = /([^:,"]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/gy;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const value = match[2] as string;
    names.push(`${match[1]}:${unquote(value)}`);
  }
  return names;
}

function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return JSON.parse(value) as string;
  } catch {
    return value;
  }
}
