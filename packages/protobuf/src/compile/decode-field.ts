/**
 * Generates the code that reads one field of a message into the message `m`.
 *
 * As in `@bufbuild/protobuf`, a field is recognised by its number alone: its wire type only tells a packed list from a
 * single element.
 */
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import type { MessageProgram } from "./message-program.js";
import { READ_LENGTH, readScalar } from "./scalar-decoders.js";
import { isInheritedName, messageForm, scalarOf } from "./schema.js";
import { literal, quote, type Source } from "./source.js";

/** What the generators share while one decoder is made. */
export interface DecoderContext {
  readonly source: Source;
  /** Finds the program of another message type. */
  readonly programOf: (desc: DescMessage) => MessageProgram;
}

type MessageField = DescField & { readonly message: DescMessage };

/** The statements for a field whose tag `t` was just read. */
export function decodeField(context: DecoderContext, field: DescField): string {
  const target = `m[${quote((field.oneof ?? field).localName)}]`;
  switch (field.fieldKind) {
    case "scalar":
      return readValue(field) + assign(field, target);
    case "enum":
      return readValue(field) + assignEnum(context, field, target);
    case "list":
      return decodeList(context, field, target);
    case "map":
      return `${declareMapEntry(context, field)}(b,p,limit,depth,${target});p=cursor.position;`;
    case "message":
      return decodeSingularMessage(context, field, target);
  }
}

/** Reads one value of a scalar or enum field into `v`. */
function readValue(field: DescField): string {
  return readScalar(scalarOf(field), field.utf8Validation, "longAsString" in field && field.longAsString);
}

/** Sets the field to `v`. */
function assign(field: DescField, target: string): string {
  return field.oneof === undefined ? `${target}=v;` : `${target}={case:${quote(field.localName)},value:v};`;
}

/** A closed enum keeps numbers that it does not have as unknown fields. */
function assignEnum({ source }: DecoderContext, field: DescField & { fieldKind: "enum" }, target: string): string {
  if (field.enum.open) return assign(field, target);
  const numbers = source.constant(new Set(field.enum.values.map((value) => value.number)));
  return `if(${numbers}.has(v)){${assign(field, target)}}else keepUnknownEnum(m,t,v);`;
}

function decodeList(context: DecoderContext, field: DescField & { fieldKind: "list" }, target: string): string {
  if (field.listKind === "message") {
    const json = messageForm(field) === "json" ? "v=jsonOf(v,undefined);" : "";
    return `${decodeMessage(context, field, "undefined")}${json}${target}.push(v);`;
  }
  const single = `${readValue(field)}${target}.push(v);`;
  if (field.scalar === ScalarType.STRING || field.scalar === ScalarType.BYTES) return single;
  const packed = `${READ_LENGTH}e=p+n;a=${target};while(p<e){${readValue(field)}a.push(v);}`;
  return `if((t&7)===2){${packed}}else{${single}}`;
}

/** Reads a message of the field into `v`: a new one, or the fields into the one that the expression `into` gives. */
function decodeMessage(context: DecoderContext, field: MessageField, into: string): string {
  const program = context.source.constant(context.programOf(field.message));
  if (field.fieldKind !== "map" && field.delimitedEncoding) {
    return `v=${program}.decode(b,p,limit,limit,depth+1,${into},${literal(field.number)});p=cursor.position;`;
  }
  return `${READ_LENGTH}v=${program}.decode(b,p,p+n,limit,depth+1,${into},0);p=cursor.position;`;
}

/** A message that occurs again is merged into the one that is there. */
function decodeSingularMessage(context: DecoderContext, field: MessageField, target: string): string {
  const form = messageForm(field);
  const name = field.localName;
  let present = target;
  let prepare = "";
  if (field.oneof !== undefined) {
    prepare = `o=${target};`;
    present = `(o.case===${quote(name)}?o.value:undefined)`;
  } else if (isInheritedName(name)) {
    present = `(hasOwn(m,${quote(name)})?${target}:undefined)`;
  }
  if (form === "json") {
    return `${prepare}${decodeMessage(context, field, "undefined")}v=jsonOf(v,${present});${assign(field, target)}`;
  }
  if (form === "unboxed") {
    return `o=${present};${decodeMessage(context, field, "o===undefined?o:{value:o}")}v=v.value;${assign(field, target)}`;
  }
  return `${prepare}${decodeMessage(context, field, present)}${assign(field, target)}`;
}

/**
 * Declares the function that reads an entry into the map `m`, and returns its name. What an entry lacks is the zero value;
 * of what it has twice the last counts. As in `@bufbuild/protobuf`, a tag of another field is passed over without its value.
 */
function declareMapEntry(context: DecoderContext, field: DescField & { fieldKind: "map" }): string {
  const { source } = context;
  const isMessage = field.mapKind === "message";
  const readKey = readScalar(field.mapKey, field.utf8Validation, false);
  const readItem = isMessage ? decodeMessage(context, field, "undefined") : readValue(field);
  const json = isMessage && messageForm(field) === "json" ? "x=jsonOf(x,undefined);" : "";
  const key = field.mapKey === ScalarType.STRING ? "k" : "String(k)";
  const name = `entry${source.uniqueSuffix()}`;
  source.declare(
    [
      `function ${name}(b,p,limit,depth,m){let n=0,t=0,v,k=${zeroScalar(field.mapKey)},x;`,
      `${READ_LENGTH}const e=p+n;while(p<e){`,
      "t=b[p++];if(t>127){t=readTag(b,p-1);p=cursor.position;}if(t<8||(t&4)!==0)endsGroup(t,0,p);",
      `switch(t>>>3){case 1:${readKey}k=v;break;case 2:${readItem}x=v;break;}}`,
      "if(p>limit)throw truncated(p,limit);",
      `if(x===undefined)x=${zeroItem(context, field)};${json}`,
      `setEntry(m,${key},x);cursor.position=p;}`,
    ].join(""),
  );
  return name;
}

function zeroItem(context: DecoderContext, field: DescField & { fieldKind: "map" }): string {
  switch (field.mapKind) {
    case "scalar":
      return zeroScalar(field.scalar);
    case "enum":
      return literal(field.enum.values[0]?.number ?? 0);
    case "message":
      return `${context.source.constant(context.programOf(field.message))}.decode(b,0,0,0,1,undefined,0)`;
  }
}

function zeroScalar(type: ScalarType): string {
  switch (type) {
    case ScalarType.STRING:
      return '""';
    case ScalarType.BOOL:
      return "false";
    case ScalarType.BYTES:
      return "new Uint8Array(0)";
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SINT64:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return "0n";
    default:
      return "0";
  }
}
