/**
 * How each scalar type is read: code snippets for the compiled decoder.
 *
 * A snippet reads from the buffer `b` at `p`, puts the value into `v` and moves `p`. `limit` is where the data ends: what is
 * taken from behind it is thrown away with the whole message, so only lengths are compared with it at once.
 */
import { ScalarType } from "@bufbuild/protobuf";

/** Reads a length into `n` and makes sure that so much data is there: `n` is `undefined` where even the buffer has ended. */
export const READ_LENGTH =
  "n=b[p++];if(n>127){n=readUint32(b,p-1);p=cursor.position;}if(!(p+n<=limit))throw truncated(p+(n|0),limit);";

const afterVarint = "p=cursor.position;";
const varint32 = (convert: string) => `v=b[p++];if(v>127){v=readUint32(b,p-1)${convert};${afterVarint}}`;
const varint64 = (read: string) => `v=${read}(b,p);${afterVarint}`;
const fixed = (read: string, bytes: number) => `v=${read}(b,p);p+=${bytes};`;
const blob = (read: string) => `${READ_LENGTH}v=${read}(b,p,p+n);p+=n;`;

/** The snippet for a type. `verifyUtf8` matters to strings, `asString` to 64-bit integers (`jstype = JS_STRING`). */
export function readScalar(type: ScalarType, verifyUtf8: boolean, asString: boolean): string {
  switch (type) {
    case ScalarType.STRING:
      return blob(verifyUtf8 ? "readString" : "readUnverifiedString");
    case ScalarType.BYTES:
      return blob("copyBytes");
    case ScalarType.BOOL:
      return `v=b[p++];if(v>127){v=readBool(b,p-1);${afterVarint}}else v=v!==0;`;
    case ScalarType.INT32:
      return varint32("|0");
    case ScalarType.UINT32:
      return varint32("");
    case ScalarType.SINT32:
      return `${varint32("")}v=v>>>1^-(v&1);`;
    case ScalarType.FIXED32:
      return fixed("readFixed32", 4);
    case ScalarType.SFIXED32:
      return fixed("readSfixed32", 4);
    case ScalarType.FLOAT:
      return fixed("readFloat", 4);
    case ScalarType.DOUBLE:
      return fixed("readDouble", 8);
    default:
      return readInteger64(type) + (asString ? "v=String(v);" : "");
  }
}

function readInteger64(type: ScalarType): string {
  switch (type) {
    case ScalarType.INT64:
      return varint64("readInt64");
    case ScalarType.UINT64:
      return varint64("readUint64");
    case ScalarType.SINT64:
      return varint64("readSint64");
    case ScalarType.FIXED64:
      return fixed("readFixed64", 8);
    case ScalarType.SFIXED64:
      return fixed("readSfixed64", 8);
    default:
      throw new TypeError(`unknown scalar type ${String(type)}`);
  }
}
