/** Addresses as users write them: `host:port`, `[ipv6]:port`, `:port`. */

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Reads an address. Throws a `TypeError` that says what is wrong with it. An empty host (`:50051`) means every interface. */
export function parseAddress(text: string): HostPort {
  const match = /^(?:\[([0-9A-Fa-f:.%]+)\]|([^:[\]/]*)):([0-9]{1,5})$/.exec(text);
  const port = match === null ? Number.NaN : Number(match[3]);
  if (match === null || port > 65_535) {
    throw new TypeError(`the address ${JSON.stringify(text)} is not of the form host:port or [ipv6]:port`);
  }
  return { host: match[1] ?? match[2] ?? "", port };
}

/** The opposite of {@link parseAddress}. */
export function formatAddress(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
