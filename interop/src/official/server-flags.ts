/** The command line of the interop server. */
import { parseArgs } from "node:util";
import { booleanFlag, integerFlag } from "./flags.js";

/** gRPC defines `port` and `use_tls`; the names of the certificate's flags are those of grpc-go's server. */
const options = {
  port: { type: "string", default: "0" },
  use_tls: { type: "string", default: "false" },
  tls_cert_file: { type: "string", default: "" },
  tls_key_file: { type: "string", default: "" },
  trust_file: { type: "string", default: "" },
} as const;

/** Files in PEM. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface ServerFlags {
  /** 0 takes a free one. */
  readonly port: number;
  /** `undefined` for plaintext. */
  readonly tls: CertificateFiles | undefined;
  /** Whose tokens are believed; `undefined` when nobody is authenticated. */
  readonly trustFile: string | undefined;
}

/** Throws a `TypeError` that says which flag is wrong. */
export function parseServerFlags(args: string[]): ServerFlags {
  const { values } = parseArgs({ args, options });
  const useTls = booleanFlag("use_tls", values.use_tls);
  if (useTls && (values.tls_cert_file === "" || values.tls_key_file === "")) {
    throw new TypeError("--use_tls=true wants --tls_cert_file and --tls_key_file");
  }
  return {
    port: integerFlag("port", values.port, 0),
    tls: useTls ? { certificate: values.tls_cert_file, privateKey: values.tls_key_file } : undefined,
    trustFile: values.trust_file || undefined,
  };
}
