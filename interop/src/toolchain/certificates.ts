/**
 * Makes the certificates of the interop tests: an authority that only these tests trust, and a server's certificate from it.
 *
 * They take the place of gRPC's public test certificates, with the same name of the server.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fingerprintOf, makeUnlessStamped } from "./fingerprint.js";
import { inCache } from "./layout.js";
import { isOnPath, Steps } from "./steps.js";

/** Files in PEM. */
export interface Certificates {
  readonly authority: string;
  readonly certificate: string;
  readonly privateKey: string;
}

const DAYS = "3650";

const CONFIGURATION = `
[req]
prompt = no
distinguished_name = name
[name]
CN = named on the command line
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:*.test.google.fr, DNS:*.test.heddle, DNS:localhost, IP:127.0.0.1, IP:::1
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`;

const folder = inCache("certificates");

const certificates: Certificates = {
  authority: `${folder}/ca.pem`,
  certificate: `${folder}/server.pem`,
  privateKey: `${folder}/server.key`,
};

/** Makes them once, with `openssl`; gives the reason when it is not there. */
export async function prepareCertificates(): Promise<Certificates | { readonly missing: string }> {
  if (!isOnPath("openssl")) return { missing: "openssl not found on PATH" };
  const steps = new Steps("certificates");
  await makeUnlessStamped(`${folder}/stamp`, fingerprintOf([], `${CONFIGURATION}${DAYS}`), async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const configuration = `${folder}/openssl.cnf`;
    writeFileSync(configuration, CONFIGURATION);
    const openssl = (what: string, ...args: string[]) => steps.run(what, "openssl", args, { cwd: folder });
    for (const name of ["ca", "server"]) {
      await openssl(
        `making the key of ${name}.pem`,
        "ecparam",
        "-name",
        "prime256v1",
        "-genkey",
        "-noout",
        "-out",
        `${name}.key`,
      );
    }
    const request = ["req", "-new", "-sha256", "-config", configuration];
    const validity = ["-days", DAYS];
    const authority = ["-x509", "-extensions", "authority", "-subj", "/CN=heddle interop tests"];
    const ca = ["-key", "ca.key", "-out", "ca.pem"];
    await openssl("making the certificate of the authority", ...request, ...authority, ...ca, ...validity);
    const server = ["-subj", "/CN=*.test.google.fr", "-key", "server.key", "-out", "server.csr"];
    await openssl("asking for the server's certificate", ...request, ...server);
    const signed = ["-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "server.pem"];
    const extensions = ["-sha256", "-extfile", configuration, "-extensions", "server"];
    await openssl("signing it", "x509", "-req", ...signed, ...extensions, ...validity);
  });
  return certificates;
}
