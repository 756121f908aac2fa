/**
 * The input of the target "header-blocks": limits, and steps with header blocks for two contexts. The hostile one gets octets as they
 * are, the honest one what an encoder makes of lists. Any octets are a program; what is missing at the end is zero.
 *
 *     octets 0-2  the limits: which size of the list, which size of the table, how many fields
 *     steps       octet: bits 0-2 kind
 *       kind 0-3  BLOCK for the hostile context: 16 bits length, octets
 *       kind 4    the hostile context's SETTINGS_HEADER_TABLE_SIZE: 16 bits
 *       kind 5-6  LISTS for the honest context: bits 3-4 number of lists less one, bits 5 template; each list: octet count, and
 *                 for each field two octets for name and value and one for what is special about it
 *       kind 7    the honest context's SETTINGS_HEADER_TABLE_SIZE: 16 bits
 */
import { HeaderList } from "../../hpack/header-list.js";
import { OctetReader } from "../octet-reader.js";

const LIST_LIMITS = [8192, 0, 40, 64, 100, 200, 1000, 65_536];
const TABLE_LIMITS = [4096, 0, 64, 100, 300, 10_000, 65_535];
const COUNT_LIMITS = [256, 1, 2, 5, 20, 100_000];

const MAX_FIELDS = 12;
const NAMES = [
  ":path",
  ":status",
  ":method",
  "content-type",
  "te",
  "x-a",
  "x-b",
  "__proto__",
  "",
  "grpc-status",
  "cookie",
];
const VALUES = [
  "",
  "/",
  "200",
  "0",
  "trailers",
  "application/grpc",
  "v".repeat(100),
  "w".repeat(300),
  "\0\xff\x80",
  "~".repeat(60),
  "y".repeat(1500),
  "z".repeat(5000),
];

export interface BlockLimits {
  readonly listBytes: number;
  readonly tableBytes: number;
  readonly fields: number;
}

export type BlockStep =
  | { readonly kind: "block"; readonly octets: Buffer }
  | { readonly kind: "hostile table size"; readonly bytes: number }
  | { readonly kind: "lists"; readonly lists: readonly HeaderList[] }
  | { readonly kind: "honest table size"; readonly bytes: number };

export interface BlockProgram {
  readonly limits: BlockLimits;
  readonly steps: readonly BlockStep[];
}

const HEADER_OCTETS = 3;

export function readBlockProgram(input: Uint8Array): BlockProgram {
  const reader = new OctetReader(input);
  const limits = {
    listBytes: reader.pick(LIST_LIMITS),
    tableBytes: reader.pick(TABLE_LIMITS),
    fields: reader.pick(COUNT_LIMITS),
  };
  const templates = new Map<string, HeaderList>();
  const steps: BlockStep[] = [];
  while (!reader.isAtEnd) steps.push(readStep(reader, templates));
  return { limits, steps };
}

function readStep(reader: OctetReader, templates: Map<string, HeaderList>): BlockStep {
  const octet = reader.octet();
  const kind = octet & 7;
  if (kind < 4) return { kind: "block", octets: reader.take(reader.uint16()) };
  if (kind === 4) return { kind: "hostile table size", bytes: reader.uint16() };
  if (kind === 7) return { kind: "honest table size", bytes: reader.uint16() };
  const lists: HeaderList[] = [];
  for (let left = 1 + ((octet >> 3) & 3); left > 0; left--)
    lists.push(readList(reader, (octet & 0x20) !== 0, templates));
  return { kind: "lists", lists };
}

/** The same template twice is the same list, as a caller would keep it. */
function readList(reader: OctetReader, isTemplate: boolean, templates: Map<string, HeaderList>): HeaderList {
  const fields: string[] = [];
  const sensitive: number[] = [];
  for (let left = reader.octet() % (MAX_FIELDS + 1); left > 0; left--) {
    const name = reader.pick(NAMES);
    const value = reader.pick(VALUES);
    const special = reader.octet();
    if ((special & 0xf) === 1) sensitive.push(fields.length);
    // Now and then a field that is one of a kind.
    fields.push(name, (special & 0xf) === 2 ? `${value}${special >> 4}` : value);
  }
  const marks = sensitive.length > 0 ? sensitive : undefined;
  if (!isTemplate) return new HeaderList(fields, marks);
  const key = JSON.stringify([fields, sensitive]);
  const template = templates.get(key) ?? HeaderList.template(fields, marks);
  templates.set(key, template);
  return template;
}

/** The input in its parts: the header, and each step. */
export function splitBlockProgram(input: Uint8Array): Uint8Array[] {
  const reader = new OctetReader(input);
  reader.take(HEADER_OCTETS);
  const parts = [input.subarray(0, HEADER_OCTETS)];
  while (!reader.isAtEnd) {
    const start = reader.position;
    readStep(reader, new Map());
    parts.push(input.subarray(start, reader.position));
  }
  return parts;
}

/** Programs of which one block has an octet or half of its octets less. */
export function shrinkBlockProgram(input: Uint8Array): Buffer[] {
  const parts = splitBlockProgram(input);
  const smaller: Buffer[] = [];
  for (let i = 1; i < parts.length; i++) {
    const part = parts[i] as Uint8Array;
    if (((part[0] as number) & 7) > 3 || part.length <= 3) continue;
    for (const octets of lessOctets(part.subarray(3))) {
      smaller.push(Buffer.concat([...parts.slice(0, i), writeBlock(octets), ...parts.slice(i + 1)]));
    }
  }
  return smaller;
}

function lessOctets(octets: Uint8Array): Uint8Array[] {
  const half = Math.ceil(octets.length / 2);
  const less = [octets.subarray(half), octets.subarray(0, octets.length - half)];
  for (let at = 0; at < octets.length; at++) {
    less.push(Buffer.concat([octets.subarray(0, at), octets.subarray(at + 1)]));
  }
  return less;
}

/** A step with a block for the hostile context. */
export function writeBlock(octets: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0, octets.length >>> 8, octets.length]), octets]);
}

/** A step with a table size for the hostile context. */
export function writeTableSize(bytes: number): Buffer {
  return Buffer.from([4, bytes >>> 8, bytes]);
}

/** A program with the first limits of each kind, or with those of these indices. */
export function writeBlockProgram(limits: readonly number[], ...steps: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from([limits[0] ?? 0, limits[1] ?? 0, limits[2] ?? 0]), ...steps]);
}

/** For the reader of a failure. */
export function describeBlockProgram(input: Uint8Array): string {
  const { limits, steps } = readBlockProgram(input);
  const lines = steps.map((step) => {
    if (step.kind === "block") return `block ${step.octets.toString("hex")}`;
    if (step.kind === "lists") return `lists ${JSON.stringify(step.lists.map(({ fields }) => fields))}`;
    return `${step.kind} ${step.bytes}`;
  });
  return [`limits ${JSON.stringify(limits)}`, ...lines].join("\n");
}
