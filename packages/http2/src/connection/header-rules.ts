/**
 * Which header lists are well formed. A list that is not is a stream error of type PROTOCOL_ERROR.
 * RFC 9113 sections 8.1.1, 8.2 and 8.3.
 */
import type { HeaderList, OversizedHeaderList } from "../hpack/header-list.js";
import type { Limits } from "./options.js";

const REQUEST_PSEUDO = new Set([":method", ":scheme", ":path", ":authority"]);
const RESPONSE_PSEUDO = new Set([":status"]);
const NO_PSEUDO = new Set<string>();
const CONNECTION_SPECIFIC = new Set(["connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade"]);

/** Lower-case tokens of RFC 9110 section 5.6.2. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** No NUL, CR or LF anywhere, no space or tab at the ends. RFC 9113 section 8.2.1. */
const BAD_VALUE = /[\0\r\n]|^[ \t]|[ \t]$/;

const CONTENT_LENGTH = /^[0-9]{1,15}$/;

/** What to say of a header list that was over the limit. */
export function oversizeReason(streamId: number, headers: OversizedHeaderList, limits: Limits): string {
  return (
    `the header list of stream ${streamId} has ${headers.size} octets in ${headers.count} fields; ` +
    `the limit is ${limits.maxHeaderListBytes} (SETTINGS_MAX_HEADER_LIST_SIZE), in at most ${limits.maxHeaderFields} fields`
  );
}

/** Bits of `HeaderList.validAs`: a list that comes from the cache of decoded blocks is checked once. */
const VALID_REQUEST = 1;
const VALID_RESPONSE = 2;
const VALID_TRAILERS = 4;

/** What is wrong with a request's header list, or `undefined`. */
export function requestFault(headers: HeaderList): string | undefined {
  if ((headers.validAs & VALID_REQUEST) !== 0) return undefined;
  const fault = findRequestFault(headers);
  if (fault === undefined) headers.validAs |= VALID_REQUEST;
  return fault;
}

function findRequestFault(headers: HeaderList): string | undefined {
  const fault = fieldFault(headers, REQUEST_PSEUDO);
  if (fault !== undefined) return fault;
  const lengthFault = readContentLength(headers);
  if (lengthFault !== undefined) return lengthFault;
  const method = headers.get(":method");
  if (!method) return "the request has no :method";
  if (method === "CONNECT") return findConnectFault(headers);
  if (!headers.get(":scheme")) return "the request has no :scheme";
  if (!headers.get(":path")) return "the request has no :path";
  const host = headers.get("host");
  const authority = headers.get(":authority");
  if (host === undefined || authority === undefined || host === authority) return undefined;
  const scheme = headers.get(":scheme") as string;
  if (entityOf(host, scheme) === entityOf(authority, scheme)) return undefined;
  return `the request is for ${JSON.stringify(authority)} (:authority) and for ${JSON.stringify(host)} (host)`;
}

/** A host and port in the one form in which they can be compared. RFC 9110 section 4.2.3. */
function entityOf(authority: string, scheme: string): string {
  const defaultPort = scheme.toLowerCase() === "https" ? ":443" : ":80";
  const text = authority.toLowerCase();
  return text.endsWith(defaultPort) ? text.slice(0, -defaultPort.length) : text;
}

/** RFC 9113 section 8.5. */
function findConnectFault(headers: HeaderList): string | undefined {
  if (headers.has(":scheme") || headers.has(":path")) return "a CONNECT request has :scheme or :path";
  return headers.has(":authority") ? undefined : "a CONNECT request has no :authority";
}

/** What is wrong with a response's header list, or `undefined`. */
export function responseFault(headers: HeaderList): string | undefined {
  if ((headers.validAs & VALID_RESPONSE) !== 0) return undefined;
  const fault = findResponseFault(headers);
  if (fault === undefined) headers.validAs |= VALID_RESPONSE;
  return fault;
}

function findResponseFault(headers: HeaderList): string | undefined {
  const fault = fieldFault(headers, RESPONSE_PSEUDO);
  if (fault !== undefined) return fault;
  const status = headers.get(":status");
  if (status === undefined) return "the response has no :status";
  if (!/^[1-9][0-9]{2}$/.test(status)) return `the response's :status is ${JSON.stringify(status)}`;
  // These have no body, and may say how long it would have been. (So may the answer to HEAD, which gRPC never asks for.)
  return status === "204" || status === "304" ? undefined : readContentLength(headers);
}

/** Keeps the body's announced length with the list. RFC 9110 section 8.6; equal repetitions are allowed there. */
function readContentLength(headers: HeaderList): string | undefined {
  const fields = headers.fields;
  let length: string | undefined;
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i] !== "content-length") continue;
    const value = fields[i + 1] as string;
    if (!CONTENT_LENGTH.test(value)) return `the content-length is ${JSON.stringify(value)}`;
    if (length !== undefined && value !== length) return `there are two content-lengths, ${length} and ${value}`;
    length = value;
  }
  if (length !== undefined) headers.contentLength = Number(length);
  return undefined;
}

/** What is wrong with a list of trailers, or `undefined`. */
export function trailersFault(headers: HeaderList): string | undefined {
  if ((headers.validAs & VALID_TRAILERS) !== 0) return undefined;
  const fault = fieldFault(headers, NO_PSEUDO);
  if (fault === undefined) headers.validAs |= VALID_TRAILERS;
  return fault;
}

function fieldFault(headers: HeaderList, pseudo: ReadonlySet<string>): string | undefined {
  const fields = headers.fields;
  let regular = false;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string;
    const value = fields[i + 1] as string;
    if (name.charCodeAt(0) === 0x3a) {
      if (regular) return `the pseudo-header ${name} comes after a regular field`;
      if (!pseudo.has(name)) return `the pseudo-header ${JSON.stringify(name)} is not allowed here`;
      if (occursBefore(fields, name, i)) return `the pseudo-header ${name} occurs twice`;
    } else {
      regular = true;
      if (!NAME.test(name)) return `the field name ${JSON.stringify(name)} is not a lower-case token`;
      if (CONNECTION_SPECIFIC.has(name)) return `the field ${name} belongs to HTTP/1.1`;
      if (name === "te" && value !== "trailers")
        return `the field te is ${JSON.stringify(value)}; only "trailers" is allowed`;
    }
    if (BAD_VALUE.test(value)) return `the value of ${name} has a NUL, CR or LF, or begins or ends with white space`;
  }
  return undefined;
}

function occursBefore(fields: readonly string[], name: string, end: number): boolean {
  for (let i = 0; i < end; i += 2) if (fields[i] === name) return true;
  return false;
}
