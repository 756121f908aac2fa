/** What an error of a TLS handshake means to whoever runs the server. The codes are those of OpenSSL, and of Node.js. */

export const NO_ALPN =
  "the peer offers no protocol by ALPN, and gRPC needs h2: it is no gRPC client, or a proxy in between leaves ALPN out";

/** `refusal` is why the client's certificate was refused, if it was. */
export function explainServerFailure(error: SslError, refusal: unknown): string {
  if (refusal) return explainRefusal(String(refusal));
  const code = error.code ?? "no code";
  const found = CAUSES.find(([pattern]) => pattern.test(code));
  // The library's own message has many lines.
  return `${found?.[1] ?? `the TLS handshake failed: ${error.reason ?? error.message}`} (${code})`;
}

type SslError = NodeJS.ErrnoException & { readonly reason?: string };

const CAUSES: readonly (readonly [RegExp, string])[] = [
  [
    /WRONG_VERSION_NUMBER|HTTP_REQUEST|HTTPS_PROXY_REQUEST|PACKET_LENGTH_TOO_LONG|BAD_RECORD_TYPE|UNEXPECTED_MESSAGE$/,
    "the peer does not speak TLS, and this port does: it is a client without the option tls, or something other than gRPC",
  ],
  [
    /UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW/,
    "the peer only speaks versions of TLS that are too old here: TLS 1.2 is needed, or 1.3 if tls.minVersion says so",
  ],
  [
    /SSL_NO_APPLICATION_PROTOCOL/,
    "the peer does not offer h2 by ALPN, which gRPC needs: it is no gRPC client, or a proxy in between speaks HTTP/1.1",
  ],
  [
    /PEER_DID_NOT_RETURN_A_CERTIFICATE/,
    'the peer has shown no certificate, and tls.clientCertificate is "require": the client has to be given one',
  ],
  [
    /NO_SHARED_CIPHER/,
    "the peer has no cipher suite in common with this server, which needs ECDHE with AES-GCM or ChaCha20",
  ],
  [/_ALERT_/, "the peer refuses this server's certificate or its offer; the client's own error says why"],
  [
    /ECONNRESET|EPIPE/,
    "the peer left in the middle of the TLS handshake; a client that does not trust this server's certificate does so, and its error says why",
  ],
];

function explainRefusal(code: string): string {
  if (code === "CERT_HAS_EXPIRED") return `the client's certificate has expired (${code}); the client needs a new one`;
  const advice = "if it should be accepted, the authority that signed it belongs into tls.clientCa";
  return `the client's certificate was refused (${code}); ${advice}`;
}
