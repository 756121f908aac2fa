/** Addresses as users write them: `host:port`, `[ipv6]:port`, `:port`, `unix:path`. */

export interface TcpAddress {
  readonly kind: "tcp";
  /** Empty for every interface. */
  readonly host: string;
  readonly port: number;
}

export interface UnixAddress {
  readonly kind: "unix";
  /** As it was given; a relative one starts at the working directory. */
  readonly path: string;
}

export type Address = TcpAddress | UnixAddress;

const MAX_PORT = 65_535;

/**
 * Reads an address: `host:port`, `[ipv6]:port`, `:port` (every interface), `unix:relative/path`, `unix:/absolute/path` or
 * `unix:///absolute/path`. Throws a `TypeError` that says what is wrong with it.
 */
export function parseAddress(text: string): Address {
  return parseUnixAddress(text) ?? parseTcpAddress(text);
}

/**
 * Reads the address of a Unix socket; `undefined` when the text is of another kind. `unix:50051` is a host and a port.
 * Source: https://github.com/grpc/grpc/blob/master/doc/naming.md
 */
export function parseUnixAddress(text: string): UnixAddress | undefined {
  const rest = /^unix:(?![0-9]+$)(.*)$/s.exec(text)?.[1];
  if (rest === undefined) return undefined;
  if (rest.startsWith("//") && !rest.startsWith("///")) {
    throw new TypeError(
      `the address ${JSON.stringify(text)} names a host; a Unix socket has none: unix:///absolute/path`,
    );
  }
  const path = rest.startsWith("///") ? rest.slice(2) : rest;
  if (path === "" || path.includes("\0")) {
    throw new TypeError(`the address ${JSON.stringify(text)} names no file: unix:path or unix:///absolute/path`);
  }
  return { kind: "unix", path };
}

/** Reads `host:port`, `[ipv6]:port` or `:port`. */
export function parseTcpAddress(text: string): TcpAddress {
  const match = /^(?:\[([0-9A-Fa-f:.]+(?:%[^\]/]+)?)\]|([^:[\]/]*)):([0-9]{1,5})$/.exec(text);
  if (match === null) {
    throw new TypeError(`the address ${JSON.stringify(text)} is not of the form host:port or [ipv6]:port`);
  }
  const port = Number(match[3]);
  if (port > MAX_PORT) {
    throw new TypeError(`the address ${JSON.stringify(text)} has the port ${port}; the highest is ${MAX_PORT}`);
  }
  return { kind: "tcp", host: match[1] ?? match[2] ?? "", port };
}

/** The opposite of {@link parseAddress}. */
export function formatAddress(address: Address): string {
  return address.kind === "unix" ? `unix:${address.path}` : formatHostPort(address.host, address.port);
}

/** The opposite of {@link parseTcpAddress}. */
export function formatHostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
