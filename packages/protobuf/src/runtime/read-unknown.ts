/** Keeps what a message type does not know, so that encoding the message again writes it back. */
import type { Message, UnknownField } from "@bufbuild/protobuf";
import { copyBytes } from "./copy-bytes.js";
import { cursor } from "./cursor.js";
import { Fault, truncated } from "./fault.js";
import { readTag, readUint32 } from "./read-varint.js";
import { writeInt32 } from "./write-varint.js";

/** Reads the value of an unknown field behind its tag. `depth` is how many more groups may be nested in it. */
export function readUnknown(buffer: Buffer, start: number, limit: number, tag: number, depth: number): UnknownField {
  const end = skip(buffer, start, limit, tag, depth);
  cursor.position = end;
  return { no: tag >>> 3, wireType: tag & 7, data: copyBytes(buffer, start, end) };
}

/** The index behind a value of any wire type. */
function skip(buffer: Buffer, start: number, limit: number, tag: number, depth: number): number {
  let end = start;
  switch (tag & 7) {
    case 0:
      do {
        if (end >= limit) throw truncated(end + 1, limit);
      } while (((buffer[end++] as number) & 0x80) !== 0);
      return end;
    case 1:
      end += 8;
      break;
    case 2:
      end = readUint32(buffer, start);
      end += cursor.position;
      break;
    case 3:
      return skipGroup(buffer, start, limit, tag >>> 3, depth);
    case 5:
      end += 4;
      break;
    default:
      throw new Fault(`an end tag of group ${tag >>> 3} without a group`, start);
  }
  if (end > limit) throw truncated(end, limit);
  return end;
}

function skipGroup(buffer: Buffer, start: number, limit: number, group: number, depth: number): number {
  if (depth <= 0) throw new Fault("messages and groups are nested more than 100 deep", start);
  let position = start;
  for (;;) {
    const tag = readTag(buffer, position);
    if (cursor.position > limit) throw truncated(cursor.position, limit);
    if (tag < 8 || (tag & 7) > 5) throw new Fault(`${tag} is not a valid tag`, position);
    position = cursor.position;
    if ((tag & 7) !== 4) {
      position = skip(buffer, position, limit, tag, depth - 1);
    } else if (tag >>> 3 === group) {
      return position;
    } else {
      throw new Fault(`group ${group} is closed by the end tag of group ${tag >>> 3}`, position);
    }
  }
}

const scratch = Buffer.alloc(10);

/**
 * Keeps a number that a closed enum does not have, as `@bufbuild/protobuf` 2 does: in the list that the message has at
 * that moment. A list of other unknown fields, which is attached when the message ends, replaces it.
 */
export function keepUnknownEnum(message: Message, tag: number, value: number): void {
  const data = copyBytes(scratch, 0, writeInt32(scratch, 0, value));
  const field: UnknownField = { no: tag >>> 3, wireType: tag & 7, data };
  if (message.$unknown === undefined) message.$unknown = [field];
  else message.$unknown.push(field);
}
