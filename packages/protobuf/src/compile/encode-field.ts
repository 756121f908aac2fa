/** Generates the code that writes one field of a message. */
import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import {
  callWriter,
  LOCALS,
  RETURN,
  room,
  tagBytes,
  writeBlob,
  writeLengthPrefixed,
  writeScalar,
  writeTag,
} from "./encode-snippets.js";
import type { MessageProgram } from "./message-program.js";
import { scalarEncoder } from "./scalar-encoders.js";
import { hasImplicitPresence, isInheritedName, isRequired, messageForm, scalarOf, tagOf, WireType } from "./schema.js";
import { quote, type Source } from "./source.js";

/** What the generators share while one encoder is made. */
export interface EncoderContext {
  readonly source: Source;
  /** The prototype that holds the defaults of fields with explicit presence; `undefined` if the type has none. */
  readonly defaults: Readonly<Record<string, unknown>> | undefined;
  /** Finds the program of another message type. */
  readonly programOf: (desc: DescMessage) => MessageProgram;
}

type MessageField = DescField & { readonly message: DescMessage };

/** Reads a property of the object `m`; what is only inherited from `Object.prototype` is not there. */
export function property(name: string): string {
  const key = quote(name);
  return isInheritedName(name) ? `(hasOwn(m,${key})?m[${key}]:undefined)` : `m[${key}]`;
}

/** The code for a field that is not in a oneof. */
export function encodeField(context: EncoderContext, field: DescField): string {
  const value = property(field.localName);
  switch (field.fieldKind) {
    case "list":
      return `a=${value};if(a!=null&&a.length>0){${encodeList(context, field)}}`;
    case "map":
      return `a=${value};if(a!=null){${encodeMap(context, field)}}`;
    case "message":
      return `v=${value};if(v!=null){${encodeMessage(context, field)}}${elseRequired(context, field)}`;
    default:
      return `v=${value};${encodeSingular(context, field)}`;
  }
}

function elseRequired({ source }: EncoderContext, field: DescField): string {
  return isRequired(field) ? `else throw requiredFieldMissing(${source.constant(field)});` : "";
}

/** Writes the scalar or enum `v` if it is set. */
function encodeSingular(context: EncoderContext, field: DescField): string {
  const { source } = context;
  const type = scalarOf(field);
  if (!hasImplicitPresence(field)) {
    const write = writeScalar(source, field, type, field.number);
    return `if(v!=null${ownership(context, field)}){${write}}${elseRequired(context, field)}`;
  }
  return encodeImplicit(source, field, type, field.number, field.enum?.values[0]?.number);
}

/** Writes the scalar or enum `v` if it is not the zero value. */
function encodeImplicit(source: Source, field: DescField, type: ScalarType, number: number, zero?: number): string {
  const constant = source.constant(field);
  const encoder = scalarEncoder(type);
  if (encoder === undefined) {
    const isNonZero = type === ScalarType.STRING ? 'v!==""' : "v.length!==0";
    return `if(v!=null&&${isNonZero}){${writeBlob(constant, type, number)}}`;
  }
  const tag = tagOf(number, encoder.wireType);
  const write = room(tagBytes(tag) + encoder.maxBytes) + writeTag(tag) + encoder.write;
  // An enum is unset when it is its first value, strictly; the forms of zero that an int32 has do not count.
  if (zero !== undefined) return `if(v!==${zero}&&v!=null){${encoder.check(constant)}${write}}`;
  const nonZero = encoder.isNonZeroChecked === undefined ? write : `if(${encoder.isNonZeroChecked}){${write}}`;
  return `if(${encoder.isNonZero}&&v!=null){${encoder.check(constant)}${nonZero}}`;
}

/**
 * A condition that tells a value of the message's own from a default on its prototype. A plain object has no defaults; a
 * value that is not the default must be the message's own.
 */
function ownership({ source, defaults }: EncoderContext, field: DescField): string {
  if (defaults === undefined || !Object.hasOwn(defaults, field.localName)) return "";
  const value = defaults[field.localName];
  const differs = Number.isNaN(value) ? "" : `v!==${source.constant(value)}||`;
  return `&&(${differs}!isMessage||hasOwn(m,${quote(field.localName)}))`;
}

/** Writes the message `v`, which is neither null nor undefined, in whatever form the field has. */
function encodeMessage(context: EncoderContext, field: MessageField, number: number = field.number): string {
  const { source } = context;
  const form = messageForm(field);
  const constant = source.constant(field);
  const program = source.constant(context.programOf(field.message));
  let call: string;
  let check = "";
  if (form === "unboxed") {
    call = `${declareWrapper(source, field)}(v,s)`;
  } else if (form === "json") {
    call = `${program}.encode(structOf(v,${constant}),s)`;
  } else {
    check = `if(typeof v!=="object")checkMessage(v,${constant});`;
    call = `${program}.encode(v,s)`;
  }
  if (field.fieldKind === "map" || !field.delimitedEncoding) {
    return check + writeLengthPrefixed(source, tagOf(number, WireType.lengthDelimited), call);
  }
  const start = tagOf(number, WireType.startGroup);
  const end = tagOf(number, WireType.endGroup);
  return [check, room(tagBytes(start)), writeTag(start), callWriter(call), room(tagBytes(end)), writeTag(end)].join("");
}

/** Declares the function that writes the content of a wrapper message from its value, and returns its name. */
function declareWrapper(source: Source, field: MessageField): string {
  const name = `wrapper${source.uniqueSuffix()}`;
  const value = field.message.fields[0] as DescField;
  // The field that holds the wrapper goes into errors: it is the one that the user wrote.
  const body = encodeImplicit(source, field, scalarOf(value), value.number);
  source.declare(`function ${name}(v,s){${LOCALS.replace(",v,a,o", "")}${body}${RETURN}}`);
  return name;
}

function encodeList(context: EncoderContext, field: DescField & { fieldKind: "list" }): string {
  const { source } = context;
  const loop = (item: string) => `for(let i=0;i<a.length;i++){v=a[i];${item}}`;
  if (field.listKind === "message") {
    return loop(`if(v==null)checkMessage(v,${source.constant(field)});${encodeMessage(context, field)}`);
  }
  const type = scalarOf(field);
  const encoder = scalarEncoder(type);
  if (!field.packed || encoder === undefined) return loop(writeScalar(source, field, type, field.number));
  const tag = tagOf(field.number, WireType.lengthDelimited);
  return room(tagBytes(tag)) + writeTag(tag) + callWriter(`${encoder.packed}(s,a,${source.constant(field)})`);
}

function encodeMap(context: EncoderContext, field: DescField & { fieldKind: "map" }): string {
  const { source } = context;
  const name = declareMapEntry(context, field);
  const write = writeLengthPrefixed(source, tagOf(field.number, WireType.lengthDelimited), `${name}(k[i],a[k[i]],s)`);
  return `const k=Object.keys(a);for(let i=0;i<k.length;i++){${write}}`;
}

/** Declares the function that writes the content of a map's entry: key and value, both always. Returns its name. */
function declareMapEntry(context: EncoderContext, field: DescField & { fieldKind: "map" }): string {
  const { source } = context;
  const writeKey = `v=${mapKey(field.mapKey)};${writeScalar(source, field, field.mapKey, 1)}`;
  const writeValue =
    field.mapKind === "message"
      ? `if(v==null)checkMessage(v,${source.constant(field)});${encodeMessage(context, field, 2)}`
      : writeScalar(source, field, scalarOf(field), 2);
  const name = `entry${source.uniqueSuffix()}`;
  source.declare(`function ${name}(k,x,s){${LOCALS}${writeKey}v=x;${writeValue}${RETURN}}`);
  return name;
}

/** The value of the key whose property name is `k`. */
function mapKey(type: ScalarType): string {
  switch (type) {
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return "numericKey(k)";
    case ScalarType.BOOL:
      return '(k!=="false"&&k!=="")';
    default:
      return "k";
  }
}

/** The code for members of one oneof whose numbers no other field separates. */
export function encodeOneof(context: EncoderContext, oneof: DescOneof, fields: readonly DescField[]): string {
  const cases = fields.map((field) => {
    const missing =
      field.fieldKind === "message" ? "if(v==null)v={};" : `if(v===undefined)v=${zeroOf(context, field)};`;
    const write =
      field.fieldKind === "message"
        ? encodeMessage(context, field)
        : writeScalar(context.source, field, scalarOf(field), field.number);
    return `case ${quote(field.localName)}:{v=o.value;${missing}${write}break;}`;
  });
  return `o=${property(oneof.localName)};if(o!=null)switch(o.case){${cases.join("")}}`;
}

/** What a chosen oneof field without a value is written as. */
function zeroOf({ source }: EncoderContext, field: DescField): string {
  switch (field.scalar) {
    case undefined:
      return String(field.enum?.values[0]?.number ?? 0);
    case ScalarType.STRING:
      return '""';
    case ScalarType.BOOL:
      return "false";
    case ScalarType.BYTES:
      return source.constant(new Uint8Array(0));
    default:
      return "0";
  }
}
