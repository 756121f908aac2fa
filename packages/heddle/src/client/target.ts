/** The target of a channel: `host:port`, `dns:///host:port` or `unix:path`. Other schemes are refused by name. */
import { type Address, parseTcpAddress, parseUnixAddress } from "../core/address.js";

/** The port of a target that names none. Source: https://github.com/grpc/grpc/blob/master/doc/naming.md */
const DEFAULT_PORT = 443;

/** Schemes that other gRPCs know, and that stand without slashes too. `xds:50051` is a host and a port all the same. */
const FOREIGN_SCHEMES: ReadonlySet<string> = new Set(["unix-abstract", "vsock", "ipv4", "ipv6", "xds"]);

export interface Target {
  readonly address: Address;
  /** What the calls' `:authority` says. */
  readonly authority: string;
  /** The name that a server's certificate has to be for. */
  readonly host: string;
}

/** Throws a `TypeError` that says what is wrong with the target. */
export function parseTarget(target: string): Target {
  const unix = parseUnixAddress(target);
  if (unix !== undefined) return { address: unix, authority: "localhost", host: "localhost" };
  const match = /^([a-z][a-z0-9+.-]*):(?:\/\/\/|(?![0-9]+$))(.*)$/.exec(target);
  const scheme = match?.[1];
  if (scheme !== undefined && scheme !== "dns" && (target.includes("://") || FOREIGN_SCHEMES.has(scheme))) {
    throw new TypeError(
      `the target ${JSON.stringify(target)} has the scheme ${scheme}; only dns and unix are supported`,
    );
  }
  const endpoint = scheme === "dns" ? (match?.[2] as string) : target;
  const withPort = /:[0-9]+$/.test(endpoint) ? endpoint : `${endpoint}:${DEFAULT_PORT}`;
  const address = parseTcpAddress(withPort);
  if (address.host === "") throw new TypeError(`the target ${JSON.stringify(target)} names no host`);
  return { address, authority: endpoint, host: address.host };
}
