/**
 * How each scalar type is written: code snippets for the compiled encoder.
 *
 * A snippet works on the local variables of the generated function: `v` is the value, `b` the buffer, `p` the position.
 * There is room for `maxBytes` at `p`. `field` is the name of the constant that holds the descriptor, for errors.
 */
import { ScalarType } from "@bufbuild/protobuf";
import { WireType } from "./schema.js";

/** The snippets for one type of fixed or bounded size; strings and bytes are written by the encoder itself. */
export interface ScalarEncoder {
  readonly wireType: number;
  readonly maxBytes: number;
  /** A cheap test of the raw value that says "zero" only for zero. */
  readonly isNonZero: string;
  /** Checks and converts the value. */
  readonly check: (field: string) => string;
  /** A test of the checked value, where `isNonZero` lets other forms of zero pass (`"0"`). */
  readonly isNonZeroChecked: string | undefined;
  readonly write: string;
  /** The helper that writes a packed list. */
  readonly packed: string;
}

const { varint, bit32, bit64 } = WireType;
const checkInt32 = (field: string) => `if(typeof v!=="number"||(v|0)!==v)v=checkInt32(v,${field});`;
const checkUint32 = (field: string) => `if(typeof v!=="number"||v>>>0!==v)v=checkUint32(v,${field});`;
// Negative zero is not the zero value of a floating point field: it is written.
const isNonZeroFloat = "(v!==0||1/v<0)";
const isNonZeroHalves = "(halves.low|halves.high)!==0";

function int32(wireType: number, maxBytes: number, name: string, write: string): ScalarEncoder {
  const isSigned = !name.startsWith("U") && !name.startsWith("F");
  return {
    wireType,
    maxBytes,
    isNonZero: "v!==0",
    check: isSigned ? checkInt32 : checkUint32,
    isNonZeroChecked: "v!==0",
    write,
    packed: `writePacked${name}`,
  };
}

function int64(wireType: number, maxBytes: number, name: string, split: string): ScalarEncoder {
  return {
    wireType,
    maxBytes,
    isNonZero: "v!==0n",
    check: (field) => `${split}(v,${field});`,
    isNonZeroChecked: isNonZeroHalves,
    write: wireType === varint ? "p=writeVarintHalves(b,p);" : "p=writeHalves(b,p);",
    packed: `writePacked${name}`,
  };
}

function float(wireType: number, maxBytes: number, name: string): ScalarEncoder {
  return {
    wireType,
    maxBytes,
    isNonZero: isNonZeroFloat,
    check: (field) => `v=check${name}(v,${field});`,
    isNonZeroChecked: undefined,
    write: `p=write${name}(b,p,v);`,
    packed: `writePacked${name}`,
  };
}

const bool: ScalarEncoder = {
  wireType: varint,
  maxBytes: 1,
  isNonZero: "v!==false",
  check: () => "",
  isNonZeroChecked: undefined,
  write: "b[p++]=v?1:0;",
  packed: "writePackedBool",
};

const encoders: ReadonlyMap<ScalarType, ScalarEncoder> = new Map([
  [ScalarType.BOOL, bool],
  [ScalarType.INT32, int32(varint, 10, "Int32", "if(v>=0&&v<128)b[p++]=v;else p=writeInt32(b,p,v);")],
  [ScalarType.UINT32, int32(varint, 5, "Uint32", "if(v<128)b[p++]=v;else p=writeUint32(b,p,v);")],
  [ScalarType.SINT32, int32(varint, 5, "Sint32", "p=writeSint32(b,p,v);")],
  [ScalarType.FIXED32, int32(bit32, 4, "Fixed32", "p=writeFixed32(b,p,v);")],
  [ScalarType.SFIXED32, int32(bit32, 4, "Sfixed32", "p=writeFixed32(b,p,v);")],
  [ScalarType.INT64, int64(varint, 10, "Int64", "splitInt64")],
  [ScalarType.UINT64, int64(varint, 10, "Uint64", "splitUint64")],
  [ScalarType.SINT64, int64(varint, 10, "Sint64", "splitSint64")],
  [ScalarType.FIXED64, int64(bit64, 8, "Fixed64", "splitUint64")],
  [ScalarType.SFIXED64, int64(bit64, 8, "Sfixed64", "splitInt64")],
  [ScalarType.FLOAT, float(bit32, 4, "Float")],
  [ScalarType.DOUBLE, float(bit64, 8, "Double")],
]);

/** The snippets for a type; `undefined` for strings and bytes. */
export function scalarEncoder(type: ScalarType): ScalarEncoder | undefined {
  return encoders.get(type);
}
