/** Header blocks by hand, honest and otherwise. RFC 7541 sections 5 and 6. */

/** A field as a literal that no table remembers. */
export function literal(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0x00]), string(name), string(value)]);
}

/** A field as a literal that the dynamic table remembers: it becomes index 62, and those before it move up by one. */
export function indexedLiteral(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0x40]), string(name), string(value)]);
}

/** The octet for a field of a table; indexes up to 126. */
export function indexed(index: number): number {
  return 0x80 | index;
}

/** The index of the newest entry of the dynamic table. */
export const NEWEST_INDEX = 62;

/** A block of literals. */
export function block(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.map(([name, value]) => literal(name, value)));
}

export type Field = readonly [name: string, value: string];

/** The fields of a gRPC request for a method of the victim. */
export function requestFields(method: string, ...more: readonly Field[]): Field[] {
  return [
    [":method", "POST"],
    [":scheme", "http"],
    [":path", `/heddle.attacks.Target/${method}`],
    [":authority", "victim"],
    ["te", "trailers"],
    ["content-type", "application/grpc"],
    ...more,
  ];
}

export function requestBlock(method: string, ...more: readonly Field[]): Buffer {
  return block(requestFields(method, ...more));
}

/** The block of a gRPC response. */
export const RESPONSE_BLOCK: Buffer = block([
  [":status", "200"],
  ["content-type", "application/grpc"],
]);

/** The block of trailers that end a call well. */
export const TRAILERS_BLOCK: Buffer = block([["grpc-status", "0"]]);

/** A string without Huffman coding. */
function string(text: string): Buffer {
  return Buffer.concat([integer(text.length, 7), Buffer.from(text, "latin1")]);
}

/** An integer with a prefix of `bits` bits, the bits before it all 0. RFC 7541 section 5.1. */
export function integer(value: number, bits: number): Buffer {
  const limit = 2 ** bits - 1;
  if (value < limit) return Buffer.from([value]);
  const octets = [limit];
  let rest = value - limit;
  for (; rest >= 128; rest = Math.floor(rest / 128)) octets.push((rest % 128) | 0x80);
  octets.push(rest);
  return Buffer.from(octets);
}
