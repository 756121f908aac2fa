/** The TLS of a channel: its options, read and checked, and the handshake on a connection. */
import { X509Certificate } from "node:crypto";
import { isIP, type Socket as NetSocket } from "node:net";
import {
  checkServerIdentity,
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
  connect as tlsConnect,
} from "node:tls";
import type { ChannelTlsOptions } from "../core/tls.js";
import type { ClientTls } from "../transport/platform.js";
import {
  type ClientHandshake,
  explainEarlyClose,
  explainHandshakeFailure,
  explainTlsError,
  NO_ALPN,
} from "./client-tls-failure.js";
import { NodeSocket } from "./node-socket.js";
import { peerTlsOf } from "./peer-tls.js";
import { filesOf, listOf, readAuthorities, readCertificates, readPrivateKey } from "./pem.js";
import { reportReloadError } from "./report-reload-error.js";
import { ALPN_HTTP2, checkedMinVersion, contextPolicy } from "./tls-policy.js";

/** How a handshake ends. At most one of the two is called. */
export interface SecureHandler {
  onConnected(socket: NodeSocket): void;
  onFailed(error: Error): void;
}

type ContextOptions = Readonly<NonNullable<Parameters<typeof createSecureContext>[0]>>;

export class NodeClientTls implements ClientTls, ClientHandshake {
  readonly serverName: string;
  readonly hasCertificate: boolean;
  readonly hasOwnRoots: boolean;
  readonly #options: ChannelTlsOptions;
  readonly #hasFiles: boolean;
  #contextOptions: ContextOptions;
  #context: SecureContext;

  /** Throws an `Error` that names what cannot be used. */
  constructor(options: ChannelTlsOptions, host: string) {
    this.serverName = options.serverName ?? host;
    this.hasCertificate = options.certificate !== undefined;
    this.hasOwnRoots = options.ca !== undefined;
    this.#options = options;
    this.#hasFiles = filesOf([...listOf(options.ca), options.certificate, options.privateKey]).length > 0;
    this.#contextOptions = readContextOptions(options);
    this.#context = createSecureContext(this.#contextOptions);
  }

  /** As the platform that made it gets it back. */
  static of(tls: ClientTls): NodeClientTls {
    if (tls instanceof NodeClientTls) return tls;
    throw new TypeError("the TLS of this channel was made by another platform");
  }

  /** Does the handshake on a connection. Destroying the connection gives it up. */
  secure(connection: NetSocket, peerAddress: string, handler: SecureHandler): void {
    const name = this.serverName;
    const socket = tlsConnect({
      socket: connection,
      secureContext: this.#freshContext(),
      ALPNProtocols: [ALPN_HTTP2],
      // Whatever the environment says.
      rejectUnauthorized: true,
      // A name is sent to the server, an address is not. RFC 6066 section 3.
      servername: isIP(name) === 0 ? name : "",
      checkServerIdentity: (_, certificate) => identityFault(name, certificate),
    });
    socket.on("error", (error) => handler.onFailed(explainHandshakeFailure(error, this)));
    socket.once("secureConnect", () => {
      let secured: NodeSocket;
      try {
        secured = this.#useSecured(socket, peerAddress);
      } catch (error) {
        socket.destroy();
        handler.onFailed(error as Error);
        return;
      }
      handler.onConnected(secured);
    });
  }

  /** The server is who it should be. Throws when it does not speak HTTP/2. */
  #useSecured(socket: TLSSocket, peerAddress: string): NodeSocket {
    if (socket.alpnProtocol !== ALPN_HTTP2) throw new Error(NO_ALPN);
    const explainClose = (error: Error | undefined): Error | undefined =>
      socket.bytesRead === 0 ? explainEarlyClose(error, this) : error && explainTlsError(error, this);
    // Connecting has a time limit of its own, which includes TLS.
    return new NodeSocket(socket, peerAddress, { tls: peerTlsOf(socket), handshakeMs: 0, explainClose });
  }

  /** Files are read for each connection: there are few, and so nothing has to be watched. */
  #freshContext(): SecureContext {
    if (!this.#hasFiles) return this.#context;
    try {
      const options = readContextOptions(this.#options);
      if (JSON.stringify(options) !== JSON.stringify(this.#contextOptions)) {
        this.#context = createSecureContext(options);
        this.#contextOptions = options;
      }
    } catch (cause) {
      reportReloadError(cause, this.#options.onReloadError);
    }
    return this.#context;
  }
}

/** Why a certificate is not for this name. */
function identityFault(name: string, certificate: PeerCertificate): Error | undefined {
  const fault = checkServerIdentity(name, certificate);
  if (fault === undefined || isIP(name) === 0) return fault;
  // Some versions of Node.js 22 do not recognise IPv6 addresses in certificates.
  return new X509Certificate(certificate.raw).checkIP(name) === undefined ? fault : undefined;
}

function readContextOptions(options: ChannelTlsOptions): ContextOptions {
  const { certificate, privateKey, passphrase, serverName } = options;
  if (serverName !== undefined && !/^[^\s/:]+$/.test(serverName) && isIP(serverName) === 0) {
    throw new TypeError(
      `tls.serverName is ${JSON.stringify(serverName)}; it has to be the name of a host, without a port`,
    );
  }
  const ca = readAuthorities(options.ca, "tls.ca");
  const common = {
    ...(ca === undefined ? {} : { ca }),
    ...contextPolicy(checkedMinVersion(options.minVersion)),
  };
  if (certificate === undefined && privateKey === undefined) return common;
  if (certificate === undefined || privateKey === undefined) {
    const [there, missing] = certificate === undefined ? ["privateKey", "certificate"] : ["certificate", "privateKey"];
    throw new TypeError(`tls.${there} is set, but tls.${missing} is not: a client shows both or none`);
  }
  const cert = readCertificates(certificate, "tls.certificate");
  const key = readPrivateKey(privateKey, "tls.privateKey", passphrase, cert);
  return { ...common, cert, key, ...(passphrase === undefined ? {} : { passphrase }) };
}
