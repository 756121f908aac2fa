/**
 * Compiles the decoder of a message type: one function with a loop over the tags and a switch over the field numbers.
 *
 * It accepts and rejects what `fromBinary` does. A nested message may end behind the end that its length gave, as there; no
 * byte behind the end of the data is ever used.
 */
import type { DescMessage } from "@bufbuild/protobuf";
import { copyBytes } from "../runtime/copy-bytes.js";
import { cursor } from "../runtime/cursor.js";
import * as fault from "../runtime/fault.js";
import * as mapEntry from "../runtime/map-entry.js";
import * as scalar from "../runtime/read-scalar.js";
import * as string from "../runtime/read-string.js";
import * as unknown from "../runtime/read-unknown.js";
import * as varint from "../runtime/read-varint.js";
import * as structJson from "../runtime/struct-json.js";
import { type DecoderContext, decodeField } from "./decode-field.js";
import type { DecodeFunction, MessageProgram } from "./message-program.js";
import { literal, Source } from "./source.js";
import { emptyMessage } from "./zero-message.js";

/** How deep messages may be nested, the outermost one included: the default of `fromBinary`. */
const MAX_DEPTH = 100;

const helpers = {
  ...fault,
  ...mapEntry,
  ...scalar,
  ...string,
  ...unknown,
  ...varint,
  ...structJson,
  copyBytes,
  cursor,
  hasOwn: Object.hasOwn,
};

/** Compiles the decoder of one type. `programOf` finds the programs of the types in its fields. */
export function compileDecoder(desc: DescMessage, programOf: (desc: DescMessage) => MessageProgram): DecodeFunction {
  const source = new Source();
  const context: DecoderContext = { source, programOf };
  const cases = desc.fields.map((field) => `case ${literal(field.number)}:{${decodeField(context, field)}break;}`);
  source.add(
    "function decode(b,p,end,limit,depth,into,group){",
    `const m=into===undefined?${emptyMessage(source, desc)}:into;`,
    "let t=0,n=0,e=0,v,a,o,u=into===undefined?undefined:m.$unknown;",
    `try{if(depth>${MAX_DEPTH})throw new Fault("messages are nested more than ${MAX_DEPTH} deep",p);`,
    "while(p<end){",
    "t=b[p++];if(t>127){t=readTag(b,p-1);p=cursor.position;}",
    "if((t<8||(t&4)!==0)&&endsGroup(t,group,p)){group=0;break;}",
    `switch(t>>>3){${cases.join("\n")}`,
    `default:{v=readUnknown(b,p,limit,t,${MAX_DEPTH}-depth);p=cursor.position;`,
    "if(u===undefined)u=[v];else u.push(v);}}}",
    "if(p>limit)throw truncated(p,limit);",
    'if(group!==0)throw new Fault("group "+group+" has no end tag",p);',
    `}catch(error){throw locate(error,${source.constant(desc)},t);}`,
    "if(u!==undefined&&u.length>0)m.$unknown=u;",
    "cursor.position=p;return m;}",
  );
  return source.compile(helpers) as DecodeFunction;
}
