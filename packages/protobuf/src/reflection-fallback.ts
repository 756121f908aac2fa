/**
 * The codec for runtimes that do not let code be generated: `@bufbuild/protobuf`'s own reflection behind the same contract.
 *
 * It is several times slower, its errors do not know the offset, and a map's key `__proto__` is treated as that library does.
 */
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import type { Codec } from "./codec.js";
import { DecodeError } from "./decode-error.js";
import { EncodeError } from "./encode-error.js";
import { checkIsObject, checkRange } from "./runtime/check-arguments.js";
import { foreignMessage } from "./runtime/check-value.js";
import type { ByteSink } from "./sink.js";

/** Makes a codec that generates no code. */
export function createReflectionCodec<Schema extends DescMessage>(schema: Schema): Codec<Schema> {
  return {
    encode(message: MessageInitShape<Schema>, sink: ByteSink): void {
      const bytes = encodeByReflection(schema, message);
      sink.reserve(bytes.length);
      sink.buffer.set(bytes, sink.position);
      sink.position += bytes.length;
    },
    decode(buffer: Buffer, start: number, end: number): MessageShape<Schema> {
      checkRange(buffer, start, end);
      // A copy: the library's `bytes` fields are views of what it is given.
      const bytes = new Uint8Array(buffer.subarray(start, end));
      try {
        return fromBinary(schema, bytes);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new DecodeError({ typeName: schema.typeName, field: undefined, offset: undefined, reason }, { cause });
      }
    },
  };
}

function encodeByReflection<Schema extends DescMessage>(schema: Schema, message: MessageInitShape<Schema>): Uint8Array {
  checkIsObject(schema, message);
  const typeName: unknown = message.$typeName;
  if (typeof typeName === "string" && typeName !== schema.typeName) throw foreignMessage(schema, typeName);
  try {
    return toBinary(schema, create(schema, message));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EncodeError({ typeName: schema.typeName, field: undefined, reason }, { cause });
  }
}
