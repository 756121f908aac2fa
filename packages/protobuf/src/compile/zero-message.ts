/** Generates the expression that makes an empty message: the same own properties and prototype as `create` gives it. */
import type { DescMessage } from "@bufbuild/protobuf";
import { zeroMessage } from "./schema.js";
import { quote, type Source } from "./source.js";

/**
 * An expression for a new empty message.
 *
 * All properties are there from the start, in the order of `create`, so that messages of a type have one shape. A type with
 * defaults gets the very prototype that `create` uses, by way of a constructor.
 */
export function emptyMessage(source: Source, desc: DescMessage): string {
  const zero = zeroMessage(desc);
  const prototype: unknown = Object.getPrototypeOf(zero);
  const properties = Object.entries(zero).map(([name, value]) => [quote(name), zeroValue(source, value)] as const);
  if (prototype === Object.prototype) {
    return `{${properties.map(([key, value]) => `${key}:${value}`).join(",")}}`;
  }
  const statements = properties.map(([key, value]) => `this[${key}]=${value};`).join("");
  source.declare(`function Empty(){${statements}}Empty.prototype=${source.constant(prototype)};`);
  return "new Empty()";
}

/** Values that messages must not share are made anew; the others are constants. */
function zeroValue(source: Source, value: unknown): string {
  if (Array.isArray(value)) return "[]";
  if (value instanceof Uint8Array) return "new Uint8Array(0)";
  if (typeof value === "object" && value !== null) return "case" in value ? "{case:undefined}" : "{}";
  if (value === 0 || value === "" || value === false) return JSON.stringify(value);
  return source.constant(value);
}
