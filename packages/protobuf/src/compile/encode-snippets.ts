/**
 * The recurring parts of a compiled encoder.
 *
 * Every generated encoding function has the locals `s` (the sink), `b` and `p` (its buffer and position, written back before
 * anything else uses the sink), `q` (where the function began), and returns `p-q`, the number of bytes. `reserve` may move
 * what was written, so `q` moves with it, and a place inside is only ever named by its distance from the end.
 */
import { type DescField, ScalarType } from "@bufbuild/protobuf";
import { scalarEncoder } from "./scalar-encoders.js";
import { tagOf, WireType } from "./schema.js";
import { literal, type Source } from "./source.js";

/** A string of up to so many UTF-16 units takes at most 127 bytes, so that its length takes one. */
const SHORT_STRING_UNITS = 42;

export const LOCALS = "let b=s.buffer,p=s.position,q=p,n=0,g=0,v,a,o;";
export const RETURN = "s.position=p;return p-q;";

/** Makes room. `bytes` is the text of an expression. */
export function room(bytes: string | number): string {
  return `if(p+${bytes}>b.length){s.position=p;s.reserve(${bytes});q+=s.position-p;p=s.position;b=s.buffer;}`;
}

/** Calls something that writes to the sink and returns the number of bytes. */
export function callWriter(call: string): string {
  return `s.position=p;n=${call};b=s.buffer;q+=s.position-n-p;p=s.position;`;
}

/** Writes a tag where there is room for it. */
export function writeTag(tag: number): string {
  let rest = tag;
  let code = "";
  for (; rest > 127; rest >>>= 7) code += `b[p++]=${literal((rest & 127) | 128)};`;
  return `${code}b[p++]=${literal(rest)};`;
}

/** How many bytes a tag takes. */
export function tagBytes(tag: number): number {
  return writeTag(tag).split(";").length - 1;
}

/**
 * Calls an encoder and puts the length of what it wrote before it. How many bytes to leave for the length is what it took
 * the last time at this place.
 */
export function writeLengthPrefixed(source: Source, tag: number, call: string): string {
  const gap = `gap${source.uniqueSuffix()}`;
  source.declare(`let ${gap}=1;`);
  return [
    room(tagBytes(tag) + 5),
    writeTag(tag),
    `g=${gap};s.position=p+g;n=${call};`,
    `if(n>127||g!==1)${gap}=g=sealLength(s,n,g);else s.buffer[s.position-n-1]=n;`,
    "b=s.buffer;q+=s.position-n-g-p;p=s.position;",
  ].join("");
}

/** Writes the scalar `v` that is to be written whatever its value is, with its tag. Makes room. */
export function writeScalar(source: Source, field: DescField, type: ScalarType, number: number): string {
  const constant = source.constant(field);
  const encoder = scalarEncoder(type);
  if (encoder === undefined) return writeBlob(constant, type, number);
  const tag = tagOf(number, encoder.wireType);
  return encoder.check(constant) + room(tagBytes(tag) + encoder.maxBytes) + writeTag(tag) + encoder.write;
}

/** Writes the string or bytes in `v` with a tag. Makes room. */
export function writeBlob(field: string, type: ScalarType, number: number): string {
  const tag = tagOf(number, WireType.lengthDelimited);
  const tagSize = tagBytes(tag);
  const longTag = room(tagSize) + writeTag(tag);
  if (type === ScalarType.BYTES) return longTag + callWriter(`writeBytes(s,v,${field})`);
  return [
    `if(typeof v!=="string")v=checkString(v,${field});`,
    `if(v.length<=${SHORT_STRING_UNITS}){n=v.length*3+${tagSize + 1};${room("n")}`,
    `${writeTag(tag)}p=writeShortString(b,p,v);}`,
    `else{${longTag}${callWriter("writeString(s,v)")}}`,
  ].join("");
}
