/** The TLS of servers: their options, read and checked, and read again when the files change or the user says so. */
import { createSecureContext, type TlsOptions } from "node:tls";
import type { Clock } from "../core/clock.js";
import type { ServerTls, ServerTlsOptions } from "../core/tls.js";
import { FileWatch } from "./file-watch.js";
import { filesOf, listOf, readAuthorities, readCertificates, readPrivateKey } from "./pem.js";
import { reportReloadError } from "./report-reload-error.js";
import { ALPN_HTTP2, checkedMinVersion, contextPolicy } from "./tls-policy.js";

/** Options for `node:tls`, whose files have been read. Options of the same content are the same object. */
export type ServerTlsSetup = Readonly<TlsOptions>;

export class NodeServerTls implements ServerTls {
  #options: ServerTlsOptions;
  #setup: ServerTlsSetup;
  /** Ports that are open with it. */
  #users = 0;
  #clock: Clock | undefined = undefined;
  #watch: FileWatch | undefined = undefined;

  /** Throws an `Error` that names what cannot be used. */
  constructor(options: ServerTlsOptions) {
    this.#options = options;
    this.#setup = readSetup(options);
  }

  /** That of `createServerTls` as it is, or one made of options. */
  static from(tls: ServerTlsOptions | ServerTls): NodeServerTls {
    if (tls instanceof NodeServerTls) return tls;
    if ("reload" in tls) throw new TypeError("tls was not made by createServerTls of this copy of heddle");
    return new NodeServerTls(tls);
  }

  get setup(): ServerTlsSetup {
    return this.#setup;
  }

  reload(options: ServerTlsOptions = this.#options): void {
    this.#take(readSetup(options));
    this.#options = options;
    this.#stopWatching();
    this.#startWatching();
  }

  /** A port is open with it: its files are watched until the last of these ports is closed, which the result tells. */
  use(clock: Clock): () => void {
    this.#clock ??= clock;
    this.#users += 1;
    this.#startWatching();
    return () => {
      this.#users -= 1;
      if (this.#users === 0) this.#stopWatching();
    };
  }

  #startWatching(): void {
    const { certificate, privateKey, clientCa, watch } = this.#options;
    const files = filesOf([certificate, privateKey, ...listOf(clientCa)]);
    if (this.#clock === undefined || this.#users === 0 || this.#watch !== undefined) return;
    if (watch !== false && files.length > 0) this.#watch = new FileWatch(this.#clock, files, () => this.#onChange());
  }

  #stopWatching(): void {
    this.#watch?.close();
    this.#watch = undefined;
  }

  #onChange(): void {
    try {
      this.#take(readSetup(this.#options));
    } catch (cause) {
      reportReloadError(cause, this.#options.onReloadError);
    }
  }

  /** The same content stays the same object, so that nobody starts anew for nothing. */
  #take(setup: ServerTlsSetup): void {
    if (JSON.stringify(setup) !== JSON.stringify(this.#setup)) this.#setup = setup;
  }
}

function readSetup(options: ServerTlsOptions): ServerTlsSetup {
  const { passphrase } = options;
  const ca = readAuthorities(options.clientCa, "tls.clientCa");
  const mode = options.clientCertificate ?? (ca === undefined ? "ignore" : "require");
  if (mode !== "ignore" && mode !== "request" && mode !== "require") {
    throw new TypeError(`tls.clientCertificate is ${JSON.stringify(mode)}; it can be "ignore", "request" or "require"`);
  }
  if (mode !== "ignore" && ca === undefined) {
    throw new TypeError(
      `tls.clientCertificate is "${mode}", so tls.clientCa has to say whose certificates are accepted`,
    );
  }
  const cert = readCertificates(options.certificate, "tls.certificate");
  const key = readPrivateKey(options.privateKey, "tls.privateKey", passphrase, cert);
  const setup: ServerTlsSetup = {
    cert,
    key,
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(ca === undefined ? {} : { ca }),
    requestCert: mode !== "ignore",
    rejectUnauthorized: mode === "require",
    ALPNProtocols: [ALPN_HTTP2],
    ...contextPolicy(checkedMinVersion(options.minVersion)),
  };
  // What only the library finds out, such as keys that are too short, shows here.
  createSecureContext(setup);
  return setup;
}
