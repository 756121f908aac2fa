/**
 * Compiles the encoder of a message type: one function that writes the fields in the order of their numbers, then the
 * unknown fields, as `toBinary` does.
 */
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import * as checkValue from "../runtime/check-value.js";
import * as mapEntry from "../runtime/map-entry.js";
import * as structJson from "../runtime/struct-json.js";
import * as writeBytes from "../runtime/write-bytes.js";
import * as writeLength from "../runtime/write-length.js";
import * as writePacked from "../runtime/write-packed.js";
import * as writeScalar from "../runtime/write-scalar.js";
import * as writeVarint from "../runtime/write-varint.js";
import { type EncoderContext, encodeField, encodeOneof } from "./encode-field.js";
import { callWriter, LOCALS, RETURN } from "./encode-snippets.js";
import type { EncodeFunction, MessageProgram } from "./message-program.js";
import { zeroMessage } from "./schema.js";
import { Source } from "./source.js";

const helpers = {
  ...checkValue,
  ...mapEntry,
  ...structJson,
  ...writeBytes,
  ...writeLength,
  ...writePacked,
  ...writeScalar,
  ...writeVarint,
  hasOwn: Object.hasOwn,
};

/** Compiles the encoder of one type. `programOf` finds the programs of the types in its fields. */
export function compileEncoder(desc: DescMessage, programOf: (desc: DescMessage) => MessageProgram): EncodeFunction {
  const source = new Source();
  const prototype: unknown = Object.getPrototypeOf(zeroMessage(desc));
  const defaults = prototype === Object.prototype ? undefined : (prototype as Record<string, unknown>);
  const context: EncoderContext = { source, defaults, programOf };

  const type = source.constant(desc.typeName);
  source.add(
    `function encode(m,s){const t=m.$typeName,isMessage=t===${type};`,
    `if(!isMessage&&typeof t==="string")throw foreignMessage(${source.constant(desc)},t);`,
    LOCALS,
    ...encodeFields(context, desc),
    `if(isMessage){a=m.$unknown;if(a!==undefined&&a.length>0){${callWriter("writeUnknown(s,a)")}}}`,
    `${RETURN}}`,
  );
  return source.compile(helpers) as EncodeFunction;
}

function encodeFields(context: EncoderContext, desc: DescMessage): string[] {
  const sorted = desc.fields.toSorted((a, b) => a.number - b.number);
  const code: string[] = [];
  for (let i = 0; i < sorted.length; i++) {
    const field = sorted[i] as DescField;
    if (field.oneof === undefined) {
      code.push(encodeField(context, field));
      continue;
    }
    const members: DescField[] = [field];
    while (sorted[i + 1]?.oneof === field.oneof) members.push(sorted[++i] as DescField);
    code.push(encodeOneof(context, field.oneof, members));
  }
  return code;
}
