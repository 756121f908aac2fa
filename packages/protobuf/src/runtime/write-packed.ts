/** Writes packed repeated fields: the length and the values in one sweep. The tag has been written. */
import type { DescField } from "@bufbuild/protobuf";
import type { ByteSink } from "../sink.js";
import { checkDouble, checkFloat, checkInt32, checkUint32 } from "./check-value.js";
import { sealLength } from "./write-length.js";
import {
  writeDouble,
  writeFixed32,
  writeFixed64,
  writeFloat,
  writeInt64,
  writeSfixed64,
  writeSint64,
  writeUint64,
} from "./write-scalar.js";
import { varintBytes, writeInt32, writeSint32, writeUint32 } from "./write-varint.js";

/** Checks one value and writes it where there is room for it; returns the next index. */
type WriteValue = (buffer: Buffer, position: number, value: unknown, field: DescField) => number;

/** How many values to make room for at a time. */
const VALUES_PER_RESERVE = 64;

/**
 * Makes the function that writes a packed field of one type, values of which take at most `bytesAtMost` bytes.
 * The result returns the number of bytes that it wrote.
 */
function packed(bytesAtMost: number, isFixed: boolean, writeValue: WriteValue) {
  return (sink: ByteSink, values: ArrayLike<unknown>, field: DescField): number => {
    const count = values.length;
    const gap = varintBytes(isFixed ? count * bytesAtMost : count);
    sink.reserve(gap);
    sink.position += gap;
    let bytes = 0;
    for (let first = 0; first < count; first += VALUES_PER_RESERVE) {
      const end = Math.min(first + VALUES_PER_RESERVE, count);
      sink.reserve((end - first) * bytesAtMost);
      const { buffer, position: start } = sink;
      let position = start;
      for (let i = first; i < end; i++) position = writeValue(buffer, position, values[i], field);
      sink.position = position;
      bytes += position - start;
    }
    return bytes + sealLength(sink, bytes, gap);
  };
}

export const writePackedInt32 = packed(10, false, (buffer, position, value, field) =>
  writeInt32(buffer, position, checkInt32(value, field)),
);
export const writePackedUint32 = packed(5, false, (buffer, position, value, field) =>
  writeUint32(buffer, position, checkUint32(value, field)),
);
export const writePackedSint32 = packed(5, false, (buffer, position, value, field) =>
  writeSint32(buffer, position, checkInt32(value, field)),
);
export const writePackedBool = packed(1, true, (buffer, position, value) => {
  buffer[position] = value ? 1 : 0;
  return position + 1;
});
export const writePackedFixed32 = packed(4, true, (buffer, position, value, field) =>
  writeFixed32(buffer, position, checkUint32(value, field)),
);
export const writePackedSfixed32 = packed(4, true, (buffer, position, value, field) =>
  writeFixed32(buffer, position, checkInt32(value, field)),
);
export const writePackedFloat = packed(4, true, (buffer, position, value, field) =>
  writeFloat(buffer, position, checkFloat(value, field)),
);
export const writePackedDouble = packed(8, true, (buffer, position, value, field) =>
  writeDouble(buffer, position, checkDouble(value, field)),
);
export const writePackedInt64 = packed(10, false, writeInt64);
export const writePackedUint64 = packed(10, false, writeUint64);
export const writePackedSint64 = packed(10, false, writeSint64);
export const writePackedFixed64 = packed(8, true, writeFixed64);
export const writePackedSfixed64 = packed(8, true, writeSfixed64);
