/** Header fields for the stories: some that come again and again, some that come once, some long, some sensitive. */
import http2, { type OutgoingHttpHeaders } from "node:http2";
import { HeaderList } from "../../hpack/header-list.js";
import type { Dice } from "./dice.js";

export interface Fields {
  /** Name, value, name, value… without pseudo-header fields. Fields of one name stand side by side, which is all that node:http2 can do. */
  readonly flat: readonly string[];
  /** The names of fields that must not be indexed. */
  readonly sensitive: readonly string[];
}

const FREQUENT = [
  ["content-type", "application/grpc"],
  ["x-tenant", "a"],
  ["x-region", "eu-central-1"],
  ["accept-language", ""],
  ["x-token", "0123456789abcdef".repeat(8)],
] as const;

/** Octets that may stand in a value. Most of those above 0x7e have long codes. */
const COMMON = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/.,:;-_+=*"];

export function createFields(dice: Dice): Fields {
  const flat: string[] = [];
  for (const [name, value] of FREQUENT) if (dice.chance(0.4)) flat.push(name, value);
  const single = dice.whole(0, 3);
  for (let i = 0; i < single; i++) flat.push(`x-single-${i}`, createValue(dice, dice.pick([0, 10, 60, 300])));
  if (dice.chance(0.1)) for (let i = 0; i < 3; i++) flat.push("x-many", createValue(dice, 5));
  // Larger than a frame.
  if (dice.chance(0.02)) flat.push("x-long", createValue(dice, 30_000));
  const names = flat.filter((_, i) => i % 2 === 0);
  return { flat, sensitive: names.length > 0 && dice.chance(0.3) ? [dice.pick(names)] : [] };
}

function createValue(dice: Dice, bytes: number): string {
  let value = "";
  for (let i = 0; i < bytes; i++) {
    value += dice.chance(0.9)
      ? dice.pick(COMMON)
      : String.fromCharCode(dice.pick([0x21, 0x7e, 0x80, dice.whole(0x80, 0xff)]));
  }
  return value;
}

/** The list that the engine sends, after pseudo-header fields. */
export function listOf(pseudo: readonly string[], fields: Fields): HeaderList {
  const flat = [...pseudo, ...fields.flat];
  const sensitive = flat.flatMap((name, i) => (i % 2 === 0 && fields.sensitive.includes(name) ? [i] : []));
  return new HeaderList(flat, sensitive.length > 0 ? sensitive : undefined);
}

/** What node:http2 sends. */
export function objectOf(pseudo: Readonly<Record<string, string | number>>, fields: Fields): OutgoingHttpHeaders {
  const headers: Record<string, string | number | string[]> = { ...pseudo };
  for (let i = 0; i < fields.flat.length; i += 2) {
    const [name, value] = [fields.flat[i] as string, fields.flat[i + 1] as string];
    const before = headers[name];
    headers[name] = before === undefined ? value : ([before, value].flat() as string[]);
  }
  return { ...headers, [http2.sensitiveHeaders as unknown as string]: [...fields.sensitive] };
}
