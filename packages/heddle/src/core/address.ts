/** Addresses as users write them: `host:port`, `[ipv6]:port`, `:port`. */

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

const MAX_PORT = 65_535;

/** Reads an address. Throws a `TypeError` that says what is wrong with it. An empty host (`:50051`) means every interface. */
export function parseAddress(text: string): HostPort {
  const match = /^(?:\[([0-9A-Fa-f:.]+(?:%[^\]/]+)?)\]|([^:[\]/]*)):([0-9]{1,5})$/.exec(text);
  if (match === null) {
    throw new TypeError(`the address ${JSON.stringify(text)} is not of the form host:port or [ipv6]:port`);
  }
  const port = Number(match[3]);
  if (port > MAX_PORT) {
    throw new TypeError(`the address ${JSON.stringify(text)} has the port ${port}; the highest is ${MAX_PORT}`);
  }
  return { host: match[1] ?? match[2] ?? "", port };
}

/** The opposite of {@link parseAddress}. */
export function formatAddress(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
