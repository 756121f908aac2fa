/**
 * Which keys and values an application may put into metadata, and what it is told when it may not.
 *
 * Only for what this process sends: nothing here judges what a peer has sent.
 * Sources: "Custom-Metadata" in https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md;
 * RFC 9113, section 8.2.2 (connection-specific fields).
 */

const keyGrammar = /^[0-9a-z_.-]+$/;
const outsideOfValueGrammar = /[^\x20-\x7e]/;

/** Fields that say something about the call or its connection, and who says it instead. */
const refusedKeys: ReadonlyMap<string, string> = new Map([
  ["connection", "it belongs to one HTTP/1 connection, and HTTP/2 forbids it"],
  ["keep-alive", "it belongs to one HTTP/1 connection, and HTTP/2 forbids it"],
  ["proxy-connection", "it belongs to one HTTP/1 connection, and HTTP/2 forbids it"],
  ["transfer-encoding", "it belongs to one HTTP/1 connection, and HTTP/2 forbids it"],
  ["upgrade", "it belongs to one HTTP/1 connection, and HTTP/2 forbids it"],
  ["te", "gRPC sets it"],
  ["content-type", "gRPC sets it"],
  ["content-length", "HTTP/2 frames tell the length"],
  ["host", "the channel's target sets it, as :authority"],
  ["user-agent", "the channel sets it"],
]);

/** The `grpc-` keys that are made for applications to send. */
const sendableGrpcKeys: ReadonlySet<string> = new Set([
  "grpc-retry-pushback-ms", // gRFC A6: a server tells its client when to retry
  "grpc-tags-bin", // OpenCensus: tags
  "grpc-trace-bin", // OpenCensus and OpenTelemetry: trace context
]);

/** Of the `grpc-` keys in what a peer sent, those that an application sees. */
const readableGrpcKeys: ReadonlySet<string> = new Set([...sendableGrpcKeys, "grpc-previous-rpc-attempts"]);

/** Whether the values of a key (in lower case) are bytes. */
export function isBinaryKey(key: string): boolean {
  return key.endsWith("-bin");
}

/** Whether a received field (its name in lower case) is metadata, and not part of how HTTP/2 and gRPC run the call. */
export function isReadableField(name: string): boolean {
  switch (name.charCodeAt(0)) {
    case 0x3a: // ":", a pseudo-header
      return false;
    case 0x63: // "c"
      return name !== "content-type";
    case 0x67: // "g"
      return !name.startsWith("grpc-") || readableGrpcKeys.has(name);
    case 0x74: // "t"
      return name !== "te";
    default:
      return true;
  }
}

/** Whether an application may send a key (in lower case) that is known to follow the grammar. */
export function isSendableKey(key: string): boolean {
  return !refusedKeys.has(key) && (!key.startsWith("grpc-") || sendableGrpcKeys.has(key));
}

/** The key in lower case. Throws a `TypeError` that says why, if it cannot be sent. */
export function checkedKey(key: string): string {
  if (typeof key !== "string") throw new TypeError(`A metadata key must be a string, but is ${describe(key)}.`);
  const lowerCase = key.toLowerCase();
  if (!keyGrammar.test(lowerCase)) {
    throw new TypeError(
      `The metadata key ${JSON.stringify(key)} is not valid: it takes one or more of the letters a-z, digits, "_", "." and "-".`,
    );
  }
  if (isSendableKey(lowerCase)) return lowerCase;
  const reason = refusedKeys.get(lowerCase) ?? 'the prefix "grpc-" is reserved for the protocol itself';
  throw new TypeError(`The metadata key "${lowerCase}" cannot be set: ${reason}.`);
}

/** The value of an ASCII key without outer spaces. Throws a `TypeError` if it cannot be sent. The error does not show the value. */
export function checkedText(key: string, value: unknown): string {
  if (typeof value !== "string") {
    const hint = value instanceof Uint8Array ? ` Keys of bytes end in "-bin": "${key}-bin".` : "";
    throw new TypeError(`The value of the metadata key "${key}" must be a string, but is ${describe(value)}.${hint}`);
  }
  const position = value.search(outsideOfValueGrammar);
  if (position >= 0) {
    const code = value.charCodeAt(position).toString(16).toUpperCase().padStart(4, "0");
    throw new TypeError(
      `The value of the metadata key "${key}" has the character U+${code} at index ${position}; ` +
        `only printable ASCII (0x20 to 0x7E) can be sent. Use a key that ends in "-bin" for anything else.`,
    );
  }
  return value.startsWith(" ") || value.endsWith(" ") ? value.trim() : value;
}

/** A copy of the value of a `-bin` key. Throws a `TypeError` if it is not a `Uint8Array`. */
export function checkedBytes(key: string, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  throw new TypeError(
    `The value of the metadata key "${key}" must be a Uint8Array, since the key ends in "-bin", but is ${describe(value)}.`,
  );
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? `a ${value.constructor?.name ?? "object"}` : `a value of type ${typeof value}`;
}
