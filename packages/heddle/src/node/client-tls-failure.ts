/** What an error of a TLS handshake means to whoever runs the client. The codes are those of OpenSSL, and of Node.js. */

/** What has to be known of a handshake to explain its failure. */
export interface ClientHandshake {
  /** The name that the server's certificate has to be for. */
  readonly serverName: string;
  /** Whether the channel has a certificate to show. */
  readonly hasCertificate: boolean;
  /** Whether the channel trusts other authorities than Node.js does. */
  readonly hasOwnRoots: boolean;
}

export const NO_ALPN =
  "the server chose no protocol by ALPN, and gRPC needs h2: this port is no gRPC server, or a proxy in front of it leaves ALPN out";

/** An error of the handshake, with what it means and what to try; the original one is its `cause`. */
export function explainHandshakeFailure(error: NodeJS.ErrnoException, handshake: ClientHandshake): Error {
  if (error.code !== "ECONNRESET") return explainTlsError(error, handshake);
  const certificate = handshake.hasCertificate
    ? "does not accept the certificate of this channel"
    : "wants a certificate of its clients";
  const message = `the server closed the connection in the TLS handshake (${codeOf(error)}): it does not speak TLS on this port, or ${certificate}`;
  return new Error(message, { cause: error });
}

/** An error of TLS at any time; one that has nothing to do with TLS stays as it is. */
export function explainTlsError(error: SslError, handshake: ClientHandshake): Error {
  const code = error.code ?? "";
  const found = CAUSES.find(([pattern]) => pattern.test(code));
  if (found !== undefined) return new Error(found[1](error, handshake), { cause: error });
  return code.startsWith("ERR_SSL_")
    ? new Error(`TLS failed: ${error.reason ?? error.message} (${code})`, { cause: error })
    : error;
}

/** The connection was closed after the handshake, before the server has sent anything. In TLS 1.3 it sees our certificate only then. */
export function explainEarlyClose(error: NodeJS.ErrnoException | undefined, handshake: ClientHandshake): Error {
  if (error !== undefined && error.code !== "ECONNRESET" && error.code !== "EPIPE") {
    return explainTlsError(error, handshake);
  }
  const hint = handshake.hasCertificate
    ? "it may not accept the certificate of this channel; its log says why"
    : "if it wants a certificate from its clients, set tls.certificate and tls.privateKey";
  return new Error(`the server closed it right after the TLS handshake; ${hint}`, { cause: error });
}

type SslError = NodeJS.ErrnoException & {
  readonly reason?: string;
  readonly cert?: { readonly subjectaltname?: string };
};

const CAUSES: readonly (readonly [RegExp, (error: SslError, handshake: ClientHandshake) => string])[] = [
  [
    /^CERT_HAS_EXPIRED$|^CERT_NOT_YET_VALID$/,
    ({ code }) => {
      const what = code === "CERT_HAS_EXPIRED" ? "has expired" : "is not valid yet";
      return `the server's certificate ${what} (${code}; here it is ${new Date().toISOString()}): renew it there, or set the clock right here`;
    },
  ],
  [
    /^UNABLE_TO_|^SELF_SIGNED_CERT_IN_CHAIN$|^DEPTH_ZERO_SELF_SIGNED_CERT$|^CERT_UNTRUSTED$/,
    ({ code }, { hasOwnRoots }) => {
      const advice = hasOwnRoots ? "add its certificate to tls.ca" : "give its certificate as tls.ca";
      return `the server's certificate comes from an authority that is not trusted here (${code}): ${advice}, or have the server send those in between`;
    },
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    ({ code, cert }, { serverName }) =>
      `the server's certificate is not for ${serverName}, but for ${cert?.subjectaltname ?? "no name"} (${code}): use such a name in the target, or set tls.serverName`,
  ],
  [
    /WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH_TOO_LONG|BAD_RECORD_TYPE|UNEXPECTED_MESSAGE$/,
    (error) =>
      `the server does not speak TLS on this port (${codeOf(error)}): leave out the option tls, or take its port with TLS`,
  ],
  [
    /UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|VERSION_TOO_LOW/,
    (error) =>
      `the server and this channel have no version of TLS in common (${codeOf(error)}): the server has to speak TLS 1.2 or later, and what tls.minVersion asks for`,
  ],
  [
    /ALERT_NO_APPLICATION_PROTOCOL/,
    (error) =>
      `the server does not speak h2 (${codeOf(error)}): this port is no gRPC server, or a proxy in front of it only speaks HTTP/1.1`,
  ],
  [
    /ALERT_CERTIFICATE_REQUIRED/,
    (error) =>
      `the server wants a certificate of its clients (${codeOf(error)}): set tls.certificate and tls.privateKey`,
  ],
  [
    /ALERT_HANDSHAKE_FAILURE/,
    (error, { hasCertificate }) => {
      const wanted = hasCertificate ? "" : ", or it wants a certificate: set tls.certificate and tls.privateKey";
      return `the server refused the TLS handshake (${codeOf(error)}): it has no cipher suite in common with this channel${wanted}`;
    },
  ],
  [
    /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED|DECRYPT_ERROR)/,
    (error, { hasCertificate }) =>
      `the server does not accept ${hasCertificate ? "the certificate of this channel" : "a client without a certificate"} (${codeOf(error)}); its log says why`,
  ],
];

/** The code, by which more can be found; the library's own message has many lines. */
function codeOf(error: SslError): string {
  return error.code ?? error.message;
}
