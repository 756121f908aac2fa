/** The flags of the interop programs as options of heddle. */
import { type Channel, type ChannelOptions, createChannel, type ListeningAddress, type Server } from "heddle";
import type { TargetFlags } from "./client-flags.js";
import { observedCompression } from "./compression.js";
import type { CertificateFiles } from "./server-flags.js";

/** Opens a channel to the server that the flags name. */
export function openChannel(target: TargetFlags, options: ChannelOptions = {}): Channel {
  const { host, port, hostOverride, tls } = target;
  const address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  const common = { ...options, compression: observedCompression };
  if (tls === undefined) return createChannel(address, { ...common, authority: hostOverride });
  const ca = tls.caFile === undefined ? undefined : { file: tls.caFile };
  return createChannel(address, { ...common, tls: { ca, serverName: hostOverride } });
}

/** Accepts connections: in plaintext, unless there is a certificate. */
export function listen(server: Server, address: string, tls: CertificateFiles | undefined): Promise<ListeningAddress> {
  if (tls === undefined) return server.listen(address);
  const { certificate, privateKey } = tls;
  return server.listen(address, {
    tls: { certificate: { file: certificate }, privateKey: { file: privateKey } },
  });
}
