/** Finds the codec of a schema: the compiled one, or the one by reflection where code cannot be generated. */
import { type DescMessage, type MessageInitShape, type MessageShape, protoInt64 } from "@bufbuild/protobuf";
import type { Codec } from "./codec.js";
import type { MessageProgram } from "./compile/message-program.js";
import { programOf } from "./compile/program.js";
import { canGenerateCode } from "./compile/source.js";
import { createReflectionCodec } from "./reflection-fallback.js";
import { checkIsObject, checkRange } from "./runtime/check-arguments.js";
import { publicError } from "./runtime/fault.js";
import type { ByteSink } from "./sink.js";

class CompiledCodec<Schema extends DescMessage> implements Codec<Schema> {
  readonly #schema: Schema;
  readonly #program: MessageProgram;

  constructor(schema: Schema) {
    this.#schema = schema;
    this.#program = programOf(schema);
  }

  encode(message: MessageInitShape<Schema>, sink: ByteSink): void {
    checkIsObject(this.#schema, message);
    this.#program.encode(message, sink);
  }

  decode(buffer: Buffer, start: number, end: number): MessageShape<Schema> {
    checkRange(buffer, start, end);
    try {
      return this.#program.decode(buffer, start, end, end, 1, undefined, 0) as MessageShape<Schema>;
    } catch (error) {
      throw publicError(error, this.#schema, start);
    }
  }
}

const codecs = new WeakMap<DescMessage, unknown>();

// The compiled code makes bigints; where the library was told to do without (BUF_BIGINT_DISABLE), its own code decides.
let isCompiled: boolean | undefined;

/**
 * The codec of a schema: always the same one for the same schema.
 *
 * It is compiled when it is first used. Where code cannot be generated from strings, it works by reflection, more slowly.
 */
export function codecOf<Schema extends DescMessage>(schema: Schema): Codec<Schema> {
  let codec = codecs.get(schema) as Codec<Schema> | undefined;
  if (codec === undefined) {
    isCompiled ??= protoInt64.supported && canGenerateCode();
    codec = isCompiled ? new CompiledCodec(schema) : createReflectionCodec(schema);
    codecs.set(schema, codec);
  }
  return codec;
}
