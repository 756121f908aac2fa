/**
 * TLS as users describe it, for servers and for channels, and what they learn of the other side's. The work is done by the
 * platform (`node/`). Both sides speak TLS 1.2 or later, and HTTP/2 by ALPN, as RFC 9113 section 9.2 asks.
 */

/** PEM text, or the name of a file that holds it. A file is read again when it may have changed. */
export type Pem = string | Uint8Array | { readonly file: string };

/** The lowest version of TLS that is spoken. */
export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** TLS of a server. */
export interface ServerTlsOptions {
  /** The server's certificate, followed by those of intermediate authorities, if there are any. */
  readonly certificate: Pem;
  /** The private key of the certificate. */
  readonly privateKey: Pem;
  /** For a private key that is encrypted. */
  readonly passphrase?: string | undefined;
  /** The authorities whose client certificates are accepted. */
  readonly clientCa?: Pem | readonly Pem[] | undefined;
  /**
   * Whether clients show a certificate. `require`: connections without one of `clientCa` are refused. `request`: they are
   * accepted, and a handler finds in `call.peer.tls.certificate` whether there was one. Default `require` when `clientCa` is set,
   * else `ignore`.
   */
  readonly clientCertificate?: "ignore" | "request" | "require" | undefined;
  /** Default `TLSv1.2`. */
  readonly minVersion?: TlsVersion | undefined;
  /**
   * Whether files that are given by name are looked at every five seconds while a server listens, and read again when they have
   * changed and then stood still for one look. Default true.
   */
  readonly watch?: boolean | undefined;
  /** Told why files that have changed could not be used; what was used before stays in use. By default it is written to the console. */
  readonly onReloadError?: ((error: Error) => void) | undefined;
}

/** The TLS of one or several servers, which can be given a new certificate while they run. */
export interface ServerTls {
  /**
   * Reads the files again, or takes new options in place of the old ones. Connections that are open go on as they are; new ones
   * get the new certificate, and cannot resume the sessions of old ones. Throws when the new certificate cannot be used, and then the old one stays in use.
   */
  reload(options?: ServerTlsOptions): void;
}

/** TLS of a channel. */
export interface ChannelTlsOptions {
  /** The authorities that may vouch for the server. By default those that Node.js trusts: Mozilla's, and `NODE_EXTRA_CA_CERTS`. */
  readonly ca?: Pem | readonly Pem[] | undefined;
  /** The certificate that is shown to a server that asks for one. Files are read again for each new connection. */
  readonly certificate?: Pem | undefined;
  /** The private key of the certificate. */
  readonly privateKey?: Pem | undefined;
  /** For a private key that is encrypted. */
  readonly passphrase?: string | undefined;
  /**
   * The name that the server's certificate has to be for, in place of the target's host. It is sent to the server (SNI), and is the
   * calls' `:authority` unless that is set.
   */
  readonly serverName?: string | undefined;
  /** Default `TLSv1.2`. */
  readonly minVersion?: TlsVersion | undefined;
  /** Told why files that have changed could not be used; what was used before stays in use. By default it is written to the console. */
  readonly onReloadError?: ((error: Error) => void) | undefined;
}

/** What TLS says of the other side of a connection. */
export interface PeerTls {
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly protocol: string;
  /** The cipher suite by its standard name: `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string;
  /** The peer's certificate, only when it was verified: it comes from an authority that was given, and is valid now. */
  readonly certificate?: PeerCertificateInfo | undefined;
}

/** A certificate that was verified. */
export interface PeerCertificateInfo {
  /** The name of its owner in full: `O=Example\, Inc., CN=client`; empty when it only has alternative names. */
  readonly subject: string;
  /** The `CN` of the subject; `undefined` when there is none, or more than one. */
  readonly commonName?: string | undefined;
  /** Each with its kind: `DNS:client.example`, `URI:spiffe://example/client`, `IP Address:10.0.0.1`. */
  readonly subjectAltNames: readonly string[];
  /** SHA-256 of the certificate: `AB:CD:…`. */
  readonly fingerprint256: string;
  /** The certificate, DER. */
  readonly raw: Uint8Array;
}
