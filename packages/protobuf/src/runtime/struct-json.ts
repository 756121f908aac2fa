/**
 * `google.protobuf.Struct` in a field is a plain JSON object in `@bufbuild/protobuf`: converts between the two forms.
 *
 * Anything that JSON does not know (a function, `undefined`) becomes a `Value` without a kind, as that library does it.
 */
import type { DescField, JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { Struct, Value } from "@bufbuild/protobuf/wkt";
import { invalidValue } from "./check-value.js";
import { setEntry } from "./map-entry.js";

/** What the compiled encoders of `google.protobuf.Value` and `google.protobuf.Struct` take. */
interface ValueInit {
  kind: { case: string | undefined; value?: unknown };
}
interface StructInit {
  fields: Record<string, ValueInit>;
}

/** The `Struct` for the JSON object in a field, as an init object. */
export function structOf(json: unknown, field: DescField): StructInit {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return structOfObject(json);
  throw invalidValue(field, "a JSON object for a google.protobuf.Struct", json);
}

function structOfObject(json: object): StructInit {
  const fields: Record<string, ValueInit> = {};
  for (const key of Object.keys(json)) setEntry(fields, key, valueOf((json as Record<string, unknown>)[key]));
  return { fields };
}

function valueOf(json: unknown): ValueInit {
  switch (typeof json) {
    case "number":
      return { kind: { case: "numberValue", value: json } };
    case "string":
      return { kind: { case: "stringValue", value: json } };
    case "boolean":
      return { kind: { case: "boolValue", value: json } };
    case "object":
      if (json === null) return { kind: { case: "nullValue", value: 0 } };
      if (Array.isArray(json)) return { kind: { case: "listValue", value: { values: Array.from(json, valueOf) } } };
      return { kind: { case: "structValue", value: structOfObject(json) } };
    default:
      return { kind: { case: undefined } };
  }
}

/**
 * Adds the entries of a decoded `Struct` to a JSON object, or to a new one. A field that occurs twice on the wire is
 * merged this way: the later value of a key wins.
 */
export function jsonOf(struct: Struct, into: JsonObject | undefined): JsonObject {
  const json = into ?? {};
  for (const key of Object.keys(struct.fields)) setEntry(json, key, jsonValueOf(struct.fields[key] as Value));
  return json;
}

function jsonValueOf(value: Value): JsonValue {
  const { kind } = value;
  switch (kind.case) {
    case "structValue":
      return jsonOf(kind.value, undefined);
    case "listValue":
      return kind.value.values.map(jsonValueOf);
    case "nullValue":
    case undefined:
      return null;
    default:
      return kind.value;
  }
}
